"""What a build did, kept as JSON in the generation that it built."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.building.diff import PassageChange, PlaceChanges
from retrieval.evaluation import regression_gate
from retrieval.types import Finding

REPORT_FILE = "report.json"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """One build: what it replaced, what changed, how the questions went."""

    generation: str
    replaces: str | None
    """The generation that was in service; None for a first build."""
    passages: int
    embedded: int
    """Passages of which something had to be embedded; all others were known."""
    encoder: str
    changes: tuple[PlaceChanges, ...]
    """Counts by place, in the order of the bulletins; places that are gone come last."""
    details: tuple[PassageChange, ...]
    """Every changed passage; none for a first build, to which everything is new."""
    findings: tuple[Finding, ...]
    """What an operator should look at in the files."""
    gate: regression_gate.Verdict | None
    """None where no question with a known answer is about these bulletins."""
    forced: bool
    """Whether the gate was told to let it pass."""
    seconds: dict[str, float]
    """By stage, as far as the build had come when this was written."""


def report_json(report: BuildReport) -> str:
    """The report as it is kept."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"


def read_report(folder: Path) -> BuildReport | None:
    """The report kept in the folder of a generation; None if there is none that can be read."""
    try:
        fields = json.loads((folder / REPORT_FILE).read_text(encoding="utf-8"))
        return BuildReport(
            **{
                **fields,
                "changes": tuple(PlaceChanges(**found) for found in fields["changes"]),
                "details": tuple(PassageChange(**found) for found in fields["details"]),
                "findings": tuple(Finding(**found) for found in fields["findings"]),
                "gate": _verdict(fields["gate"]) if fields["gate"] else None,
            }
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _verdict(fields: dict[str, object]) -> regression_gate.Verdict:
    verdict = regression_gate.Verdict(**fields)  # type: ignore[arg-type]
    outcomes: Mapping[str, regression_gate.Outcome] = {
        key: (hit, quote) for key, (hit, quote) in verdict.outcomes.items()
    }
    return regression_gate.Verdict(**{**fields, "outcomes": outcomes, "lost": tuple(verdict.lost)})  # type: ignore[arg-type]
