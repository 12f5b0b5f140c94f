"""Anonymous statistics of questions: outcome and response time, one row a question."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.state.database import Database

ANSWERED = "answered"
_REQUESTS = "wording_requests"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts and response times of the questions of a period."""

    counts: dict[str, int]
    """Questions by outcome (`ANSWERED` or the reason of the refusal), most frequent first."""
    median_ms: float | None
    """None without questions."""
    slow_ms: float | None
    """The 95th percentile; None without questions."""

    @property
    def questions(self) -> int:
        return sum(self.counts.values())


def save_outcome(database: Database, outcome: str, milliseconds: float) -> None:
    """Add the outcome and response time of one question."""
    values = (outcome, milliseconds, database.now())
    database.write("INSERT INTO outcomes (outcome, milliseconds, at) VALUES (?, ?, ?)", values)


def take_request(database: Database, most: int) -> bool:
    """Take one request to a language model off the limit of the day (UTC); False if none is left."""
    today = datetime.fromtimestamp(database.now(), UTC).date().isoformat()
    database.write("INSERT INTO keys (purpose, key) VALUES (?, '') ON CONFLICT DO NOTHING", (_REQUESTS,))
    while True:
        ((before,),) = database.rows("SELECT key FROM keys WHERE purpose = ?", (_REQUESTS,))
        day, _, number = str(before).partition(" ")
        made = int(number) if day == today and number.isdecimal() else 0
        if made >= most:
            return False
        values = (f"{today} {made + 1}", _REQUESTS, before)  # unless another bot took one meanwhile
        if database.write("UPDATE keys SET key = ? WHERE purpose = ? AND key = ?", values):
            return True


def outcomes_of_days(database: Database, days: float) -> Outcomes:
    """Outcomes of the questions of the last `days` days."""
    since = database.now() - days * 24 * 60 * 60
    rows = database.rows("SELECT outcome, count(*) FROM outcomes WHERE at >= ? GROUP BY outcome", (since,))
    counts = Counter({str(outcome): int(count or 0) for outcome, count in rows})
    return Outcomes(
        dict(counts.most_common()),
        _percentile(database, since, counts.total(), 0.50),
        _percentile(database, since, counts.total(), 0.95),
    )


def _percentile(database: Database, since: float, questions: int, share: float) -> float | None:
    """The nearest-rank percentile: always a measured time, never an interpolated one; None without questions."""
    if not questions:
        return None
    rank = max(0, -int(-share * questions // 1) - 1)
    query = "SELECT milliseconds FROM outcomes WHERE at >= ? ORDER BY milliseconds LIMIT 1 OFFSET ?"
    ((milliseconds,),) = database.rows(query, (since, rank))
    return float(milliseconds or 0.0)
