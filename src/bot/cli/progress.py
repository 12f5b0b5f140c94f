"""Progress and report of a build: bars on a terminal, else plain lines; a table of changes at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from bot.operations import index_status
from retrieval.building import diff, reports
from retrieval.progress import Progress, Stage, TimeLeft

_COUNTED = ("passages", "added", "changed", "removed")
_LINE_EVERY = 10.0  # seconds; a log of an hour stays short
_SHOWN_CHANGES = 10
_SHOWN_TEXT = 60


@contextmanager
def shown_progress(console: Console) -> Iterator[Progress]:
    """A progress callback that shows the stages of a build on the console, within this context."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console) as bars:
        yield _Bars(bars)


class _RateColumn(ProgressColumn):
    """The rate, per second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


class _Bars:
    """One bar a stage, added at its first report."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[Stage, TaskID] = {}

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage.value, total=total)
        self._bars.update(self._tasks[stage], completed=done)


class _Lines:
    """One line at the end of each stage, and every ten seconds of a long one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = self._shown = time.monotonic()
        self._left = TimeLeft()

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        now = time.monotonic()
        left = self._left.seconds(stage, done, total, now)
        if done == 0 and total:
            self._started = self._shown = now
        elif done == total or now - self._shown >= _LINE_EVERY:
            self._shown = now
            line = _line(stage, done, total, now - self._started)
            if left is not None:
                line += f", {_duration(left)} left"
            self._console.print(line, markup=False, highlight=False)


def _line(stage: Stage, done: int, total: int, seconds: float) -> str:
    line = f"{stage.value} {done}/{total}"
    if not done or seconds <= 0:
        return line
    took = f", {seconds:.1f} s" if done == total else ""
    return f"{line}, {done / seconds:.1f}/s{took}"


def _duration(seconds: float) -> str:
    """A rounded duration: 45 s, 12 min, 3 h 20 min."""
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def show_report(report: reports.BuildReport, console: Console) -> None:
    """Print the report of a build."""
    console.print(changes_table(report.changes))
    for line in changed_lines(report.details):
        console.print(line, markup=False, highlight=False)
    if report.gate:
        console.print(index_status.gate_line(report), markup=False, highlight=False)
    console.print(
        f"Generation {report.generation} is in service: {report.passages} passages, "
        f"{report.embedded} of them embedded, {report.encoder}.",
        markup=False,
        highlight=False,
    )


def changed_lines(details: tuple[diff.PassageChange, ...]) -> Iterator[str]:
    """The first changes with their old and new text, one a line, then the number of the others."""
    for change in details[:_SHOWN_CHANGES]:
        path = "·".join(filter(None, (change.bulletin, change.place, change.section)))
        texts = " → ".join(_short(text) for text in (change.before, change.after) if text is not None)
        yield f"{change.kind}: {path}: {texts}"
    if len(details) > _SHOWN_CHANGES:
        yield f"… and {len(details) - _SHOWN_CHANGES} more"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_TEXT else text[:_SHOWN_TEXT] + "…"


def changes_table(changes: tuple[diff.PlaceChanges, ...]) -> Table:
    """Counts of changed passages, one row a place, with the sums below."""
    table = Table("place", *_COUNTED, show_footer=True)
    sums = [sum(getattr(change, name) for change in changes) for name in _COUNTED]
    for column, total in zip(table.columns[1:], sums, strict=True):
        column.justify = "right"
        column.footer = str(total)
    table.columns[0].footer = "all"
    for change in changes:
        counts = (getattr(change, name) for name in _COUNTED)
        table.add_row(change.place or "—", *map(str, counts))
    return table
