"""Data of a person or a chat: the chosen language and collections, deletion of everything, and pseudonyms for the log."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence

from bot.state.database import Database, upsert

PSEUDONYMS = "pseudonyms"
"""Purpose of the key of pseudonyms."""
_KEY_BYTES = 32
_SECONDS_BETWEEN_USES = 30 * 24 * 60 * 60.0
_PSEUDONYM_BYTES = 6  # 12 characters: two of a million chats share a pseudonym with a chance of 0.2 %

# A private chat has the id of its person. Rows that refer to an answer are deleted with it (ON DELETE CASCADE).
_ROWS_OF_A_PERSON = {
    "languages": "languages WHERE person = ?1",
    "collections": "collections WHERE chat = ?1",
    "wording": "wording WHERE id = ?1",
    "turns": "turns WHERE person = ?1",
    "basket": "basket WHERE person = ?1",
    "sent": "sent WHERE chat = ?1",
    "subscriptions": "subscriptions WHERE person = ?1",
    "answers": "answers WHERE person = ?1",
    "feedback": "feedback WHERE person = ?1 OR asker = ?1",  # what others gave holds the person's question
}
# Searches of earlier versions have no owner: those of everybody go, which they would after a week.
_SEARCHES = "searches WHERE instr(search, ?1) > 0 OR instr(search, '\"owner\"') = 0"


def language_of(database: Database, person: int) -> str | None:
    """The language tag that the person chose, or None."""
    rows = database.rows("SELECT language FROM languages WHERE person = ?", (person,))
    return str(rows[0][0]) if rows else None


def save_language(database: Database, person: int, language: str) -> None:
    """Save the language tag that the person chose."""
    values = (person, language, database.now())
    database.write(upsert("languages", "person", "person, language, at"), values)


def collections_of(database: Database, chat: int) -> tuple[str, ...]:
    """The names of the collections that the chat is tied to; none if it never chose. Counts as a use of the choice."""
    rows = database.rows("SELECT names, at FROM collections WHERE chat = ?", (chat,))
    if not rows:
        return ()
    ((names, at),) = rows
    if float(at or 0.0) < database.now() - _SECONDS_BETWEEN_USES:
        database.write("UPDATE collections SET at = ? WHERE chat = ?", (database.now(), chat))
    return tuple(json.loads(str(names)))


def save_collections(database: Database, chat: int, names: Sequence[str]) -> None:
    """Tie the chat to the collections of these names."""
    values = (chat, json.dumps(list(names), ensure_ascii=False), database.now())
    database.write(upsert("collections", "chat", "chat, names, at"), values)


def count_rows(database: Database, person: int) -> dict[str, int]:
    """The number of rows that `forget_person` would delete, by table; tables without any are left out."""
    counts = {
        table: database.number(f"SELECT count(*) FROM {rows}", (person,))  # noqa: S608
        for table, rows in _ROWS_OF_A_PERSON.items()
    }
    owner = _owner_in_searches(database, person)
    counts["searches"] = database.number(f"SELECT count(*) FROM {_SEARCHES}", (owner,))  # noqa: S608
    return {table: count for table, count in counts.items() if count}


def _owner_in_searches(database: Database, person: int) -> str:
    """The part of the JSON of a search that names the person."""
    return f'"owner": "{pseudonym(person, secret_key(database, PSEUDONYMS))}"'


def wants_wording(database: Database, person: int) -> bool:
    """Whether the person has not turned worded answers off."""
    return not database.rows("SELECT 1 FROM wording WHERE id = ? AND is_off = 1", (person,))


def save_wording(database: Database, person: int, *, is_wanted: bool) -> None:
    """Save whether the person wants worded answers."""
    database.write(upsert("wording", "id", "id, is_off, at"), (person, int(not is_wanted), database.now()))


def told_host(database: Database, chat: int) -> str:
    """The host that the chat was last told of as the one that words its answers; empty if of none."""
    rows = database.rows("SELECT told FROM wording WHERE id = ?", (chat,))
    return str(rows[0][0]) if rows else ""


def save_told_host(database: Database, chat: int, host: str) -> None:
    """Note that the chat has been told of the host that words its answers."""
    database.write(upsert("wording", "id", "id, told, at"), (chat, host, database.now()))


def forget_person(database: Database, person: int) -> int:
    """Delete all rows of a person, also from the write-ahead log; return their number.

    Damaged files that were set aside are deleted whole: what is in them cannot be told apart.
    """
    owner = _owner_in_searches(database, person)
    with database.transaction():
        rows = sum(database.write(f"DELETE FROM {each}", (person,)) for each in _ROWS_OF_A_PERSON.values())  # noqa: S608
        rows += database.write(f"DELETE FROM {_SEARCHES}", (owner,))  # noqa: S608
    database.truncate_log()
    database.delete_damaged_copies()
    return rows


def secret_key(database: Database, purpose: str) -> bytes:
    """The secret key for a purpose, 32 bytes; created at random and saved on first use."""
    created = secrets.token_hex(_KEY_BYTES)
    database.write("INSERT INTO keys (purpose, key) VALUES (?, ?) ON CONFLICT DO NOTHING", (purpose, created))
    ((key,),) = database.rows("SELECT key FROM keys WHERE purpose = ?", (purpose,))
    return bytes.fromhex(str(key))


def pseudonym(number: int, key: bytes) -> str:
    """A pseudonym of 12 hexadecimal characters for the id of a chat or a person; the same key gives the same one.

    Keyed BLAKE2 (RFC 7693): a plain hash could be reversed by hashing all possible ids.
    """
    return hashlib.blake2b(str(number).encode(), digest_size=_PSEUDONYM_BYTES, key=key).hexdigest()
