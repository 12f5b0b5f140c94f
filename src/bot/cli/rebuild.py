"""`bulletin-bot rebuild`: a build with its progress, a dry run, and a build after every change."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console

from bot.cli.progress import changes_table, show_report, shown_progress
from bot.operations import rebuilding, watch
from bot.output import finding_text, left_out_text
from bot.settings import Settings
from retrieval.building import diff
from retrieval.types import Finding

_STOPPED = "Stopped: what was in service still is; what was embedded is kept for the next rebuild.\n"


def rebuild(settings: Settings, console: Console, *, full: bool, force: bool) -> None:
    """Build once and print a report; raises BulletinBotError for faults that the operator can mend."""
    with shown_progress(console) as progress:
        report = rebuilding.build(settings, full=full, force=force, progress=progress)
    _show_findings(report.findings, console)
    _show_left_out(report.left_out, console)
    show_report(report, console)


def rebuild_on_change(settings: Settings, console: Console, *, force: bool) -> None:
    """Build now if the bulletins changed, and whenever they have changed and settled, until Ctrl-C."""
    console.print(f"Watching {settings.bulletins_dir}; Ctrl-C ends it.", markup=False, highlight=False)

    def complain(sentence: str) -> None:
        console.print(sentence, style="red", markup=False, highlight=False)

    watch(settings, lambda: rebuild(settings, console, full=False, force=force), complain, threading.Event())


@contextmanager
def stopped_cleanly() -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into an orderly end of this context, with a sentence and the usual exit status."""
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED)
        raise SystemExit(128 + (received[-1] if received else signal.SIGINT)) from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def check(settings: Settings, console: Console) -> None:
    """Print the changes that a rebuild would make, and build nothing."""
    reading = rebuilding.read_bulletins(settings.bulletins_dir)
    _show_findings(reading.findings, console)
    _show_left_out(reading.left_out_counts, console)
    before = settings.index_home().last_whole()
    passages = before.passages if before else ()
    console.print(changes_table(diff.compare(passages, reading.passages)))
    if redated := diff.count_redated(passages, reading.passages):
        console.print(f"another date or issue number, the text unchanged: {redated}", markup=False)


def _show_findings(findings: tuple[Finding, ...], console: Console) -> None:
    for finding in findings:
        console.print(f"• {finding_text(finding)}", style="yellow", markup=False)


def _show_left_out(counts: Mapping[str, int], console: Console) -> None:
    console.print(
        f"{left_out_text(counts)}; see `bulletin-bot outline --left-out`", style="dim", markup=False
    )
