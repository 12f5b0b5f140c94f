"""The report of a build, stored as JSON in the generation that it built."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from retrieval.building.diff import PassageChange, PlaceChanges
from retrieval.evaluation import regression_gate
from retrieval.types import Finding

REPORT_FILE = "report.json"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The report of one build: the generation it replaces, the changes, the verdict of the regression gate."""

    generation: str
    replaces: str | None
    """The generation that was in service; None for a first build."""
    passages: int
    embedded: int
    """Passages with a text that had to be embedded."""
    encoder: str
    changes: tuple[PlaceChanges, ...]
    """Counts by place, in the order of the bulletins; places that are gone come last."""
    details: tuple[PassageChange, ...]
    """Every changed passage; none for a first build."""
    findings: tuple[Finding, ...]
    """Problems in the files for the operator to look at."""
    gate: regression_gate.Verdict | None
    """None if no evaluation question is about these bulletins."""
    forced: bool
    """Whether the generation serves regardless of the gate."""
    seconds: dict[str, float]
    """By stage, up to the writing of the report."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Lines of the files that are in no passage and no heading, by reason."""
    full: bool = False
    """Whether every passage was embedded anew, as `rebuild --full` does."""
    encoder_before: str | None = None
    """The encoder of the generation that it replaces; None for a first build, and in reports of earlier versions."""


def report_json(report: BuildReport) -> str:
    """The report as JSON text."""
    fields = asdict(report)
    if report.gate:
        fields["gate"]["lost"] = fields["gate"].pop("regressions")
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def read_report(folder: Path) -> BuildReport | None:
    """The report in the folder of a generation; None if it is missing or unreadable."""
    try:
        return report_from_json((folder / REPORT_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def report_from_json(text: str) -> BuildReport | None:
    """The report of its JSON text; None if it is unreadable."""
    try:
        fields = json.loads(text)
        return BuildReport(
            **{
                **fields,
                "changes": tuple(PlaceChanges(**change) for change in fields["changes"]),
                "details": tuple(PassageChange(**change) for change in fields["details"]),
                "findings": tuple(Finding(**finding) for finding in fields["findings"]),
                "gate": _verdict(fields["gate"]) if fields["gate"] else None,
            }
        )
    except (ValueError, KeyError, TypeError):
        return None


def _verdict(fields: dict[str, Any]) -> regression_gate.Verdict:
    """The verdict of its JSON, in which the regressions are called "lost"."""
    outcomes = {key: (hit, quote) for key, (hit, quote) in fields.pop("outcomes").items()}
    return regression_gate.Verdict(outcomes=outcomes, regressions=tuple(fields.pop("lost")), **fields)
