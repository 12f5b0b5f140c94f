"""Re-ranking: candidates from BM25 and FAISS, ordered by a weighted sum of scaled features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from retrieval.index import Index
from retrieval.questions import Query
from retrieval.ranking.candidates import find_candidates
from retrieval.ranking.features import compute_features, scale_feature, weights_of
from retrieval.top_k import Ranking, best
from retrieval.types import FloatVector, Hit, IntVector, Passage

_PASSAGES_READ = 5  # for 97 % of the development questions no later passage holds the answer


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates best first, with their features and the score of each of their sentences."""

    ranking: Ranking
    features: dict[str, FloatVector]
    """By name, in the order of the ranking, not scaled."""
    sentence_scores: dict[int, FloatVector]
    """By position: the MaxSim score of each sentence of the passage."""
    token_maxima: dict[int, FloatVector]
    """By position: for each token of the query the cosine of the nearest token of the passage."""

    def hits(self, index: Index, top_k: int) -> tuple[Hit, ...]:
        """The first top_k as hits."""
        pairs = zip(self.ranking.positions[:top_k], self.ranking.scores[:top_k], strict=True)
        return tuple(
            Hit(index.passages[position], float(score), rank)
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
    maxsim: float


def best_sentences(index: Index, ranked: Ranked) -> Iterator[RankedSentence]:
    """All sentences of the best five passages, passages best first, sentences in the order of the text."""
    pairs = zip(ranked.ranking.positions[:_PASSAGES_READ], ranked.ranking.scores, strict=False)
    for position, score in pairs:
        passage, spans = index.passages[position], index.spans[index.sentence_rows(int(position))].tolist()
        scores = ranked.sentence_scores[int(position)].tolist()
        for (start, end), sentence_score in zip(spans, scores, strict=True):
            yield RankedSentence(int(position), passage, start, end, float(score), sentence_score)


def rank_passages(
    index: Index,
    query: Query,
    only: IntVector | None = None,
    weights: Mapping[str, float] | None = None,
    *,
    most: int = 0,
    also: IntVector | None = None,
) -> Ranked:
    """The candidates for the query, or the given positions, best first; ties in the order of the bulletins.

    Of many positions only candidates among them are ranked, at least `most` if there are as many near the query.
    Candidates among the positions of `also` are ranked with them.

    The scores are 0 to 1; a feature without a weight is computed, but does not count. The weights are those for the tokens
    of the index, exact or quantized, unless others are given.
    """
    weights = weights or weights_of(index)
    candidates = find_candidates(index, query, only, most)
    if also is not None:
        candidates = candidates.joined(find_candidates(index, query, also, most))
    positions = candidates.positions
    features = compute_features(index, query, positions, candidates.keywords)
    total = np.sum([w * scale_feature(name, features.values[name]) for name, w in weights.items()], axis=0)
    order = best(np.asarray(total, np.float32), len(positions))
    chosen = order.positions
    return Ranked(
        ranking=Ranking(positions[chosen], order.scores / np.float32(sum(weights.values()))),
        features={name: values[chosen] for name, values in features.values.items()},
        sentence_scores=features.sentence_scores,
        token_maxima=features.token_maxima,
    )
