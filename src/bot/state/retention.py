"""Retention of saved rows: how long and how many of each table are remembered, and the deletion of the others."""

from __future__ import annotations

from dataclasses import dataclass

from bot.state.database import Database

_MINUTE, _DAY = 60.0, 24 * 60 * 60.0
TURN_SECONDS = 30 * _MINUTE


@dataclass(frozen=True, slots=True)
class Limit:
    """Rows of a table to retain: those younger than `seconds`, and of these the youngest `most`."""

    table: str
    seconds: float
    most: int


# The help (`AboutTexts.retention`) states these times. A file with all these rows has 25 to 30 MB
# (`python -m benchmarks.speed.remember`).
LIMITS = (
    Limit("turns", TURN_SECONDS, 10_000),
    Limit("sent", 2 * _DAY, 20_000),  # Telegram lets people edit a message for 48 hours
    Limit("updates", 2 * _DAY, 20_000),  # Telegram resends unacknowledged updates for 24 hours
    Limit("searches", 7 * _DAY, 20_000),
    Limit("answers", 30 * _DAY, 20_000),
    Limit("outcomes", 90 * _DAY, 50_000),
    Limit("feedback", 365 * _DAY, 20_000),
    Limit("languages", 365 * _DAY, 100_000),
)


def prune(database: Database, limits: tuple[Limit, ...] = LIMITS) -> int:
    """Delete the rows beyond the limits and return their number."""
    with database.transaction():
        return sum(_prune(database, limit) for limit in limits)


def _prune(database: Database, limit: Limit) -> int:
    table = limit.table
    expired = database.write(f"DELETE FROM {table} WHERE at < ?", (database.now() - limit.seconds,))  # noqa: S608
    if database.number(f"SELECT count(*) FROM {table}") <= limit.most:  # noqa: S608
        return expired
    youngest = f"SELECT rowid FROM {table} ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?"  # noqa: S608
    return expired + database.write(f"DELETE FROM {table} WHERE rowid IN ({youngest})", (limit.most,))  # noqa: S608
