"""Answers as they were given, by their id, by their messages and by what they quote; and searches by theirs."""

from __future__ import annotations

from bot.state.database import Database, Row
from bot.state.records import GivenAnswer, Search
from bot.state.serialization import (
    decode_numbers,
    decode_quotes,
    decode_search,
    decode_turn,
    encode_numbers,
    encode_quotes,
    encode_search,
    encode_turn,
)

_COLUMNS = "answer_id, chat, person, messages, turn, before, generation, quotes"


def keep_answer(database: Database, answer: GivenAnswer) -> None:
    """Keep an answer under its id and under the messages that hold it."""
    row = (*_row(answer), database.now())
    with database.at_once():
        database.write("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for message in answer.message_ids:
            held = (answer.chat_id, message, answer.answer_id)
            database.write("INSERT OR REPLACE INTO answer_messages VALUES (?, ?, ?)", held)


def answer_of_id(database: Database, answer_id: str) -> GivenAnswer | None:
    """The answer of that id, or None if it is forgotten."""
    return _first(database.rows(f"SELECT {_COLUMNS} FROM answers WHERE answer_id = ?", (answer_id,)))  # noqa: S608


def answer_in(database: Database, chat: int, message: int) -> GivenAnswer | None:
    """The answer that a message of the chat holds, or None."""
    query = "SELECT answer_id FROM answer_messages WHERE chat = ? AND message = ?"
    found = database.rows(query, (chat, message))
    return answer_of_id(database, str(found[0][0])) if found else None


def answer_quoting(database: Database, person: int, passage_id: str) -> GivenAnswer | None:
    """The last answer given to the person that quotes the passage, or None."""
    query = (
        f"SELECT {_COLUMNS} FROM answers WHERE person = ? AND instr(quotes, ?) "  # noqa: S608
        "ORDER BY at DESC, rowid DESC LIMIT 1"
    )
    return _first(database.rows(query, (person, f'"{passage_id}"')))


def keep_search(database: Database, search: Search) -> None:
    """Keep a search under its id."""
    values = (search.search_id, encode_search(search), database.now())
    database.write("INSERT OR REPLACE INTO searches VALUES (?, ?, ?)", values)


def search_of_id(database: Database, search_id: str) -> Search | None:
    """The search of that id, or None if it is forgotten."""
    found = database.rows("SELECT search FROM searches WHERE search_id = ?", (search_id,))
    return decode_search(str(found[0][0])) if found else None


def _row(answer: GivenAnswer) -> Row:
    return (
        answer.answer_id,
        answer.chat_id,
        answer.user_id,
        encode_numbers(answer.message_ids),
        encode_turn(answer.turn),
        encode_turn(answer.before) if answer.before else None,
        answer.generation,
        encode_quotes(answer.quotes),
    )


def _first(rows: list[Row]) -> GivenAnswer | None:
    if not rows:
        return None
    answer_id, chat, person, messages, turn, before, index, quotes = rows[0]
    return GivenAnswer(
        answer_id=str(answer_id),
        chat_id=int(chat or 0),
        user_id=int(person or 0),
        message_ids=decode_numbers(str(messages)),
        turn=decode_turn(str(turn)),
        before=None if before is None else decode_turn(str(before)),
        generation=str(index),
        quotes=decode_quotes(str(quotes)),
    )
