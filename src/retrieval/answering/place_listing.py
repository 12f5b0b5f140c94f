"""Lists the places whose passages mention a topic, with the number of passages of each."""

from __future__ import annotations

import functools
import itertools
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answering import place_topics
from retrieval.answering.comparison import PlaceAnswers, only_at
from retrieval.answering.confidence import THRESHOLD, confidence, gather_evidence
from retrieval.answering.overview import openings_by_place
from retrieval.answering.place_topics import alternatives, held_phrases, words_of
from retrieval.answering.quote_selection import choose_quotes
from retrieval.index import Index
from retrieval.questions import Query
from retrieval.ranking import Ranked, rank_passages, sentence_nearness
from retrieval.types import FloatVector, IntVector, PlaceAnswer, Quote

# Without holding the topic, a passage mentions it if it holds this share of its words, weighted by rarity (手語 of 手語服務),
# or if one of its sentences has come this far from the median passage to the nearest one. Of 96 questions 73 are answered
# whole and 71 without many other places; at a nearness of 0.8 it is 70 and 68, at 0.5 73 and 69 (`benchmarks.quality.sets`).
_MOST_WORDS, _NEAR = 0.6, 0.65
_MOST_TYPED = 0.7
"""If such a share of the topic stands in a passage (微信公眾號 of 微信公眾號宣傳), no other passage is listed as near."""
_SURE, _SURE_OF_FOREIGN = THRESHOLD, 0.7
"""The confidence in the nearest sentence that a listing by nearness needs: that of any answer; more in another language,
where no word of the question tells whether the bulletins have it."""
SURE_OF_WORDS = 0.5
"""The confidence in a listing of places that hold most words of the topic."""
_HELD = 1.0
"""Added to the nearness of a sentence for the phrases, or for the share of the words, that it holds."""
_NOWHERE = np.zeros(0, np.int64)
_PASSAGES_READ = 12
"""Passages of a place in which its quote is sought."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """The topic that is looked for."""

    phrases: tuple[str, ...]
    """Phrases that stand in a passage: of the whole topic, or the longest parts of it."""
    words: Sequence[str]
    is_typed: bool
    """Whether the phrases are all of the topic as typed, or nearly."""


def list_places(query: Query, index: Index, within: IntVector | None = None) -> PlaceAnswers | None:
    """All places whose passages mention the topic, most passages first, with one quote each; None if no passage does.

    Each passage is judged alone. It mentions the topic if it holds it word for word, or one side of an 或; where none
    does, its longest part that stands in any; if it holds most of its words; and, where the topic stands nowhere as typed,
    if one of its sentences is about as near to the question as the nearest of all, provided that this one is sure enough.
    """
    typed = place_topics.topic_in(query.question.folded, index.folded_texts)
    if not typed:
        return _all_places(index, within)
    ranked = rank_passages(index, query, within)
    held = [(side, held_phrases(side, index.folded_texts)) for side in alternatives(typed)]
    phrases = tuple(phrase for _, found in held for phrase in found)
    topic = _Topic(
        phrases, words_of(typed), bool(held) and all(_is_nearly(side, found) for side, found in held)
    )
    verbatim = _holding([found for _, found in held if found], index, within)
    nearness = sentence_nearness(index, query, ranked.ranking.positions)
    is_quoted = place_topics.is_quoted(query.question.folded) and topic.is_typed
    by_words = not is_quoted and (phrases == tuple(itertools.chain(*alternatives(typed))) or not phrases)
    of_words = _of_most_words(topic, index, ranked.ranking.positions) if by_words else _NOWHERE
    near, probability = (_NOWHERE, 1.0) if topic.is_typed else _of_near(query, index, ranked, nearness)
    mentioning = np.union1d(np.union1d(verbatim, of_words), near)
    if len(of_words) or len(verbatim):
        probability = max(probability, 1.0 if len(verbatim) else SURE_OF_WORDS)
    quote = functools.partial(_best_sentence, index, topic, nearness)
    return _by_place(index, ranked, _Counted(mentioning, quote), probability)


def _is_nearly(side: Sequence[str], held: Sequence[str]) -> bool:
    """Whether the held phrases are most of those typed, by their characters."""
    return sum(map(len, held)) >= _MOST_TYPED * sum(map(len, side))


def _of_near(
    query: Query, index: Index, ranked: Ranked, nearness: Mapping[int, FloatVector]
) -> tuple[IntVector, float]:
    """The positions with a near sentence, if the nearest of all is sure enough, and the confidence in it."""
    first, *_ = choose_quotes(index, query, ranked)
    probability = confidence(gather_evidence(index, query, ranked, first))
    if probability < (_SURE_OF_FOREIGN if query.question.is_foreign else _SURE):
        return _NOWHERE, probability
    near = [position for position, scores in nearness.items() if scores.max() >= _NEAR]
    return np.asarray(near, np.int64), probability


def _all_places(index: Index, within: IntVector | None) -> PlaceAnswers | None:
    """Every place within, for a question without a topic (第2篇有幾個城市); None without a limit."""
    places = () if within is None else openings_by_place(index, within)
    return PlaceAnswers(places, 1.0) if places else None


def _holding(sides: Sequence[Sequence[str]], index: Index, within: IntVector | None) -> IntVector:
    """The positions that hold all phrases of a side."""
    positions = np.zeros(0, np.int64)
    for phrases in sides:
        of_side = functools.reduce(np.intersect1d, map(index.folded_texts.holding, phrases))
        positions = np.union1d(positions, of_side)
    return positions if within is None else np.intersect1d(positions, within)


def _of_most_words(topic: _Topic, index: Index, positions: IntVector) -> IntVector:
    """Those of the positions that hold most of the words of the topic; none for a topic of one word."""
    if len(topic.words) < 2:
        return np.zeros(0, np.int64)
    return positions[_shares(topic.words, index, index.folded_texts.at(positions)) >= _MOST_WORDS]


def _shares(words: Sequence[str], index: Index, texts: Sequence[str]) -> FloatVector:
    """(texts,) the share of the words that each text holds, weighted by rarity."""
    rarity = index.bm25.idf(index.bm25.frequencies(words))
    held = np.asarray([[word in text for word in words] for text in texts], np.float64).reshape(
        len(texts), -1
    )
    return np.asarray(held @ rarity / max(float(rarity.sum()), 1e-9), np.float32)


def _best_sentence(index: Index, topic: _Topic, nearness: Mapping[int, FloatVector], position: int) -> Quote:
    """The sentence with the most of the topic, the nearest to the question of those that hold as much."""
    passage, text = index.passages[position], index.folded_texts[position]
    spans = index.spans[index.sentence_rows(position)].tolist()
    texts = [text[start:end] for start, end in spans]
    scores = nearness.get(position, np.zeros(len(spans), np.float32)).astype(np.float64)
    if topic.phrases:
        scores += [_HELD * sum(phrase in sentence for phrase in topic.phrases) for sentence in texts]
    if topic.words:
        scores += _HELD * _shares(topic.words, index, texts)
    best = int(np.argmax(scores))
    start, end = spans[best]
    return Quote(passage, start, end, float(scores[best]))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The passages that mention the topic, in the order of the bulletins, and the quote of each."""

    positions: IntVector
    quote: Callable[[int], Quote]


