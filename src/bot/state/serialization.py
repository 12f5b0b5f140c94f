"""Records to the JSON text of a column, and back."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.state.records import QuotedSpan, Search
from retrieval.questions import follow_ups

# `json.dumps` escapes all but ASCII: clients can send lone surrogates, which SQLite cannot store as UTF-8.


def encode_turn(turn: follow_ups.Turn) -> str:
    fields = {"question": turn.question, "shown": sorted(turn.shown)}
    return json.dumps({**fields, "listed": turn.listed, "refused": turn.is_refused})


def decode_turn(text: str) -> follow_ups.Turn:
    fields = json.loads(text)
    return follow_ups.Turn(
        question=fields["question"],
        shown=frozenset(fields["shown"]),
        listed=tuple(fields.get("listed", ())),  # both are missing from what earlier versions stored
        is_refused=fields.get("refused", False),
    )


def encode_quotes(quotes: tuple[QuotedSpan, ...]) -> str:
    return json.dumps([[quote.passage_id, quote.start, quote.end] for quote in quotes])


def decode_quotes(text: str) -> tuple[QuotedSpan, ...]:
    return tuple(QuotedSpan(passage_id, start, end) for passage_id, start, end in json.loads(text))


def encode_search(search: Search) -> str:
    return json.dumps(asdict(search))


def decode_search(text: str) -> Search:
    fields = json.loads(text)
    return Search(fields["words"], fields["place"], fields["bulletin"], fields.get("owner", ""))


def encode_numbers(numbers: tuple[int, ...]) -> str:
    return json.dumps(numbers)


def decode_numbers(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


def storable(text: str) -> str:
    """The text with lone surrogates replaced by `?`, so that SQLite can store it unescaped."""
    return text.encode("utf-8", "replace").decode("utf-8")
