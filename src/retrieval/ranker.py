"""Fusion and re-ranking: candidates from BM25 and FAISS, ordered by a weighted sum of scaled signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.dense import COMPARED, DenseIndex
from retrieval.generation import Generation
from retrieval.query import Query
from retrieval.ranking import Ranking, best, scaled
from retrieval.signals import measure_signals
from retrieval.types import FloatVector, Hit, IntVector, Mask, Passage

_PASSAGES_READ = 5  # the answer is in none of the later ones for 97 % of the development questions
_CANDIDATES = 50  # from each ranker; hit@3 on the development questions does not rise beyond 20
# Where sentences are not ranked, paragraphs stand in for them.
_PARAGRAPHS_ALONE = 100
_RANKED_WHOLE = 512
"""Passages that pass a filter are ranked one and all up to here."""
_BEST_TOGETHER = 360
"""Of more, keywords and paragraphs are compared, and so many are candidates that are best by both together.

Of a million made-up passages the first ten within a place then hold 0.89 of those of the ranking of all that pass; with
the best 50 by keywords and the 100 nearest paragraphs they held 0.80 (`python -m benchmarks.million`).
"""

# Weights of the signals, each 0 to 1 over the candidates of a question; fitted by `python -m benchmarks.fit_ranking`
# on 316 development questions, where they put a passage that answers first for 0.888 of the questions left out. Fitted
# without `terms`, `passage_late` and `wanted`, on 356 questions, it was 0.869, with them 0.884. The share of the
# question's terms in the heading was measured too: weight 0.02, gone.
WEIGHTS = {
    "keywords": 0.62,
    "terms": 0.41,
    "paragraph": 0.35,
    "sentence": 0.21,
    "late": 1.0,
    "place": 0.77,
    "passage_late": 0.87,
    "wanted": 0.24,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates best first, with what each sentence of them scored."""

    ranking: Ranking
    signals: dict[str, FloatVector]
    """By name, in the order of the ranking, as measured (not scaled)."""
    sentence_scores: dict[int, FloatVector]
    """By position: the late interaction of each sentence of the passage."""
    nearest: dict[int, FloatVector]
    """By position: for each token of the query the cosine of the nearest token of the passage."""

    def hits(self, generation: Generation, top_k: int) -> tuple[Hit, ...]:
        """The first top_k as hits."""
        pairs = zip(self.ranking.positions[:top_k], self.ranking.scores[:top_k], strict=True)
        return tuple(
            Hit(generation.passages[position], float(score), rank)
            for rank, (position, score) in enumerate(pairs, start=1)
        )


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a ranked passage, at `passage.text[start:end]`."""

    position: int
    passage: Passage
    start: int
    end: int
    passage_score: float
    late: float


def best_sentences(generation: Generation, ranked: Ranked) -> Iterator[RankedSentence]:
    """All sentences of the passages that are read for an answer, passages best first, sentences in their order."""
    pairs = zip(ranked.ranking.positions[:_PASSAGES_READ], ranked.ranking.scores, strict=False)
    for position, score in pairs:
        rows = generation.sentence_rows(int(position))
        for row, late in zip(rows, ranked.sentence_scores[int(position)], strict=True):
            start, end = (int(edge) for edge in generation.spans[row])
            yield RankedSentence(
                int(position), generation.passages[position], start, end, float(score), float(late)
            )


def rank_passages(
    generation: Generation,
    query: Query,
    only: IntVector | None = None,
    weights: Mapping[str, float] = WEIGHTS,
    *,
    most: int = _CANDIDATES,
    also: IntVector | None = None,
) -> Ranked:
    """The candidates for the query, or the given positions, best first; ties in the order of the bulletins.

    Of many positions only candidates among them are ranked, at least `most` where there are as many near the query.
    Those that are to be ranked also are taken in the same way.

    The scores are 0 to 1; a signal without a weight is measured, but does not count.
    """
    depth = max(most, _CANDIDATES)
    positions = _to_be_ranked(generation, query, only, depth)
    if also is not None:
        positions = np.union1d(positions, _to_be_ranked(generation, query, also, depth))
    signals = measure_signals(generation, query, positions)
    total = np.sum([w * scale_signal(name, signals.values[name]) for name, w in weights.items()], axis=0)
    order = best(np.asarray(total, np.float32), len(positions))
    chosen = order.positions
    return Ranked(
        ranking=Ranking(positions[chosen], order.scores / np.float32(sum(weights.values()))),
        signals={name: values[chosen] for name, values in signals.values.items()},
        sentence_scores=signals.sentence_scores,
        nearest=signals.nearest,
    )


def _to_be_ranked(generation: Generation, query: Query, only: IntVector | None, depth: int) -> IntVector:
    is_whole = only is not None and len(only) <= max(_RANKED_WHOLE, depth)
    return only if only is not None and is_whole else _candidates(generation, query, only, depth)


def _candidates(generation: Generation, query: Query, only: IntVector | None, depth: int) -> IntVector:
    """Passages that any ranker puts among its best, of the given positions where there are any."""
    within = None if only is None else _mask(only, len(generation.passages))
    if only is not None and within is not None and len(only) <= COMPARED:
        keywords = generation.sparse.scores(query.question.terms, within)
        return only[_nearest_spots(keywords, generation.paragraphs.products(query.vector, only), depth)]
    sparse = generation.sparse.rank(query.question.terms, depth, within).positions
    sentences = generation.sentences
    if not isinstance(sentences, DenseIndex):
        paragraphs = generation.paragraphs.rank(query.vector, max(depth, _PARAGRAPHS_ALONE), within).positions
        return np.union1d(sparse, paragraphs)
    paragraphs = generation.paragraphs.rank(query.vector, depth, within).positions
    rows = sentences.rank(query.vector, 2 * depth, None if within is None else within[sentences.owners])
    return np.unique(np.concatenate([sparse, paragraphs, sentences.owners[rows.positions]]))


def _nearest_spots(keywords: FloatVector, paragraphs: FloatVector, depth: int) -> IntVector:
    """Where the best stand by keywords, by paragraph, and by both together as they are weighted in the ranking."""
    together = WEIGHTS["keywords"] * scaled(keywords) + WEIGHTS["paragraph"] * scaled(paragraphs)
    chosen = (best(keywords, depth), best(paragraphs, depth), best(together, max(depth, _BEST_TOGETHER)))
    return np.unique(np.concatenate([ranking.positions for ranking in chosen]))


def _mask(positions: IntVector, size: int) -> Mask | None:
    """(size,) true at the positions; None if that is everywhere."""
    if len(positions) == size:
        return None
    mask = np.zeros(size, np.bool_)
    mask[positions] = True
    return mask


_SHARES = frozenset({"place", "wanted", "terms"})  # 0 to 1 as they are


def scale_signal(name: str, values: FloatVector) -> FloatVector:
    """The values of a signal over the candidates of a question, brought to 0..1 where they are not."""
    return values if name in _SHARES else scaled(values)
