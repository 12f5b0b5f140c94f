"""Updates, from before they are acknowledged until they are handled; then only their numbers, against repetition."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bot.state.database import Database, Value


@dataclass(frozen=True, slots=True)
class KeptUpdate:
    """An update that has not been handled."""

    update_id: int
    body: str
    """The update as JSON, as Telegram sent it."""
    starts: int
    """How often a handler has begun with it and not come to an orderly end."""
    at: float
    """When it was kept, in seconds since 1970."""
    notice: int | None = None
    """The message that asked for patience, if one was sent."""


def keep_update(database: Database, update_id: int, body: str) -> bool:
    """Keep an update that is to be handled; False if it is known, handled or not.

    A number alone says little: those of another bot, or of this one after a quiet week, begin anew. Telegram sends an
    update again with the very same bytes (its server stores it written out), so that the content decides.
    """
    digest = hashlib.sha256(body.encode()).hexdigest()
    if database.rows("SELECT 1 FROM updates WHERE update_id = ? AND digest = ?", (update_id, digest)):
        return False
    values = (update_id, digest, body, database.now())
    database.write("INSERT OR REPLACE INTO updates VALUES (?, ?, ?, 0, ?, NULL)", values)
    return True


def note_notice(database: Database, update_id: int, message_id: int) -> None:
    """Note which message asked for patience."""
    database.write("UPDATE updates SET notice = ? WHERE update_id = ?", (message_id, update_id))


def begin_update(database: Database, update_id: int) -> None:
    """Note that a handler begins: whatever ends the process from here on may be the update's doing."""
    database.write("UPDATE updates SET starts = starts + 1 WHERE update_id = ?", (update_id,))


def leave_update(database: Database, update_id: int) -> None:
    """Note that the handler ended without harm, and that the update is to be handled after the next start."""
    database.write("UPDATE updates SET starts = starts - 1 WHERE update_id = ?", (update_id,))


def finish_update(database: Database, update_id: int) -> None:
    """Note that the update is handled; what it said is deleted."""
    database.write("UPDATE updates SET body = NULL WHERE update_id = ?", (update_id,))


def unfinished_updates(database: Database) -> tuple[KeptUpdate, ...]:
    """What has not been handled, in the order in which it came."""
    query = "SELECT update_id, body, starts, at, notice FROM updates WHERE body IS NOT NULL ORDER BY at, update_id"
    return tuple(map(_kept, database.rows(query)))


def _kept(row: tuple[Value, ...]) -> KeptUpdate:
    update_id, body, starts, at, notice = row
    return KeptUpdate(
        int(update_id or 0), str(body), int(starts or 0), float(at or 0.0), int(notice) if notice else None
    )
