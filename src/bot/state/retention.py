"""Retention of saved rows: how long and how many of each table are remembered, and the deletion of the others."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass

from bot.state.database import Database, upsert

logger = logging.getLogger(__name__)

_MINUTE, _DAY = 60.0, 24 * 60 * 60.0
TURN_SECONDS = 30 * _MINUTE
_LONGEST_STEP = _DAY
DAMAGED_SECONDS = 7 * _DAY
"""Time that a damaged file is kept: enough to look into it, and no longer than most of its rows."""
_PRUNED_AT = "pruned_at"
_ALL = 2**63 - 1


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
    Limit("basket", 30 * _DAY, 50_000),
    Limit("outcomes", 90 * _DAY, 50_000),
    Limit("feedback", 365 * _DAY, 20_000),
    Limit(
        "inbox_messages", 400 * _DAY, 200_000
    ),  # longer than the reports, whose messages are emptied when they go
    Limit("collections", 365 * _DAY, 100_000),  # since the last question of the chat
    Limit("subscriptions", 365 * _DAY, 100_000),  # since a bot looked after them
    Limit("languages", 365 * _DAY, 100_000),
    Limit("wording", 365 * _DAY, 100_000),
)


def prune(database: Database, limits: tuple[Limit, ...] = LIMITS, now: float | None = None) -> int:
    """Delete the rows beyond the limits and return their number; `now` is by default the time of the clock.

    Deletes damaged files that were set aside too, after `DAMAGED_SECONDS`.
    """
    now = database.now() if now is None else now
    database.delete_damaged_copies(now - DAMAGED_SECONDS)
    with database.transaction():
        return sum(_prune(database, limit, now) for limit in limits)


def steady_now(database: Database) -> float:
    """The time for a pruning: that of the clock, but at most a day after the time of the pruning before.

    One wrong reading of the clock so costs at most a day of what is remembered; after a long pause the prunings catch up, a day
    each. Before the first pruning, the time of the newest row counts.
    """
    now, before = database.now(), _pruned_before(database)
    steady = now if before is None else min(now, before + _LONGEST_STEP)
    if steady < now:
        logger.warning(
            "The clock is %.0f days after the last pruning of the state: a day of it is pruned at a time.",
            (now - (before or now)) / _DAY,
        )
    if before is None or steady > before:
        database.write(upsert("keys", "purpose", "purpose, key"), (_PRUNED_AT, repr(steady)))
    return steady


def _pruned_before(database: Database) -> float | None:
    rows = database.rows("SELECT key FROM keys WHERE purpose = ?", (_PRUNED_AT,))
    try:
        before = float(str(rows[0][0])) if rows else None
    except ValueError:
        before = None
    if before is not None and math.isfinite(before):
        return before
    newest = [database.rows(f"SELECT max(at) FROM {limit.table}")[0][0] for limit in LIMITS]  # noqa: S608
    return max((float(at) for at in newest if at is not None), default=None)


def _prune(database: Database, limit: Limit, now: float) -> int:
    table = limit.table
    expired = database.write(f"DELETE FROM {table} WHERE at < ?", (now - limit.seconds,))  # noqa: S608
    if database.number(f"SELECT count(*) FROM {table}") <= limit.most:  # noqa: S608
        return expired
    youngest = f"SELECT rowid FROM {table} ORDER BY at DESC, rowid DESC LIMIT {_ALL} OFFSET ?"  # noqa: S608
    return expired + database.write(f"DELETE FROM {table} WHERE rowid IN ({youngest})", (limit.most,))  # noqa: S608
