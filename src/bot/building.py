"""`bulletin-bot rebuild`: one build with its progress, what one would change, and one after every change."""

from __future__ import annotations

from rich.console import Console

from bot.build_display import changes_table, show_report, shown_progress
from bot.outlines import finding_text
from bot.rebuild import build, read_bulletins
from bot.settings import Settings
from retrieval.changes import compare
from retrieval.generations import last_whole
from retrieval.types import Finding


def rebuild(settings: Settings, console: Console, *, full: bool, force: bool) -> None:
    """Build once and say what was done; raises BulletinBotError for what the operator can mend."""
    with shown_progress(console) as progress:
        report = build(settings, full=full, force=force, progress=progress)
    _show_findings(report.findings, console)
    show_report(report, console)


def check(settings: Settings, console: Console) -> None:
    """Say what a rebuild would change, and build nothing."""
    reading = read_bulletins(settings.bulletins_dir)
    _show_findings(reading.findings, console)
    before = last_whole(settings.index_dir)
    console.print(changes_table(compare(before.passages if before else (), reading.passages)))


def _show_findings(findings: tuple[Finding, ...], console: Console) -> None:
    for finding in findings:
        console.print(f"• {finding_text(finding)}", style="yellow", markup=False)
