"""What is kept of a person: the language they chose, and all of it to be forgotten."""

from __future__ import annotations

import hashlib
import secrets

from bot.state.database import Database

# In a private chat, the chat has the person's number; what hangs on an answer goes with it.
_OF_A_PERSON = (
    "DELETE FROM languages WHERE person = ?",
    "DELETE FROM turns WHERE person = ?",
    "DELETE FROM sent WHERE chat = ?",
    "DELETE FROM answers WHERE person = ?",
    "DELETE FROM feedback WHERE person = ?",
)


def language_of(database: Database, person: int) -> str | None:
    """The language tag the person chose, or None if they chose none."""
    found = database.rows("SELECT language FROM languages WHERE person = ?", (person,))
    return str(found[0][0]) if found else None


def keep_language(database: Database, person: int, language: str) -> None:
    """Keep the language tag that the person chose."""
    values = (person, language, database.now())
    database.write("INSERT OR REPLACE INTO languages VALUES (?, ?, ?)", values)


def forget(database: Database, person: int) -> int:
    """Delete all that is kept of a person; returns how many rows that were."""
    with database.at_once():
        rows = sum(database.write(statement, (person,)) for statement in _OF_A_PERSON)
    database.wipe_log()
    return rows


_KEY_BYTES = 32
_NAME_BYTES = 6  # 12 characters: two of a million chats share a name with a chance of 0.2 %


def key_of(database: Database, purpose: str) -> bytes:
    """The key for a purpose; a random one is made and kept where there is none."""
    new = secrets.token_hex(_KEY_BYTES)
    database.write("INSERT OR IGNORE INTO keys VALUES (?, ?)", (purpose, new))
    ((kept,),) = database.rows("SELECT key FROM keys WHERE purpose = ?", (purpose,))
    return bytes.fromhex(str(kept))


def pseudonym(number: int, key: bytes) -> str:
    """A name for the id of a chat or a person: always the same under a key, and not to be guessed without it.

    A plain hash would be undone by hashing all ids in turn; keyed BLAKE2 (RFC 7693) is not.
    """
    return hashlib.blake2b(str(number).encode(), digest_size=_NAME_BYTES, key=key).hexdigest()
