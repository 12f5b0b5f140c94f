"""The last turn of each chat, and which messages were sent for which."""

from __future__ import annotations

from bot.state.database import Database
from bot.state.records import Key
from bot.state.retention import TURN_SECONDS
from bot.state.serialization import decode_numbers, decode_turn, encode_numbers, encode_turn
from retrieval.questions import follow_ups


def last_turn(database: Database, key: Key) -> follow_ups.Turn | None:
    """The last turn of the chat, or None if there was none or it is too long ago."""
    query = "SELECT turn FROM turns WHERE chat = ? AND person = ? AND at >= ?"
    found = database.rows(query, (*key, database.now() - TURN_SECONDS))
    return decode_turn(str(found[0][0])) if found else None


def keep_turn(database: Database, key: Key, turn: follow_ups.Turn) -> None:
    """Keep the turn in place of the one before."""
    values = (*key, encode_turn(turn), database.now())
    database.write("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)", values)


def sent_for(database: Database, chat: int, question: int) -> tuple[int, ...]:
    """The messages sent for a person's message; none if that is forgotten."""
    found = database.rows("SELECT messages FROM sent WHERE chat = ? AND question = ?", (chat, question))
    return decode_numbers(str(found[0][0])) if found else ()


def keep_sent(database: Database, chat: int, question: int, messages: tuple[int, ...]) -> None:
    """Keep which messages were sent for a person's message."""
    values = (chat, question, encode_numbers(messages), database.now())
    database.write("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?)", values)
