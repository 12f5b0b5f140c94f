"""Saved answers: looked up by id, by the message that shows them, or by a passage they quote."""

from __future__ import annotations

from bot.state.database import Database, Row, upsert
from bot.state.records import GivenAnswer
from bot.state.serialization import (
    decode_numbers,
    decode_quotes,
    decode_turn,
    encode_numbers,
    encode_quotes,
    encode_turn,
    storable,
)

_COLUMNS = "answer_id, chat, person, messages, turn, before, generation, quotes, asked"


def save_answer(database: Database, answer: GivenAnswer) -> None:
    """Save an answer under its id and link the messages that show it to it."""
    row = (*_row(answer), database.now())
    with database.transaction():
        database.write(upsert("answers", "answer_id", f"{_COLUMNS}, at"), row)
        database.write("DELETE FROM answer_messages WHERE answer_id = ?", (answer.answer_id,))
        for message in answer.message_ids:
            link = (answer.chat_id, message, answer.answer_id)
            database.write(upsert("answer_messages", "chat, message", "chat, message, answer_id"), link)


def answer_by_id(database: Database, answer_id: str) -> GivenAnswer | None:
    """The answer with the id; None if it was never saved or has been pruned."""
    return _first(database.rows(f"SELECT {_COLUMNS} FROM answers WHERE answer_id = ?", (answer_id,)))  # noqa: S608


def answer_in(database: Database, chat: int, message: int) -> GivenAnswer | None:
    """The answer shown by a message of the chat, or None."""
    query = "SELECT answer_id FROM answer_messages WHERE chat = ? AND message = ?"
    rows = database.rows(query, (chat, message))
    return answer_by_id(database, str(rows[0][0])) if rows else None


def answer_quoting(database: Database, person: int, passage_id: str) -> GivenAnswer | None:
    """The latest answer to the person that quotes the passage, or None."""
    query = (
        f"SELECT {_COLUMNS} FROM answers WHERE person = ? AND instr(quotes, ?) > 0 "  # noqa: S608
        "ORDER BY at DESC, rowid DESC LIMIT 1"
    )
    return _first(database.rows(query, (person, f'"{passage_id}"')))


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
        storable(answer.asked),
    )


def _first(rows: list[Row]) -> GivenAnswer | None:
    if not rows:
        return None
    answer_id, chat, person, messages, turn, before, generation, quotes, asked = rows[0]
    return GivenAnswer(
        answer_id=str(answer_id),
        chat_id=int(chat or 0),
        user_id=int(person or 0),
        message_ids=decode_numbers(str(messages)),
        turn=decode_turn(str(turn)),
        before=None if before is None else decode_turn(str(before)),
        generation=str(generation),
        quotes=decode_quotes(str(quotes)),
        asked=str(asked),
    )
