"""How questions ended and how long they took; of nobody in particular."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.state.database import Database

ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the questions of some days."""

    counts: dict[str, int]
    """By outcome: answered, or the reason of the refusal."""
    median_ms: float | None
    slow_ms: float | None
    """The 95th percentile: 19 of 20 questions took no longer. None without questions, like the median."""

    @property
    def questions(self) -> int:
        return sum(self.counts.values())


def keep_outcome(database: Database, outcome: str, milliseconds: float) -> None:
    """Count a question."""
    database.write("INSERT INTO outcomes VALUES (?, ?, ?)", (outcome, milliseconds, database.now()))


def outcomes_of_days(database: Database, days: float) -> Outcomes:
    """The outcomes of the last days."""
    since = database.now() - days * 24 * 60 * 60
    rows = database.rows("SELECT outcome, count(*) FROM outcomes WHERE at >= ? GROUP BY outcome", (since,))
    counts = Counter({str(outcome): int(count or 0) for outcome, count in rows})
    return Outcomes(
        dict(counts.most_common()),
        _percentile(database, since, counts.total(), 0.50),
        _percentile(database, since, counts.total(), 0.95),
    )


def _percentile(database: Database, since: float, questions: int, share: float) -> float | None:
    """The nearest-rank percentile: a time that was measured, not one between two."""
    if not questions:
        return None
    rank = max(0, -int(-share * questions // 1) - 1)
    query = "SELECT milliseconds FROM outcomes WHERE at >= ? ORDER BY milliseconds LIMIT 1 OFFSET ?"
    ((found,),) = database.rows(query, (since, rank))
    return float(found or 0.0)
