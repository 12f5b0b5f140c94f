"""Verdicts of people on answers, and the evaluation questions that an operator made of them."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.state.answers import answer_by_id
from bot.state.database import Database, Row
from bot.state.records import QuotedSpan, Verdict
from bot.state.serialization import decode_quotes, encode_quotes, storable

logger = logging.getLogger(__name__)

_COLUMNS = "feedback_id, verdict, question, generation, quotes, at, confirmed"


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


def save_verdict(database: Database, answer_id: str, person: int, verdict: Verdict) -> bool:
    """Save or replace a person's verdict on an answer; False if the answer has been pruned."""
    answer = answer_by_id(database, answer_id)
    if answer is None:
        return False
    question, quotes = storable(answer.turn.question), encode_quotes(answer.quotes)
    now = database.now()
    values = (answer_id, person, answer.user_id, verdict.value, question, answer.generation, quotes, now)
    database.write(
        "INSERT INTO feedback (answer_id, person, asker, verdict, question, generation, quotes, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (answer_id, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at, confirmed = NULL",
        values,
    )
    return True


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


def count_verdicts(database: Database) -> dict[Verdict, int]:
    """Number of saved verdicts of each kind, zeros included."""
    rows = database.rows("SELECT verdict, count(*) FROM feedback GROUP BY verdict")
    counts = {str(verdict): int(count or 0) for verdict, count in rows}
    return {verdict: counts.get(verdict.value, 0) for verdict in Verdict}


def _feedback(row: Row) -> Feedback:
    feedback_id, verdict, question, generation, quotes, at, confirmed = row
    return Feedback(
        feedback_id=int(feedback_id or 0),
        verdict=Verdict(str(verdict)),
        question=str(question),
        generation=str(generation),
        quotes=decode_quotes(str(quotes)),
        at=float(at or 0.0),
        confirmed=None if confirmed is None else str(confirmed),
    )
