"""The rebuild as an operator sees it: bars while it works, a table by place at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from bot.outlines import finding_text
from bot.settings import Settings
from retrieval.changes import PlaceChanges, compare
from retrieval.documents import find_files
from retrieval.generation import Generation, load_generation
from retrieval.generations import current_folder, has_current
from retrieval.index import Progress, no_progress
from retrieval.passages import read_collection
from retrieval.types import BulletinBotError, Finding, Reading


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    passages: int
    encoder: str
    changes: tuple[PlaceChanges, ...]
    findings: tuple[Finding, ...]


def build(settings: Settings, *, full: bool = False, progress: Progress = no_progress) -> BuildReport:
    """Read, embed what is new (or all), write and put into service.

    Raises BulletinBotError for what the operator can mend.
    """
    from retrieval.encoder import load_encoder
    from retrieval.index import build_generation, write_generation

    reading = _read(settings)
    before = _in_service(settings.index_dir)
    encoder = load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)
    parts = build_generation(reading.passages, encoder, progress, None if full else before)
    folder = settings.bulletins_dir
    sources = {path.relative_to(folder).as_posix(): path for path in find_files(folder)}
    generation = write_generation(parts, encoder, settings.index_dir, sources)
    changes = _changes(before, reading)
    return BuildReport(generation.name, len(reading.passages), encoder.name, changes, reading.findings)


def rebuild(settings: Settings, console: Console, *, full: bool) -> None:
    """Build with bars and say what was done; raises BulletinBotError for what the operator can mend."""
    with _bars(console) as progress:
        report = build(settings, full=full, progress=progress)
    _show_findings(report.findings, console)
    console.print(changes_table(report.changes))
    console.print(
        f"Generation {report.generation} is in service: {report.passages} passages, {report.encoder}."
    )


def check(settings: Settings, console: Console) -> None:
    """Say what a rebuild would change, and build nothing."""
    reading = _read(settings)
    _show_findings(reading.findings, console)
    console.print(changes_table(_changes(_in_service(settings.index_dir), reading)))


def _show_findings(findings: Iterable[Finding], console: Console) -> None:
    for finding in findings:
        console.print(f"• {finding_text(finding)}", style="yellow", markup=False)


def _read(settings: Settings) -> Reading:
    reading = read_collection(settings.bulletins_dir)
    if not reading.passages:
        raise BulletinBotError(
            f"Nothing to index in {settings.bulletins_dir}: put bulletins there, for example a .txt."
        )
    return reading


def _in_service(index_folder: Path) -> Generation | None:
    """What is served now; None if there is nothing, or nothing that can be read."""
    if not has_current(index_folder):
        return None
    try:
        return load_generation(current_folder(index_folder))
    except BulletinBotError:
        return None


def _changes(before: Generation | None, reading: Reading) -> tuple[PlaceChanges, ...]:
    return compare(before.passages if before else (), reading.passages)


@contextmanager
def _bars(console: Console) -> Iterator[_Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as bars:
        yield _Report(bars)


class _Report:
    """A bar for each stage, made when the stage first reports."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total)
        self._bars.update(self._tasks[stage], completed=done)


def changes_table(changes: tuple[PlaceChanges, ...]) -> Table:
    """A row a place, with the sum below."""
    table = Table("place", *("passages", "added", "changed", "removed"), show_footer=True)
    sums = [
        sum(getattr(change, name) for change in changes)
        for name in ("passages", "added", "changed", "removed")
    ]
    for column, total in zip(table.columns[1:], sums, strict=True):
        column.justify = "right"
        column.footer = str(total)
    table.columns[0].footer = "all"
    for change in changes:
        counts = (change.passages, change.added, change.changed, change.removed)
        table.add_row(change.place or "—", *map(str, counts))
    return table
