"""Verdicts of people on answers, and what an operator has confirmed of them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state.answers import answer_of_id
from bot.state.database import Database, Row
from bot.state.records import QuotedSpan, Verdict
from bot.state.serialization import decode_quotes, encode_quotes, storable

_COLUMNS = "feedback_id, verdict, question, generation, quotes, at, confirmed"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict with the question, as it stands alone, and what was quoted for it."""

    feedback_id: int
    verdict: Verdict
    question: str
    generation: str
    quotes: tuple[QuotedSpan, ...]
    """Best first; empty for a refusal."""
    at: float
    """Seconds since 1970."""
    confirmed: str | None
    """The line of evaluation questions (JSON) that an operator has made of it."""


def keep_verdict(database: Database, answer_id: str, person: int, verdict: Verdict) -> bool:
    """Keep what a person thinks of an answer, in place of what they thought before; False if it is forgotten."""
    answer = answer_of_id(database, answer_id)
    if answer is None:
        return False
    question, quotes = storable(answer.turn.question), encode_quotes(answer.quotes)
    values = (answer_id, person, verdict.value, question, answer.generation, quotes, database.now())
    database.write(
        "INSERT INTO feedback (answer_id, person, verdict, question, generation, quotes, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (answer_id, person) DO UPDATE SET verdict = excluded.verdict, at = excluded.at, confirmed = NULL",
        values,
    )
    return True


def all_feedback(database: Database) -> tuple[Feedback, ...]:
    """Every verdict, oldest first."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM feedback ORDER BY feedback_id")  # noqa: S608
    return tuple(map(_feedback, rows))


def feedback_of_id(database: Database, feedback_id: int) -> Feedback | None:
    """The verdict of that number, or None."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM feedback WHERE feedback_id = ?", (feedback_id,))  # noqa: S608
    return _feedback(rows[0]) if rows else None


def confirm(database: Database, feedback_id: int, line: str) -> None:
    """Keep the evaluation question that an operator has made of a verdict."""
    database.write("UPDATE feedback SET confirmed = ? WHERE feedback_id = ?", (line, feedback_id))


def count_verdicts(database: Database) -> dict[Verdict, int]:
    """How many of each verdict are kept."""
    rows = database.rows("SELECT verdict, count(*) FROM feedback GROUP BY verdict")
    counts = {str(verdict): int(count or 0) for verdict, count in rows}
    return {verdict: counts.get(verdict.value, 0) for verdict in Verdict}


def _feedback(row: Row) -> Feedback:
    feedback_id, verdict, question, index, quotes, at, confirmed = row
    return Feedback(
        feedback_id=int(feedback_id or 0),
        verdict=Verdict(str(verdict)),
        question=str(question),
        generation=str(index),
        quotes=decode_quotes(str(quotes)),
        at=float(at or 0.0),
        confirmed=None if confirmed is None else str(confirmed),
    )
