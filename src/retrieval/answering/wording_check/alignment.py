"""Finds for each token of a sentence the words of the quotes that it repeats: the nearest path through all of them."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.answering.wording_check.figure_equivalence import implying
from retrieval.answering.wording_check.tokens import Role, Token, TokenizedText
from retrieval.answering.wording_check.words import SYNONYMS

_PLACE_KIND = re.compile("(?<=..)(?:特别行政区|自治[区州县]|[省市县区州])$")
# Characters between the two of a short form: 評出 for 評選出.
_WIDEST_GAP = 3
_LONGEST_LEAP = 8
# Costs of a step from one word of the quotes to the next; a step back or into another quote is the last resort.
_GAP, _CLAUSE, _BACK, _SENTENCE, _QUOTE = 0.02, 0.5, 0.7, 0.5, 3.0
_LOOSE = 0.4
"""Cost of a synonym or a short form."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a quote: at `quotes[quote].text[start:end]`."""

    quote: int
    start: int
    end: int
    clause: int
    sentence: int
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A token of the sentence with the words that it repeats."""

    token: Token
    spot: Spot


@dataclass(frozen=True, slots=True)
class Alignment:
    """The links in the order of the sentence, and the tokens for which the quotes hold nothing."""

    links: tuple[Link, ...]
    missing: tuple[Token, ...]
    choices: dict[int, frozenset[int]]
    """By the start of a token: the quotes that hold it."""

    def in_clause(self, clause: int) -> list[Link]:
        """The links of a clause of the sentence."""
        return [link for link in self.links if link.token.clause == clause]

    def is_used(self, quote: int, token: Token) -> bool:
        """Whether the sentence repeats the token of the quote or a part of it."""
        return any(
            link.spot.quote == quote and link.spot.start < token.end and token.start < link.spot.end
            for link in self.links
        )


def align(sentence: TokenizedText, quotes: Sequence[TokenizedText]) -> Alignment:
    """Link the tokens of a sentence to the quotes along the cheapest path."""
    tokens = [token for token in sentence.tokens if token.role in (Role.FIGURE, Role.CLAIM, Role.CONTENT)]
    found = [(token, list(_spots(token, quotes))) for token in tokens]
    held = [(token, spots) for token, spots in found if spots]
    return Alignment(
        tuple(_cheapest_path(held)),
        tuple(token for token, spots in found if not spots),
        {token.start: frozenset(spot.quote for spot in spots) for token, spots in held},
    )


def _cheapest_path(held: list[tuple[Token, list[Spot]]]) -> list[Link]:
    """Viterbi's algorithm over the spots of each token."""
    paths: list[tuple[float, list[Spot]]] = [(0.0, [])]
    before: Token | None = None
    for token, spots in held:
        is_new = before is not None and before.clause != token.clause
        paths = [
            min(
                (
                    (cost + spot.cost + _step(path[-1] if path else None, spot, is_new), [*path, spot])
                    for cost, path in paths
                ),
                key=lambda way: way[0],
            )
            for spot in spots
        ]
        before = token
    best = min(paths, key=lambda way: way[0])[1]
    return [Link(token, spot) for (token, _), spot in zip(held, best, strict=True)]


def _step(before: Spot | None, spot: Spot, is_new: bool) -> float:
    if before is None:
        return 0.0
    ease = 0.4 if is_new else 1.0
    if before.quote != spot.quote:
        return _QUOTE * ease
    gap = spot.start - before.end
    cost = _GAP * 5 * math.sqrt(min(abs(gap), 40))
    cost += _BACK if gap < 0 else 0.0
    cost += _CLAUSE if before.clause != spot.clause else 0.0
    cost += _SENTENCE if before.sentence != spot.sentence else 0.0
    return cost * ease


def _spots(token: Token, quotes: Sequence[TokenizedText]) -> Iterator[Spot]:
    for index, quote in enumerate(quotes):
        match token.role:
            case Role.FIGURE:
                yield from _figure_spots(token, index, quote)
            case Role.CLAIM:
                yield from _claim_spots(token, index, quote)
            case _:
                yield from _content_spots(token.text, index, quote)


def _figure_spots(token: Token, index: int, quote: TokenizedText) -> Iterator[Spot]:
    figures = [other.figure for other in quote.tokens if other.figure]
    same = [other for other in figures if token.figure and token.figure.says(other)]
    implied = implying(token.figure, figures) if token.figure and not same else None
    for other in same or ([implied] if implied else []):
        yield _spot(index, quote, other.start, other.end)


def _claim_spots(token: Token, index: int, quote: TokenizedText) -> Iterator[Spot]:
    same = [other for other in quote.tokens if other.claim == token.claim]
    for other in same:
        yield _spot(index, quote, other.start, other.end)
    if not same and len(token.text) > 1:
        for start in _occurrences(token.text, quote.text):
            yield _spot(index, quote, start, start + len(token.text))


def _content_spots(word: str, index: int, quote: TokenizedText) -> Iterator[Spot]:
    spots = [_spot(index, quote, start, start + len(word)) for start in _occurrences(word, quote.text)]
    for other in synonyms(word):
        spots += [
            _spot(index, quote, start, start + len(other), _LOOSE)
            for start in _occurrences(other, quote.text)
            if len(other) > 1 or (quote.text[start] in other and _is_token(quote, start, start + 1))
        ]
    bare = _PLACE_KIND.sub("", word)
    if not spots and bare != word:
        spots = [_spot(index, quote, start, start + len(bare)) for start in _occurrences(bare, quote.text)]
    if not spots and len(word) > 1:
        spots = [_spot(index, quote, *span, _LOOSE) for span in _short_forms(word, quote)]
    yield from spots


def _is_token(quote: TokenizedText, start: int, end: int) -> bool:
    return any((token.start, token.end) == (start, end) for token in quote.tokens)


@functools.lru_cache(1024)
def synonyms(word: str) -> frozenset[str]:
    """The words that a text may use for it."""
    rows = (row for row in SYNONYMS if word in row)
    return frozenset[str]().union(*rows) - {word}


def _occurrences(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _short_forms(word: str, quote: TokenizedText) -> Iterator[tuple[int, int]]:
    """The spans of one clause with the characters of the word in order and few others between them."""
    gap = f"[^,;。、:!?]{{0,{_WIDEST_GAP}}}?"
    for match in re.finditer(gap.join(map(re.escape, word)), quote.text):
        if match.end() - match.start() <= len(word) + _LONGEST_LEAP - 2:
            yield match.span()


def _spot(index: int, quote: TokenizedText, start: int, end: int, cost: float = 0.0) -> Spot:
    clause, sentence = next(
        ((token.clause, token.sentence) for token in quote.tokens if token.start <= start < token.end), (0, 0)
    )
    return Spot(index, start, end, clause, sentence, cost)
