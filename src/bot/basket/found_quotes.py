"""Collected quotes in the index in service: where each stands now, or that no bulletin holds it any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.basket.stored_basket import Collected
from bot.serving import Answerer
from retrieval.types import Passage, Quote


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A collected quote, and the quote in the paragraph that holds it now; None where no bulletin does."""

    collected: Collected
    quote: Quote | None


def find_quotes(quotes: Iterable[Collected], answerer: Answerer) -> tuple[FoundQuote, ...]:
    """Each quote in its paragraph, by its id or an earlier one, or in the paragraph that came in its place."""
    return tuple(FoundQuote(quote, _found(quote, answerer)) for quote in quotes)


def _found(collected: Collected, answerer: Answerer) -> Quote | None:
    span = collected.span
    position = answerer.locate(span.passage_id)
    passage = position.passage if position else answerer.successor(span.passage_id)
    if passage is None:
        return None
    start = _start_of(collected, passage)
    return None if start < 0 else Quote(passage, start, start + len(collected.text), 1.0)


def _start_of(collected: Collected, passage: Passage) -> int:
    """The position of the quote's characters: where they stood, else their first; -1 where they are gone."""
    start = collected.span.start
    is_there = passage.text.startswith(collected.text, start)
    return start if is_there else passage.text.find(collected.text)