def _best_quote(counted: _Counted, positions: Sequence[int]) -> Quote:
    """The best quote of the passages, given best first, of a place; of equal ones the first."""
    return max(map(counted.quote, positions[:_PASSAGES_READ]), key=lambda quote: quote.score)


def _by_place(index: Index, ranked: Ranked, counted: _Counted, probability: float) -> PlaceAnswers | None:
    """The passages counted by place, the best-ranked of each place quoted; None if no passage is about a place.

    Of very many passages not all are ranked: a place without a ranked passage is quoted by its first one.
    """
    best_first = ranked.ranking.positions[np.isin(ranked.ranking.positions, counted.positions)]
    order = [*best_first.tolist(), *np.setdiff1d(counted.positions, best_first).tolist()]
    codes, known = index.passages.place_codes, index.passages.places
    by_name: dict[str, list[int]] = defaultdict(list)
    for position, code in zip(order, codes[order].tolist(), strict=True):
        if code >= 0:
            by_name[known[code].name].append(position)
    places = [
        PlaceAnswer(name, (_best_quote(counted, positions),), len(positions))
        for name, positions in sorted(by_name.items(), key=lambda pair: -len(pair[1]))
    ]
    hits = only_at(ranked, best_first).hits(index, len(best_first))
    return PlaceAnswers(tuple(places), probability, hits) if places else None
