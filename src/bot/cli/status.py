"""`bulletin-bot status`: the index in service, checks of its files, the last changes, and the build under way."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from bot.cli.progress import changed_lines, changes_table, gate_line
from bot.output import json_line, terminal
from bot.settings import Settings
from retrieval.building import reports
from retrieval.index import generations
from retrieval.storage import lock, manifests


def show_status(settings: Settings, *, as_json: bool) -> None:
    """Print the status; raises BulletinBotError if a part of the index in service is damaged."""
    facts = _facts(settings)
    report = reports.read_report(settings.index_dir / str(facts["generation"]))
    if as_json:
        facts["changes"] = asdict(report)["changes"] if report else []
        facts["details"] = asdict(report)["details"] if report else []
        facts["questions"] = gate_line(report) if report else ""
        sys.stdout.write(json_line(facts) + "\n")
        return
    console = terminal()
    table = Table("what", "value", show_header=False)
    for name, value in facts.items():
        table.add_row(name, ", ".join(value) if isinstance(value, list) else str(value))
    console.print(table)
    if report:
        _show_changes(report, console)


def _facts(settings: Settings) -> dict[str, object]:
    indexes = generations.served(settings.index_dir)
    folder = settings.index_dir / indexes[0]
    manifest = manifests.read_manifest(folder)
    manifests.check_parts(folder, manifest)
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.built_at)
    holder = lock.holder_of(settings.index_dir)
    return {
        "generation": manifest.generation,
        "built_at": manifest.built_at,
        "age_seconds": round(age.total_seconds()),
        "encoder": manifest.encoder,
        "dimension": manifest.dimension,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "sources": list(manifest.sources),
        "checks": f"{len(manifest.parts)} parts whole",
        "generations": list(indexes),
        "refused": [folder.name for folder in generations.refused_folders(settings.index_dir)],
        "builder": str(holder) if holder else "nobody builds",
    }


def _show_changes(report: reports.BuildReport, console: Console) -> None:
    since = f"since {report.replaces}" if report.replaces else "the first build: everything is new"
    console.print(f"What changed, {since}:")
    console.print(changes_table(report.changes))
    for line in (*changed_lines(report.details), gate_line(report)):
        if line:
            console.print(line, markup=False)
