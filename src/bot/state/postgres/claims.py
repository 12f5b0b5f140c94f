"""Updates that bots share: each is claimed by one session at a time, in the order of its chat.

An update is received, stored as claimed by the bot that received it, and released once it is admitted. Any bot with a free
worker claims it, answers it, and finishes it. A claim holds as long as the session of its owner, which is an advisory lock of
the connection: the server frees it when the process dies, its machine vanishes, or the connection breaks, and nobody has to
renew it or to trust a clock. A chat has one update claimed at a time, and the earlier one first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from bot.state import Database, updates
from bot.state.postgres.session import CHANNEL, OWN_NUMBER, SESSIONS

_LOCK = 0x42756C43
"""Number of the advisory lock that makes claims one after the other: a claim sees all those before it."""

_STORE = f"""
INSERT INTO updates (update_id, digest, body, starts, at, notice, chat, owner)
    VALUES (?, ?, ?, 0, ?, NULL, ?5, {OWN_NUMBER})
ON CONFLICT (update_id) DO UPDATE SET digest = excluded.digest, body = excluded.body, starts = 0, at = excluded.at,
    notice = NULL, chat = excluded.chat, owner = excluded.owner, is_left = false
WHERE updates.digest <> excluded.digest
RETURNING (SELECT count(*) FROM updates o WHERE o.body IS NOT NULL AND o.chat = ?5),
    (SELECT count(*) FROM updates o WHERE o.body IS NOT NULL)
"""  # noqa: S608
# An update may be claimed if nobody who lives has it, nor another one of its chat, and no earlier one of the chat waits. One that
# a living process has left to the next holds up nobody. Those of the dead are free where `of_the_dead`.
_CLAIM = f"""
WITH alive AS MATERIALIZED (
    SELECT objid::bigint AS number FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {SESSIONS} AND objsubid = 2 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), free AS (
    SELECT u.update_id FROM updates u
    WHERE u.body IS NOT NULL AND u.at <= ?1
        AND (u.owner IS NULL OR (?2 = 1 AND u.owner NOT IN (SELECT number FROM alive)))
        AND NOT EXISTS (
            SELECT 1 FROM updates o LEFT JOIN alive ON alive.number = o.owner
            WHERE o.chat = u.chat AND o.body IS NOT NULL AND o.update_id <> u.update_id
                AND NOT (o.is_left AND alive.number IS NOT NULL)
                AND (o.update_id < u.update_id OR alive.number IS NOT NULL)
        )
    ORDER BY u.update_id LIMIT ?3 FOR UPDATE OF u SKIP LOCKED
)
UPDATE updates SET owner = {OWN_NUMBER}, is_left = false FROM free WHERE updates.update_id = free.update_id
RETURNING updates.update_id, body, starts, at, notice
"""  # noqa: S608
_RELEASE = f"""
WITH freed AS (UPDATE updates SET owner = NULL WHERE update_id = ? AND owner = {OWN_NUMBER} RETURNING 1)
SELECT pg_notify('{CHANNEL}', '') FROM freed
"""  # noqa: S608
_IS_OWN = f"update_id = ?1 AND owner = {OWN_NUMBER}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Updates that wait or are being handled, beside one that was stored now."""

    of_chat: int
    of_all: int


def store(database: Database, update_id: int, chat: str, body: str) -> Waiting | None:
    """Save an update, claimed by this process until it is released or finished; None if it is known, handled or not."""
    digest = hashlib.sha256(body.encode()).hexdigest()
    rows = database.rows(_STORE, (update_id, digest, body, database.now(), chat))
    return Waiting(*(int(count or 0) for count in rows[0])) if rows else None


def release(database: Database, update_id: int) -> None:
    """Let any bot claim the update, and tell those that wait."""
    database.rows(_RELEASE, (update_id,))


def claim(
    database: Database, most: int, stored_before: float, *, of_the_dead: bool
) -> tuple[updates.PendingUpdate, ...]:
    """Claim up to so many updates, the earliest first; of those that a process died with only where `of_the_dead`."""
    values = (stored_before, int(of_the_dead), most)
    with database.transaction():
        database.rows("SELECT pg_advisory_xact_lock(?)::text", (_LOCK,))
        rows = database.rows(_CLAIM, values)
    return tuple(sorted(map(updates.pending, rows), key=lambda update: update.update_id))


def has(database: Database, update_id: int) -> bool:
    """Whether this process has the update claimed."""
    query = f"SELECT 1 FROM updates WHERE {_IS_OWN} AND body IS NOT NULL"  # noqa: S608
    return bool(database.rows(query, (update_id,)))


def leave(database: Database, update_id: int) -> None:
    """Leave an update that could not be answered to the next process; those after it in the chat go on."""
    database.write(f"UPDATE updates SET is_left = true WHERE {_IS_OWN}", (update_id,))  # noqa: S608


def save_starts(database: Database, update_id: int, starts: int) -> None:
    """As `updates.save_starts`, while the update is claimed by this process."""
    database.write(f"UPDATE updates SET starts = ?2 WHERE {_IS_OWN}", (update_id, starts))  # noqa: S608


def finish(database: Database, update_id: int) -> None:
    """As `updates.finish_update`, while the update is claimed by this process: nothing is kept of whose it was."""
    database.write(f"UPDATE updates SET body = NULL, chat = '', owner = NULL WHERE {_IS_OWN}", (update_id,))  # noqa: S608


def release_others(database: Database, known: Collection[int]) -> None:
    """Let any bot claim what this session has claimed without knowing, since a fault came while it was stored or claimed."""
    query = f"SELECT update_id FROM updates WHERE owner = {OWN_NUMBER} AND body IS NOT NULL AND NOT is_left"  # noqa: S608
    for (update_id,) in database.rows(query):
        if update_id not in known:
            release(database, int(update_id or 0))


def count(database: Database) -> int:
    """The number of updates that wait or are being handled, by all bots."""
    return database.number("SELECT count(*) FROM updates WHERE body IS NOT NULL")
