"""Received updates: the body until the update is handled, then id and digest to recognise repetitions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.state.database import Database, Value, upsert


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """A saved update that is not handled yet."""

    update_id: int
    body: str
    """The update as JSON, as Telegram sent it."""
    starts: int
    """0 before a handler begins with it; 1 once a process died while it was handled among others; one more for each that died
    while it alone was handled."""
    at: float
    """Time of saving, in seconds since 1970."""
    notice: int | None = None
    """Id of the "please wait" message, if one was sent."""


def save_update(database: Database, update_id: int, body: str) -> bool:
    """Save an update to be handled; False if it is already known, handled or not.

    The id alone does not identify an update: another bot has its own ids, and Telegram chooses a random next id after a week
    without updates. A resent update has the same bytes (the server stores it serialized), so the digest decides.
    """
    digest = hashlib.sha256(body.encode()).hexdigest()
    if database.rows("SELECT 1 FROM updates WHERE update_id = ? AND digest = ?", (update_id, digest)):
        return False
    values = (update_id, digest, body, 0, database.now(), None)
    database.write(upsert("updates", "update_id", "update_id, digest, body, starts, at, notice"), values)
    return True


def save_notice(database: Database, update_id: int, message_id: int) -> None:
    """Save the id of the "please wait" message."""
    database.write("UPDATE updates SET notice = ? WHERE update_id = ?", (message_id, update_id))


def save_starts(database: Database, update_id: int, starts: int) -> None:
    """Save what is to be known of the update if the process dies from here on (see `PendingUpdate.starts`)."""
    database.write("UPDATE updates SET starts = ? WHERE update_id = ?", (starts, update_id))


def finish_update(database: Database, update_id: int) -> None:
    """Mark the update as handled and delete its body."""
    database.write("UPDATE updates SET body = NULL WHERE update_id = ?", (update_id,))


def pending_updates(database: Database) -> tuple[PendingUpdate, ...]:
    """Updates that are not handled yet, in the order of arrival."""
    query = "SELECT update_id, body, starts, at, notice FROM updates WHERE body IS NOT NULL ORDER BY at, update_id"
    return tuple(map(pending, database.rows(query)))


def pending(row: tuple[Value, ...]) -> PendingUpdate:
    """The update of a row: its number, body, starts, time and notice."""
    update_id, body, starts, at, notice = row
    return PendingUpdate(
        int(update_id or 0), str(body), int(starts or 0), float(at or 0.0), int(notice) if notice else None
    )
