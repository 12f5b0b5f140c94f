"""The index in service as facts for programs: counts, checks of its files, the last changes, the build under way."""

from __future__ import annotations

import functools
from dataclasses import asdict
from datetime import UTC, datetime

from bot.settings import Settings
from retrieval.building import reports
from retrieval.index import homes
from retrieval.storage import manifests


def index_facts(settings: Settings) -> dict[str, object]:
    """The facts of the generation in service; raises BulletinBotError if a part of it is damaged."""
    home = settings.index_home()
    return _facts(home, home.manifest(), home.check())


def facts_with_changes(settings: Settings) -> dict[str, object]:
    """The facts with the changes of the last build, as `status --json` gives them; the files are checked once a generation."""
    home = settings.index_home()
    return _facts(home, *_checked(home, home.served()[0])) | report_facts(report_in_service(settings))


def report_in_service(settings: Settings) -> reports.BuildReport | None:
    """The report of the build that is in service; None if it is missing or unreadable."""
    return reports.report_from_json(settings.index_home().document(reports.REPORT_FILE) or "")


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
def _checked(home: homes.IndexHome, _generation: str) -> tuple[manifests.Manifest, str]:
    """The manifest, and what was checked."""
    return home.manifest(), home.check()


def _facts(home: homes.IndexHome, manifest: manifests.Manifest, checks: str) -> dict[str, object]:
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.built_at)
    return {
        "generation": manifest.generation,
        "built_at": manifest.built_at,
        "age_seconds": round(age.total_seconds()),
        "encoder": manifest.encoder,
        "dimension": manifest.dimension,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "sources": list(manifest.sources),
        "checks": checks,
        "generations": list(home.served()),
        "refused": list(home.refused()),
        "builder": home.builder() or "nobody builds",
    }
