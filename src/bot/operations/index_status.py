"""The index in service as facts for programs: counts, checks of its files, the last changes, the build under way."""

from __future__ import annotations

import functools
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from retrieval.building import reports
from retrieval.index import generations
from retrieval.storage import lock, manifests


def index_facts(settings: Settings) -> dict[str, object]:
    """The facts of the generation in service; raises BulletinBotError if a part of it is damaged."""
    indexes = generations.served(settings.index_dir)
    folder = settings.index_dir / indexes[0]
    manifest = manifests.read_manifest(folder)
    manifests.check_parts(folder, manifest)
    return _facts(settings, manifest, indexes)


def facts_with_changes(settings: Settings) -> dict[str, object]:
    """The facts with the changes of the last build, as `status --json` gives them; the files are checked once a generation."""
    indexes = generations.served(settings.index_dir)
    facts = _facts(settings, _checked_manifest(settings.index_dir / indexes[0]), indexes)
    return facts | report_facts(reports.read_report(settings.index_dir / indexes[0]))


def report_facts(report: reports.BuildReport | None) -> dict[str, object]:
    """The changes of a build, and its result on the questions with known answers."""
    return {
        "changes": asdict(report)["changes"] if report else [],
        "details": asdict(report)["details"] if report else [],
        "questions": gate_line(report) if report else "",
    }


def gate_line(report: reports.BuildReport) -> str:
    """The result of the questions with known answers; empty if there are none."""
    gate = report.gate
    if gate is None:
        return ""
    passed = "passed" if gate.passed else "let pass by --force" if report.forced else "not passed"
    return (
        f"{len(gate.outcomes)} questions with known answers, {passed}: in the first three hits "
        f"{gate.hits_after:.1%} (before {gate.hits_before:.1%}), in the quotes {gate.quotes_after:.1%} "
        f"(before {gate.quotes_before:.1%})."
    )


# A generation never changes, and hashing a large one takes seconds: a program may ask once a second.
@functools.lru_cache(maxsize=1)
def _checked_manifest(folder: Path) -> manifests.Manifest:
    manifest = manifests.read_manifest(folder)
    manifests.check_parts(folder, manifest)
    return manifest


def _facts(settings: Settings, manifest: manifests.Manifest, indexes: tuple[str, ...]) -> dict[str, object]:
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
