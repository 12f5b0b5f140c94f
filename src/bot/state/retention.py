"""How long and how much is kept, and the pruning of what is more."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state.database import Database

_MINUTE, _DAY = 60.0, 24 * 60 * 60.0
TURN_SECONDS = 30 * _MINUTE


@dataclass(frozen=True, slots=True)
class Limit:
    """The rows of a table that are kept: those younger than `seconds`, and of these the youngest `most`."""

    table: str
    seconds: float
    most: int


# The help tells people these times. A file with as many rows is 25 to 30 MB (`benchmarks.speed.remember`).
LIMITS = (
    Limit("turns", TURN_SECONDS, 10_000),
    Limit("sent", 2 * _DAY, 20_000),  # Telegram lets people edit a message for 48 hours
    Limit("updates", 2 * _DAY, 20_000),  # Telegram sends again for 24 hours what was not acknowledged
    Limit("searches", 7 * _DAY, 20_000),
    Limit("answers", 30 * _DAY, 20_000),
    Limit("outcomes", 90 * _DAY, 50_000),
    Limit("feedback", 365 * _DAY, 20_000),
    Limit("languages", 365 * _DAY, 100_000),
)


def prune(database: Database, limits: tuple[Limit, ...] = LIMITS) -> int:
    """Delete what is too old or too much; returns how many rows that were."""
    with database.at_once():
        return sum(_prune(database, limit) for limit in limits)


def _prune(database: Database, limit: Limit) -> int:
    table = limit.table
    old = database.write(f"DELETE FROM {table} WHERE at < ?", (database.now() - limit.seconds,))  # noqa: S608
    if database.number(f"SELECT count(*) FROM {table}") <= limit.most:  # noqa: S608
        return old
    youngest = f"SELECT rowid FROM {table} ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?"  # noqa: S608
    return old + database.write(f"DELETE FROM {table} WHERE rowid IN ({youngest})", (limit.most,))  # noqa: S608
