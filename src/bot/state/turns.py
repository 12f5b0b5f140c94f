"""Short-lived records of a chat: its last turn, the messages sent for each question, and searches by id."""

from __future__ import annotations

from bot.state.database import Database, upsert
from bot.state.records import Key, Search
from bot.state.retention import TURN_SECONDS
from bot.state.serialization import (
    decode_numbers,
    decode_search,
    decode_turn,
    encode_numbers,
    encode_search,
    encode_turn,
)
from retrieval.questions import follow_ups


def last_turn(database: Database, key: Key) -> follow_ups.Turn | None:
    """The last turn of the conversation; None if there is none younger than `TURN_SECONDS`."""
    query = "SELECT turn FROM turns WHERE chat = ? AND person = ? AND at >= ?"
    rows = database.rows(query, (*key, database.now() - TURN_SECONDS))
    return decode_turn(str(rows[0][0])) if rows else None


def save_turn(database: Database, key: Key, turn: follow_ups.Turn) -> None:
    """Replace the last turn of the conversation."""
    values = (*key, encode_turn(turn), database.now())
    database.write(upsert("turns", "chat, person", "chat, person, turn, at"), values)


_SENDING = 0
"""Stands for the message that was being sent; no message has this id."""


def sent_for(database: Database, chat: int, question: int) -> tuple[int, ...]:
    """Ids of the messages sent for a person's message, in order; empty if unknown or pruned."""
    return tuple(number for number in _sent(database, chat, question) if number != _SENDING)


def was_sending(database: Database, chat: int, question: int) -> bool:
    """Whether one more message for a person's message was being sent when the process ended: it may have arrived."""
    return _SENDING in _sent(database, chat, question)


def _sent(database: Database, chat: int, question: int) -> tuple[int, ...]:
    rows = database.rows("SELECT messages FROM sent WHERE chat = ? AND question = ?", (chat, question))
    return decode_numbers(str(rows[0][0])) if rows else ()


def save_sending(database: Database, chat: int, question: int, messages: tuple[int, ...]) -> None:
    """Save that one more message than those with these ids is being sent for a person's message."""
    save_sent(database, chat, question, (*messages, _SENDING))


def save_sent(database: Database, chat: int, question: int, messages: tuple[int, ...]) -> None:
    """Save the ids of the messages sent for a person's message."""
    values = (chat, question, encode_numbers(messages), database.now())
    database.write(upsert("sent", "chat, question", "chat, question, messages, at"), values)


def search_by_id(database: Database, search_id: str) -> Search | None:
    """The search with the id; None if it was never saved or has been pruned."""
    rows = database.rows("SELECT search FROM searches WHERE search_id = ?", (search_id,))
    return decode_search(str(rows[0][0])) if rows else None


def save_search(database: Database, search: Search) -> None:
    """Save a search under its id."""
    values = (search.search_id, encode_search(search), database.now())
    database.write(upsert("searches", "search_id", "search_id, search, at"), values)
