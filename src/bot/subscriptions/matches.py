"""The passages of an index that a place or a topic is about, and the digests by which their texts are remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np

from retrieval.errors import BulletinBotError
from retrieval.index import Filter, Index, context_text
from retrieval.language import fold
from retrieval.places import find_places
from retrieval.questions import read_question
from retrieval.types import Passage

MOST_MATCHES = 20_000
"""Passages that one subscription may match: their digests are a row of 340 kB. More is no topic but the whole collection."""

_DIGEST_BYTES = 8


class TooManyMatchesError(BulletinBotError):
    """The words match more passages than a subscription may."""


def matching_passages(words: str, index: Index) -> tuple[Passage, ...]:
    """The passages about the place that the words name as a whole, else those that hold each of the words, in order.

    Place, heading and lead of a passage count as its words, in either script. Raises TooManyMatchesError.
    """
    positions = _about_place(words, index) if names_place(words) else _holding(words, index)
    found = tuple(index.passages[position] for position in positions)
    if len(found) > MOST_MATCHES:
        raise TooManyMatchesError(f"More than {MOST_MATCHES} passages match {words!r}.")
    return found


def names_place(words: str) -> bool:
    """Whether the words are the name of a place and nothing else."""
    text = words.strip()
    return any((place.start, place.end) == (0, len(text)) for place in find_places(text))


def digests(passages: Iterable[Passage]) -> dict[str, str]:
    """The digest of each passage by its id: of place and text, so that a paragraph that moves to another section is not new."""
    return {passage.passage_id: _digest(passage) for passage in passages}


def _digest(passage: Passage) -> str:
    text = f"{fold(passage.place_name or '')}\n{fold(passage.text)}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()


def _about_place(words: str, index: Index) -> list[int]:
    try:
        return [
            int(position) for position in Filter(place=words.strip()).positions(index)[: MOST_MATCHES + 1]
        ]
    except BulletinBotError:  # no passage is about it yet
        return []


def _holding(words: str, index: Index) -> list[int]:
    return sorted(_holding_unsorted(fold(words).split(), read_question(words).terms, index))


def _holding_unsorted(words: list[str], terms: Iterable[str], index: Index) -> Iterator[int]:
    """The positions of the passages that hold the words as they are, among those that share a term with them."""
    everywhere = np.ones(len(index.passages), np.bool_)
    found = 0
    for position in index.bm25.rank(tuple(terms), len(index.passages), everywhere).positions:
        text = fold(context_text.keyword_text(index.passages[int(position)]))
        if all(word in text for word in words):
            yield int(position)
            found += 1
            if found > MOST_MATCHES:
                return
