"""Result of a comparison, saved as JSON and shown as a table."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from benchmarks.peers.comparison import Hits, QuestionSets, Row


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of one run, with the machine, versions and questions."""

    date: str
    commit: str
    machine: str
    python: str
    questions: dict[str, int]
    """Number of questions by file; those without an answer in the bulletins are not asked."""
    passages: int
    versions: dict[str, dict[str, str]]
    """By environment."""
    rows: tuple[Row, ...]

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Report:
        fields = json.loads(text)
        return cls(**{**fields, "rows": tuple(_row(row) for row in fields["rows"])})


def _row(fields: dict[str, object]) -> Row:
    hits = fields.pop("hits")
    assert isinstance(hits, dict)
    return Row(**fields, hits={name: Hits(**shares) for name, shares in hits.items()})  # type: ignore[arg-type]


def report_of(
    sets: QuestionSets, passages: int, versions: Mapping[str, dict[str, str]], rows: Sequence[Row]
) -> Report:
    """Report of a run that ends now on this machine."""
    return Report(
        date=datetime.now(UTC).date().isoformat(),
        commit=commit(),
        machine=f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        python=platform.python_version(),
        questions={name: len(questions) for name, questions in sets.items()},
        passages=passages,
        versions=dict(versions),
        rows=tuple(rows),
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )


def commit() -> str:
    """Short hash of the checked-out commit, with "-dirty" if files differ from it; "unknown" outside a repository."""
    git = shutil.which("git")
    command = [git or "git", "describe", "--always", "--dirty", "--abbrev=7", "--exclude=*"]
    completed = subprocess.run(command, capture_output=True, text=True, check=False) if git else None
    return completed.stdout.strip() if completed and completed.returncode == 0 else "unknown"


def table_of(report: Report) -> Table:
    """Table with a row for each candidate; a megabyte is a million bytes."""
    table = Table("", "", title=_title(report))
    for name in report.questions:
        table.add_column(f"{name.removeprefix('questions').strip('_') or 'development'}\nhit@1, hit@3")
    for column in ("same in\nboth scripts", "build\ns", "query, p50, p95\nms", "memory, over bare\nMB"):
        table.add_column(column, justify="right")
    table.add_column("installed, without torch\nMB", justify="right")
    for row in report.rows:
        table.add_row(*_cells(row, report.questions))
    return table


def _title(report: Report) -> str:
    counts = " + ".join(map(str, report.questions.values()))
    return (
        f"{report.passages} passages, {counts} questions, {report.date}, {report.commit}, {report.machine}, "
        f"Python {report.python}"
    )


def _cells(row: Row, questions: Mapping[str, int]) -> list[str]:
    return [
        row.name,
        row.form,
        *(f"{row.hits[name].at_1:.3f} {row.hits[name].at_3:.3f}" for name in questions),
        f"{row.same_first_hit:.3f}",
        f"{row.build_seconds:.1f}",
        f"{row.query_milliseconds:.2f} {row.query_milliseconds_95:.2f}",
        f"{row.resident_megabytes:.0f} {row.over_bare_megabytes:.0f}",
        f"{row.installed_megabytes:.0f} {row.installed_without_torch_megabytes:.0f}",
    ]
