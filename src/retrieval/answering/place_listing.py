"""Coverage: every passage that speaks of a topic, counted by place."""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answering.comparison import PlaceAnswers, only_at
from retrieval.answering.confidence import confidence, gather_evidence
from retrieval.answering.quote_selection import choose_quotes
from retrieval.index import Index
from retrieval.language import segmentation
from retrieval.questions import Query, question_types
from retrieval.ranking import Ranked, rank_passages
from retrieval.storage import TextColumn
from retrieval.types import IntVector, PlaceAnswer, Quote

_QUOTED = re.compile(r"[「『“\"《]([^」』”\"》]+)[」』”\"》]")
# What says that something is spoken of, and what holds such a question together; closed classes.
_ABOUT = re.compile(
    r"提到|提及|提过|提出|讲到|讲过|说到|说过|谈到|谈过|写到|涉及|有关|关于|用到|用过|用了|使用|做过|做了"
    r"|搞过|搞了|开展过?|推出过?|举办过?"
    r"|简报|分别|都是|哪里|哪儿|哪些|哪几个|哪|边度|边啲|有没有|一共|总共|列出来?|请问|(?:这些|那些)?(?:地方|城市|省市|省份)"
    r"|\b(?:which|what|places?|cities|provinces?|mention\w*|talk\w*|about|the|a|an|of|have|has|had|do|does|did|use[ds]?|using|in|are|is|there|how|many)\b"
)
_LOOSE_ENDS = re.compile(r"^[\s\W有都也讲提说谈写喊搞做用拎把过到的了是在]+|[\s\W的了吗呢啊过吧]+$")
_COMMON = 1 / 3
"""A word that this share of the passages holds tells no topic apart (活動)."""
# Where no passage has the words, a passage speaks of the topic if its best sentence has come this far from the
# median passage to the nearest one: at 0.5 an English "opinion leaders" finds both its places with three others, at
# 0.7 one of them with one other.
_NEAR_BEST = 0.7
_SURE = 0.7
"""What the confidence must be for that: that a place speaks of something is a claim; below it, quotes are just quotes."""


def list_places(query: Query, index: Index) -> PlaceAnswers | None:
    """All places whose passages speak of the topic, most passages first, with one quote each.

    A passage counts if it has the topic's words; where none has, if a sentence of it is about as near to the
    question as the nearest, which must itself pass the gate. None if no passage counts.
    """
    folded = index.folded_texts
    for phrases in _tests(topic_of(query.question.folded), folded):
        positions = functools.reduce(np.intersect1d, map(folded.holding, phrases))
        if len(positions):
            ranked = rank_passages(index, query, positions)
            quote = functools.partial(_sentence_with, index, phrases)
            return _by_place(index, ranked, _Counted(positions, quote), 1.0)
    return _by_meaning(query, index)


def topic_of(folded: str) -> tuple[str, ...]:
    """The phrases that must be found: those in quotation marks, or what is left of the question."""
    quoted = tuple(phrase.strip() for phrase in _QUOTED.findall(folded) if phrase.strip())
    if quoted:
        return quoted
    clauses = re.split(r"[,,。??!!;;]", folded)
    rests = (
        _LOOSE_ENDS.sub("", _ABOUT.sub(" ", question_types.WHICH_PLACES.sub(" ", clause)).strip())
        for clause in clauses
    )
    return tuple(
        " ".join(rest.split()) for rest in rests if rest and not question_types.is_empty_of_topic(rest)
    )


def _tests(topic: tuple[str, ...], folded: TextColumn) -> Iterator[tuple[str, ...]]:
    """What a passage must hold all of: the phrases, else their words, without those that tell nothing apart."""
    if topic:
        yield topic
    found = [
        word
        for word in dict.fromkeys(itertools.chain.from_iterable(map(segmentation.words, topic)))
        if len(word) > 1
    ]
    holding = {word: len(folded.holding(word)) for word in found}
    telling = tuple(word for word in found if holding[word] <= _COMMON * len(folded))
    if telling and all(holding[word] for word in telling):
        yield telling


def _sentence_with(index: Index, phrases: Sequence[str], position: int) -> Quote:
    """The sentence that holds most of the phrases, the first of such."""
    passage, text = index.passages[position], index.folded_texts[position]
    spans = [index.spans[row] for row in index.sentence_rows(position)]
    held = [sum(phrase in text[start:end] for phrase in phrases) for start, end in spans]
    best = int(np.argmax(held))
    return Quote(passage, int(spans[best][0]), int(spans[best][1]), float(held[best]))


def _by_meaning(query: Query, index: Index) -> PlaceAnswers | None:
    """By nearness to the question; in a large collection of the passages that any ranker puts among its best."""
    everything = np.arange(len(index.passages), dtype=np.int64)
    ranked = rank_passages(index, query, everything)
    first, *_ = choose_quotes(index, query, ranked)
    sure = confidence(gather_evidence(index, query, ranked, first))
    if sure < _SURE:
        return None
    nearest = {spot: float(scores.max()) for spot, scores in ranked.sentence_scores.items()}
    median, best = float(np.median(list(nearest.values()))), max(nearest.values())
    least = median + _NEAR_BEST * (best - median)
    near = [spot for spot in map(int, ranked.ranking.positions) if nearest[spot] >= least]
    positions = np.asarray(near, np.int64)
    quote = functools.partial(_nearest_sentence, index, ranked)
    return _by_place(index, only_at(ranked, positions), _Counted(positions, quote), sure)


def _nearest_sentence(index: Index, ranked: Ranked, position: int) -> Quote:
    scores = ranked.sentence_scores[position]
    start, end = index.spans[index.sentence_rows(position)[int(np.argmax(scores))]]
    return Quote(index.passages[position], int(start), int(end), float(scores.max()))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The passages that speak of the topic, in the order of the bulletins, and what is quoted of one."""

    positions: IntVector
    quote: Callable[[int], Quote]


def _by_place(index: Index, ranked: Ranked, counted: _Counted, sure: float) -> PlaceAnswers | None:
    """The passages counted by their place, the best-ranked of each quoted; None if no passage is about a place.

    Of very many passages not all are ranked: a place without a ranked one is quoted by its first.
    """
    best_first = ranked.ranking.positions
    order = [*best_first.tolist(), *np.setdiff1d(counted.positions, best_first).tolist()]
    codes, known = index.passages.place_codes, index.passages.places
    grouped: dict[str, list[int]] = defaultdict(list)
    for position, code in zip(order, codes[order].tolist(), strict=True):
        if code >= 0:
            grouped[known[code].name].append(position)
    places = [
        PlaceAnswer(name, (counted.quote(found[0]),), len(found))
        for name, found in sorted(grouped.items(), key=lambda pair: -len(pair[1]))
    ]
    hits = ranked.hits(index, len(best_first))
    return PlaceAnswers(tuple(places), sure, hits) if places else None
