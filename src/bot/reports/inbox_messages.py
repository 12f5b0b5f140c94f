"""Messages in the chats of admins that show a report, so that they can be changed or emptied when the report changes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state import Database, feedback, upsert


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message that shows a report to an admin."""

    admin: int
    """Id of the admin, which is that of the private chat with them."""
    message: int
    feedback_id: int
    shown: str
    """The state of the report that the message shows."""


# As `state_of`. The answer id is part of it, since SQLite may give the number of a deleted report to a later one.
_STATE = (
    "f.answer_id || '|' || f.verdict || '|' || coalesce(f.reason, '') || '|' || coalesce(f.decision, '') || '|' || "
    "CASE WHEN f.confirmed IS NULL THEN '0' ELSE '1' END"
)


def state_of(report: feedback.Feedback) -> str:
    """The state of a report as a text that changes with all that its message shows."""
    parts = (report.answer_id, report.verdict, report.reason or "", report.decision or "")
    return "|".join((*parts, "1" if report.confirmed else "0"))


def save_message(database: Database, message: InboxMessage) -> None:
    """Save which report a message shows, and in which state."""
    values = (message.admin, message.message, message.feedback_id, message.shown, database.now())
    columns = "admin, message, feedback_id, shown, at"
    database.write(upsert("inbox_messages", "admin, message", columns), values)


def delete_message(database: Database, message: InboxMessage) -> None:
    """Forget a message that shows no report any more."""
    statement = "DELETE FROM inbox_messages WHERE admin = ? AND message = ?"
    database.write(statement, (message.admin, message.message))


def outdated(database: Database) -> tuple[InboxMessage, ...]:
    """The messages whose report is gone, taken back, or in another state than they show; oldest first."""
    query = (
        "SELECT m.admin, m.message, m.feedback_id, m.shown FROM inbox_messages m "  # noqa: S608
        f"LEFT JOIN feedback f ON f.feedback_id = m.feedback_id WHERE (m.shown = {_STATE}) IS NOT TRUE "
        "ORDER BY m.at, m.message"
    )
    return tuple(
        InboxMessage(int(admin or 0), int(message or 0), int(feedback_id or 0), str(shown))
        for admin, message, feedback_id, shown in database.rows(query)
    )


def unsent(database: Database, admin: int) -> tuple[feedback.Feedback, ...]:
    """The reports that wait and that no message shows to the admin, oldest first."""
    rows = database.rows("SELECT feedback_id FROM inbox_messages WHERE admin = ?", (admin,))
    shown = {int(feedback_id or 0) for (feedback_id,) in rows}
    return tuple(report for report in feedback.open_reports(database) if report.feedback_id not in shown)


def report_in(database: Database, admin: int, message: int) -> feedback.Feedback | None:
    """The report that a message shows, or None."""
    query = "SELECT feedback_id FROM inbox_messages WHERE admin = ? AND message = ?"
    rows = database.rows(query, (admin, message))
    return feedback.feedback_by_id(database, int(rows[0][0] or 0)) if rows else None


def next_report(database: Database, feedback_id: int) -> feedback.Feedback | None:
    """The next report that waits after the one of the id, else the first other one; None if none waits."""
    waiting = [report for report in feedback.open_reports(database) if report.feedback_id != feedback_id]
    later = [report for report in waiting if report.feedback_id > feedback_id]
    return next(iter(later or waiting), None)
