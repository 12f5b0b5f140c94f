"""Keys that the bot made for itself, the same across restarts; and the names they give to chats and persons."""

from __future__ import annotations

import hashlib
import secrets

from bot.state.database import Database

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
