"""Twins of an item that have no answer: its sentence or clause deleted, another paragraph, an exchanged word."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import jieba.posseg

from benchmarks.extractor.examples import Example, Item, answer_window, window_around
from retrieval.answering.extraction import with_path
from retrieval.language import sentence_spans
from retrieval.places import find_places

_SHORTEST = 20
"""Characters that a window keeps after a deletion."""
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?=年)|(?<=第)[一二三四五六七八九十\d]+(?=[届期届次])")
_FIGURE = re.compile(r"(?<![\d.])\d+(?![\d.])")
_TITLE = re.compile(r"(?<=[《“「])[^》”」]{2,20}(?=[》”」])")
_CLAUSE = re.compile(r"[^,,、;;。!?!?]+[,,、;;。!?!?]?")
_NAME_TAGS = frozenset({"nr", "ns", "nt", "nz", "nrt"})
# Shares of the items that get a twin of each kind, where one can be made.
SHARES = {"sentence": 0.45, "clause": 0.25, "paragraph": 0.3, "sibling": 0.25, "exchange": 0.45, "place": 0.3}
WRITTEN_SHARES = {"sibling": 0.08, "exchange": 0.2, "place": 0.05}
"""Of written pairs, which come with twins of the other kinds."""


class Exchanges:
    """Names and places by tag, from all questions: what a word of a question can be exchanged for."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._by_tag: dict[str, list[str]] = defaultdict(list)
        for item in items:
            for tag, word in _words(item.question):
                self._by_tag[tag].append(word)
        self._by_tag = {tag: sorted(set(words)) for tag, words in self._by_tag.items()}

    def exchanged(self, item: Item, rng: random.Random) -> str | None:
        """The question with a place, name, title, year or figure that its text holds exchanged for another."""
        words = [(tag, word) for tag, word in _words(item.question) if word in item.path + item.text]
        rng.shuffle(words)
        for tag, word in words:
            others = self._other_words(tag, word, rng)
            other = next((other for other in others if other not in item.path + item.text), None)
            if other:
                return item.question.replace(word, other)
        return None

    def place(self, rng: random.Random) -> str | None:
        """Any place that a question names."""
        return rng.choice(self._by_tag["place"]) if self._by_tag.get("place") else None

    def _other_words(self, tag: str, word: str, rng: random.Random) -> Iterator[str]:
        if tag == "year" and word.isdigit():
            yield from (str(int(word) + step) for step in rng.sample([-7, -3, -2, -1, 1, 2, 3, 6], 4))
        elif tag == "year":
            yield from rng.sample("一二三四五六七八九", 3)
        elif tag == "figure":
            yield str(int(word) + rng.choice([1, 2, 3, 7, 12, 30]))
        else:
            pool = self._by_tag[tag]
            yield from rng.sample(pool, min(6, len(pool)))


def twins(
    item: Item, exchanges: Exchanges, rng: random.Random, shares: Mapping[str, float] = SHARES
) -> Iterator[Example]:
    """The twins of the item that the shares and its text allow."""
    made = {
        "sentence": lambda: _without_sentence(item, rng),
        "clause": lambda: _without_clause(item, rng),
        "paragraph": lambda: _other_paragraph(item, rng),
        "sibling": lambda: _sibling(item, rng),
        "exchange": lambda: _exchanged(item, exchanges, rng),
        "place": lambda: _of_another_place(item, exchanges, rng),
    }
    for kind, share in shares.items():
        if rng.random() < share:
            twin = made[kind]()
            if twin:
                yield replace(twin, kind=kind)


def _without_sentence(item: Item, rng: random.Random) -> Example | None:
    """The window of the answer without the sentence that holds it."""
    low, high = window_around(item.text, item.start, rng)
    spans = [span for span in sentence_spans(item.text) if low <= span[0] < high]
    rest = "".join(item.text[a:b] for a, b in spans if not (a < item.end and item.start < b))
    return _unless_answered(item, rest)


def _without_clause(item: Item, rng: random.Random) -> Example | None:
    """The window of the answer without the clause that holds it: the nearest of near misses."""
    low, high = window_around(item.text, item.start, rng)
    window = item.text[low:high]
    rest = "".join(
        match.group()
        for match in _CLAUSE.finditer(window)
        if not (low + match.start() < item.end and item.start < low + match.end())
    )
    return _unless_answered(item, rest)


def _other_paragraph(item: Item, rng: random.Random) -> Example | None:
    pool = [other for other in item.others if item.answer not in other]
    if not pool:
        return None
    other = rng.choice(pool)
    low, high = window_around(other, rng.randrange(len(other)), rng)
    return _unless_answered(item, other[low:high])


def _sibling(item: Item, rng: random.Random) -> Example | None:
    """Another window of the same paragraph."""
    spans = [span for span in sentence_spans(item.text) if span[1] <= item.start or span[0] >= item.end]
    if not spans:
        return None
    start, end = rng.choice(spans)
    before = [span for span in spans if span[1] <= start and start - span[0] + end - start <= 140]
    low = rng.choice(before)[0] if before and start <= item.start else start
    return _unless_answered(item, item.text[low:end])


def _exchanged(item: Item, exchanges: Exchanges, rng: random.Random) -> Example | None:
    question = exchanges.exchanged(item, rng)
    if question is None:
        return None
    return Example(question, answer_window(item, rng).window)


def _of_another_place(item: Item, exchanges: Exchanges, rng: random.Random) -> Example | None:
    """The window of the answer under the question about another place; only for paths that begin with a place."""
    places = find_places(item.path)
    other = exchanges.place(rng)
    if (
        not places
        or places[0].start
        or find_places(item.question)
        or not other
        or other in item.path + item.text
    ):
        return None
    return Example(other + item.question, answer_window(item, rng).window)


def _unless_answered(item: Item, text: str) -> Example | None:
    if len(text) < _SHORTEST or item.answer in text:
        return None
    return Example(item.question, with_path(item.path, text))


def _words(question: str) -> list[tuple[str, str]]:
    """(tag, word) of the places, names, titles, years and figures of a question."""
    words = [("place", question[place.start : place.end]) for place in find_places(question)]
    words += [("title", match.group()) for match in _TITLE.finditer(question)]
    words += [("year", match.group()) for match in _YEAR.finditer(question)]
    words += [("figure", match.group()) for match in _FIGURE.finditer(question) if len(match.group()) < 9]
    for pair in jieba.posseg.cut(question):
        if pair.flag in _NAME_TAGS and len(pair.word) > 1 and not any(pair.word in word for _, word in words):
            words.append((pair.flag, pair.word))
    return words
