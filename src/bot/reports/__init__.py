"""Verdicts of people on answers, and the inbox in which admins see it; and the deletion of all that is kept of a person.

In: presses, commands and `Services`. Out: saved verdicts and decisions, messages to admins, evaluation questions.
"""

from bot.reports.inbox_copies import update_inbox
from bot.reports.registry import register_report_handlers
from bot.reports.verdicts import with_verdicts

__all__ = [
    "register_report_handlers",
    "update_inbox",
    "with_verdicts",
]
