"""The share of a sentence that stands in its quotes: word by word, and in what order."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from retrieval.answering.wording_check.alignment import Link, synonyms
from retrieval.answering.wording_check.cases import Case
from retrieval.answering.wording_check.tokens import Role, Token

_PLACE_KIND = re.compile("(?<=..)(?:特别行政区|自治[区州县]|街道|[省市县区州镇乡村])$")
_PART = 0.95
"""Similarity of characters that stand in a row in a quote, but are cut into other words there."""
_HELD = 0.5
"""Similarity from which a word counts as said by the quotes: a short form of two characters with one in common."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Similarities, from 0 to 1, of the content words of a sentence to the nearest words of its quotes."""

    words: tuple[tuple[Token, float], ...]
    new_characters: int
    """Characters of these words that no quote has."""

    @property
    def mean(self) -> float:
        """The mean; 1 without content words."""
        return sum(value for _, value in self.words) / len(self.words) if self.words else 1.0

    @property
    def new_share(self) -> float:
        """The share of characters that no quote has."""
        return self.new_characters / max(1, sum(len(token.text) for token, _ in self.words))

    @property
    def longest_new_run(self) -> int:
        """The most characters of words in a row that the quotes do not have."""
        longest = run = 0
        for token, value in self.words:
            run = run + len(token.text) if value < _HELD else 0
            longest = max(longest, run)
        return longest

    @property
    def lowest_clause(self) -> float:
        """The mean of the clause that the quotes hold least of."""
        clauses = {token.clause for token, _ in self.words}
        return min(
            (
                _mean([value for token, value in self.words if token.clause == clause])
                for clause in sorted(clauses)
            ),
            default=1.0,
        )

    def lowest(self, *, nouns: bool) -> float:
        """The lowest similarity of a noun, or of a verb; 1 without any."""
        return min(
            (value for token, value in self.words if (token.is_noun if nouns else token.is_verb)), default=1.0
        )

    def missing(self, *, nouns: bool) -> int:
        """The number of nouns, or of verbs, that the quotes do not have."""
        return sum(
            value < _HELD and (token.is_noun if nouns else token.is_verb) for token, value in self.words
        )


def measure_coverage(case: Case) -> Coverage:
    """The coverage of the sentence of a case."""
    quoted = {token.text for quote in case.quotes for token in quote.tokens if token.role is not Role.MARK}
    text = " ".join(quote.text for quote in case.quotes)
    words = tuple(
        (token, _nearest(token.text, quoted, text))
        for token in case.sentence.tokens
        if token.role is Role.CONTENT
    )
    new = sum(character not in text for token, _ in words for character in token.text)
    return Coverage(words, new)


def _nearest(word: str, quoted: Iterable[str], text: str) -> float:
    part = _PART if len(word) > 1 and word in text else 0.0
    return max(part, max((similarity(word, other) for other in quoted), default=0.0))


@functools.lru_cache(8192)
def similarity(word: str, other: str) -> float:
    """1 for the same word, 0.9 for a synonym or a short place name, 0.85 for a part, less by the characters in common."""
    if word == other:
        return 1.0
    if other in synonyms(word):
        return 0.9
    is_short = min(len(word), len(other)) < 2
    if not is_short and _PLACE_KIND.sub("", word) == _PLACE_KIND.sub("", other):
        return 0.9
    if not is_short and (word in other or other in word):
        return 0.85
    common = len(set(word) & set(other))
    if is_short:
        return 0.45 * bool(common)
    return 0.75 * common / min(len(word), len(other))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@dataclass(frozen=True, slots=True)
class Order:
    """The places of the words of a sentence, by clause, in the quotes."""

    turned_within: int
    """Pairs of words in reverse order of one clause of the quotes."""
    turned_between: int
    """Pairs of words in reverse order of two clauses of the quotes."""
    pairs: int
    neighbours: int
    """Words next to each other in the sentence."""
    crossings: int
    """Neighbours from two clauses of the quotes."""
    steps_back: int
    """Neighbours in reverse order."""
    mixed: int
    """Clauses with words of several clauses of the quotes."""


def measure_order(case: Case) -> Order:
    """The order of the words of the sentence of a case."""
    clauses = [[link for link in links if link.token.role is not Role.CLAIM] for links in case.clauses]
    every = [pair for links in clauses for pair in combinations(links, 2)]
    near = [pair for links in clauses for pair in pairwise(links)]
    turned = [pair for pair in every if _is_turned(pair)]
    within = sum(not _is_crossing(pair) for pair in turned)
    return Order(
        turned_within=within,
        turned_between=len(turned) - within,
        pairs=len(every),
        neighbours=len(near),
        crossings=sum(map(_is_crossing, near)),
        steps_back=sum(map(_is_turned, near)),
        mixed=sum(len({(link.spot.quote, link.spot.clause) for link in links}) > 1 for links in clauses),
    )


def _is_turned(pair: tuple[Link, Link]) -> bool:
    one, two = pair
    return (one.spot.quote, one.spot.start) > (two.spot.quote, two.spot.start)


def _is_crossing(pair: tuple[Link, Link]) -> bool:
    one, two = pair
    return (one.spot.quote, one.spot.clause) != (two.spot.quote, two.spot.clause)
