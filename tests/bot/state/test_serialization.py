from __future__ import annotations

from dataclasses import fields, replace

from bot.state.records import QuotedSpan, Search
from bot.state.serialization import (
    decode_numbers,
    decode_quotes,
    decode_search,
    decode_turn,
    encode_numbers,
    encode_quotes,
    encode_search,
    encode_turn,
    storable,
)
from retrieval.questions.follow_ups import Turn

HALF_A_PAIR = "\ud800"
TURN = Turn(
    "北京有多少志願者" + HALF_A_PAIR,
    frozenset({"00000000000000b1", "00000000000000a1"}),
    ("00000000000000c1",),
    is_refused=True,
)


def test_a_turn_comes_back_as_it_was_with_every_field() -> None:
    assert decode_turn(encode_turn(TURN)) == TURN
    assert {field.name for field in fields(Turn)} == {"question", "shown", "listed", "is_refused"}


def test_a_turn_of_an_earlier_version_is_still_read() -> None:
    assert decode_turn('{"question": "問", "shown": []}') == Turn("問")


def test_the_same_turn_is_always_the_same_text() -> None:
    assert encode_turn(TURN) == encode_turn(replace(TURN, shown=frozenset(sorted(TURN.shown, reverse=True))))


def test_quotes_searches_and_numbers_come_back_as_they_were() -> None:
    quotes = (QuotedSpan("00000000000000a1", 0, 12), QuotedSpan("00000000000000b1", 3, 4))
    search = Search("志願者" + HALF_A_PAIR, place="重慶")
    assert decode_quotes(encode_quotes(quotes)) == quotes
    assert decode_search(encode_search(search)) == search
    assert decode_numbers(encode_numbers((1, 2))) == (1, 2)
    assert (decode_quotes(encode_quotes(())), decode_numbers(encode_numbers(()))) == ((), ())


def test_what_is_encoded_or_storable_can_stand_in_utf_8() -> None:
    for text in (encode_turn(TURN), encode_search(Search(HALF_A_PAIR)), storable(HALF_A_PAIR)):
        text.encode("utf-8")
