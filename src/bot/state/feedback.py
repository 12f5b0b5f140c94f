"""Verdicts of people on answers, and the evaluation questions that an operator made of them."""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.state.answers import answer_by_id
from bot.state.database import Database, Row
from bot.state.records import Decision, QuotedSpan, Reason, Verdict
from bot.state.serialization import decode_quotes, encode_quotes, storable

logger = logging.getLogger(__name__)

_COLUMNS = "feedback_id, answer_id, verdict, question, generation, quotes, at, confirmed, reason, decision"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict, the stand-alone question that it is about, and the quotes of the answer."""

    feedback_id: int
    verdict: Verdict
    question: str
    generation: str
    quotes: tuple[QuotedSpan, ...]
    """Best first; empty for a refusal."""
    at: float
    """Seconds since 1970."""
    confirmed: str | None
    """JSON line of the evaluation question that an operator made of it, or None."""
    answer_id: str = ""
    reason: Reason | None = None
    """Of a thumbs-down, once the person gave one."""
    decision: Decision | None = None
    """Of an admin; None while the report waits in the inbox."""

    @property
    def is_report(self) -> bool:
        """Whether it says that something is wrong."""
        return self.verdict is not Verdict.GOOD


def save_verdict(database: Database, answer_id: str, person: int, verdict: Verdict) -> bool:
    """Save or replace a person's verdict on an answer; False if the answer has been pruned."""
    answer = answer_by_id(database, answer_id)
    if answer is None:
        return False
    question, quotes = storable(answer.question), encode_quotes(answer.quotes)
    now = database.now()
    values = (answer_id, person, answer.user_id, verdict.value, question, answer.generation, quotes, now)
    database.write(
        "INSERT INTO feedback (answer_id, person, asker, verdict, question, generation, quotes, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (answer_id, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at, "
        "confirmed = NULL, reason = NULL, decision = NULL",
        values,
    )
    return True


def save_reason(database: Database, answer_id: str, person: int, reason: Reason) -> bool:
    """Save why a person gave a thumbs-down; False if they gave none, or took it back."""
    statement = (
        "UPDATE feedback SET reason = ?, decision = NULL WHERE answer_id = ? AND person = ? AND verdict = ?"
    )
    return bool(database.write(statement, (reason.value, answer_id, person, Verdict.BAD.value)))


def withdraw_verdict(database: Database, answer_id: str, person: int) -> None:
    """Delete a person's verdict on an answer."""
    database.write("DELETE FROM feedback WHERE answer_id = ? AND person = ?", (answer_id, person))


def verdicts_on(database: Database, answer_id: str) -> dict[int, Verdict]:
    """The verdicts on an answer by the person who gave them."""
    rows = database.rows("SELECT person, verdict FROM feedback WHERE answer_id = ?", (answer_id,))
    return {int(person or 0): Verdict(str(verdict)) for person, verdict in rows}


def save_decision(database: Database, feedback_id: int, decision: Decision) -> None:
    """Save an admin's judgement of the reported answer."""
    database.write("UPDATE feedback SET decision = ? WHERE feedback_id = ?", (decision.value, feedback_id))


def open_reports(database: Database) -> tuple[Feedback, ...]:
    """The reports that no admin has judged, oldest first."""
    query = (
        f"SELECT {_COLUMNS} FROM feedback WHERE verdict != ? AND decision IS NULL AND confirmed IS NULL "  # noqa: S608
        "ORDER BY feedback_id"
    )
    return tuple(report for row in database.rows(query, (Verdict.GOOD.value,)) if (report := _readable(row)))


def all_feedback(database: Database) -> tuple[Feedback, ...]:
    """All verdicts, oldest first."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM feedback ORDER BY feedback_id")  # noqa: S608
    return tuple(feedback for row in rows if (feedback := _readable(row)))


def _readable(row: Row) -> Feedback | None:
    """The verdict in the row; None, and a line in the log, if the row is damaged."""
    try:
        return _feedback(row)
    except (ValueError, TypeError) as error:
        logger.warning("Feedback %s cannot be read and is passed over: %s", row[0], error)
        return None


def feedback_by_id(database: Database, feedback_id: int) -> Feedback | None:
    """The verdict with the id, or None."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM feedback WHERE feedback_id = ?", (feedback_id,))  # noqa: S608
    return _readable(rows[0]) if rows else None


def save_confirmation(database: Database, feedback_id: int, line: str) -> None:
    """Save the evaluation question (a JSON line) that an operator made of a verdict."""
    database.write("UPDATE feedback SET confirmed = ? WHERE feedback_id = ?", (line, feedback_id))


def delete_quoting(database: Database, passage_ids: AbstractSet[str]) -> tuple[int, int]:
    """Delete the answers and the verdicts that quote any of the passages, also from the write-ahead log.

    Returns the number of each. Quotes of them in baskets go too, and damaged files that were set aside are deleted whole.
    """
    with database.transaction():
        for passage_id in passage_ids:
            database.write("DELETE FROM basket WHERE passage = ?", (passage_id,))
        counts = tuple(_delete_quoting(database, table, passage_ids) for table in ("answers", "feedback"))
    database.truncate_log()
    database.delete_damaged_copies()
    return counts[0], counts[1]


def _delete_quoting(database: Database, table: str, passage_ids: AbstractSet[str]) -> int:
    rows = database.rows(f"SELECT rowid, quotes FROM {table}")  # noqa: S608
    quoting = [rowid for rowid, quotes in rows if _quotes_any(str(quotes), passage_ids)]
    for rowid in quoting:
        database.write(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))  # noqa: S608
    return len(quoting)


def _quotes_any(quotes: str, passage_ids: AbstractSet[str]) -> bool:
    """Whether the JSON of a row quotes any of the passages; one that cannot be read may."""
    try:
        return any(quote.passage_id in passage_ids for quote in decode_quotes(quotes))
    except (ValueError, TypeError):
        return True


def count_verdicts(database: Database) -> dict[Verdict, int]:
    """Number of saved verdicts of each kind, zeros included."""
    rows = database.rows("SELECT verdict, count(*) FROM feedback GROUP BY verdict")
    counts = {str(verdict): int(count or 0) for verdict, count in rows}
    return {verdict: counts.get(verdict.value, 0) for verdict in Verdict}


def _feedback(row: Row) -> Feedback:
    feedback_id, answer_id, verdict, question, generation, quotes, at, confirmed, reason, decision = row
    return Feedback(
        feedback_id=int(feedback_id or 0),
        verdict=Verdict(str(verdict)),
        question=str(question),
        generation=str(generation),
        quotes=decode_quotes(str(quotes)),
        at=float(at or 0.0),
        confirmed=None if confirmed is None else str(confirmed),
        answer_id=str(answer_id),
        reason=None if reason is None else Reason(str(reason)),
        decision=None if decision is None else Decision(str(decision)),
    )
