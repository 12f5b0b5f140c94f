"""`bulletin-bot status`: the index in service, checks of its files, the last changes, and the build under way."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from bot.cli.progress import changed_lines, changes_table
from bot.operations import index_status
from bot.output import json_line, terminal
from bot.settings import Settings
from retrieval.building import reports


def show_status(settings: Settings, *, as_json: bool) -> None:
    """Print the status; raises BulletinBotError if a part of the index in service is damaged."""
    facts = index_status.index_facts(settings)
    report = index_status.report_in_service(settings)
    if as_json:
        sys.stdout.write(json_line(facts | index_status.report_facts(report)) + "\n")
        return
    console = terminal()
    table = Table("what", "value", show_header=False)
    for name, value in facts.items():
        table.add_row(name, ", ".join(value) if isinstance(value, list) else str(value))
    console.print(table)
    if report:
        _show_changes(report, console)


def _show_changes(report: reports.BuildReport, console: Console) -> None:
    since = f"since {report.replaces}" if report.replaces else "the first build: everything is new"
    console.print(f"What changed, {since}:")
    console.print(changes_table(report.changes))
    for line in (*changed_lines(report.details), index_status.gate_line(report)):
        if line:
            console.print(line, markup=False)
