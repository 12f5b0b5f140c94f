"""The passages that are ranked for a query: all if they are few, otherwise the best by inexpensive measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.index import Index, remote_contents
from retrieval.index.vectors import maxsim
from retrieval.language import segmentation
from retrieval.questions import Query
from retrieval.storage import row_ranges
from retrieval.top_k import best, scaled
from retrieval.types import FloatVector, IntVector, Mask

_OF_EACH = 50  # from each ranker; hit@3 on the development questions does not rise beyond 20
# Where sentences are not searchable, the best of more by keywords and of more paragraphs are compared by approximate MaxSim,
# and the best of these are candidates. Of 300 public questions hidden among a million passages 0.877 then come first, and
# 0.831 of 700 others, for 6.1 ms of the processor. With 400 paragraphs it is 0.863 and 0.828, with 200 by keywords of these
# 0.850 and 0.828; with 250 compared 0.870 and 0.828, with 60 candidates 0.877 and 0.826, with 100 0.867 and 0.831
# (`python -m benchmarks.scale.million`).
_KEYWORDS_ALONE, _PARAGRAPHS_ALONE, _COMPARED_ALONE, _BEST_ALONE = 400, 800, 300, 80
_ALL_RANKED = 512
"""Up to so many passages that pass a filter are all ranked."""
_ALL_READ = 1024
"""The same for an index on a server: reading them takes 59 ms, candidates among them 69 (`benchmarks.scale.two_homes`)."""
_ALL_COMPARED = 100_000
"""Up to so many paragraphs are all compared, in 17 ms: the lists of an approximate index would miss some."""
_BEST_TOGETHER = 360
"""Candidates kept after fusing the scores of BM25 and paragraphs."""
# Where tokens are quantized, more pass that comparison, and their approximate MaxSim is compared too. Of a million
# synthetic passages 0.982 of the first ten are then those that would come first if all were measured, for the cost at
# which 360 by keywords and paragraphs gave 0.954 (`python -m benchmarks.scale.million`).
_COMPARED_APPROXIMATELY, _BEST_APPROXIMATELY = 1200, 180
# Weights of the scaled scores in that fusion: BM25 and approximate MaxSim as in the ranking; the paragraph stands for MaxSim,
# and below 0.7 less than 0.97 of the first ten of all are candidates (tests/retrieval/ranking/test_candidates.py).
_KEYWORDS, _PARAGRAPH, _MAXSIM = 0.46, 0.7, 1.93
_BACKGROUND = 50
"""Other passages that pass, evenly spread, are ranked with the best. A feature is scaled from the worst to the best
candidate: among the best alone, small differences would count as much as large ones do in a small place."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """How many are compared by approximate MaxSim, and how many of these are kept."""

    compared: int
    kept: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages to be ranked."""

    positions: IntVector
    """In order."""
    keywords: FloatVector | None = None
    """The BM25 score of each, where finding them has computed it."""

    def joined(self, other: Candidates) -> Candidates:
        """Those of both."""
        return Candidates(np.union1d(self.positions, other.positions))


def find_candidates(index: Index, query: Query, only: IntVector | None, most: int) -> Candidates:
    """The candidates among the positions given or all; at least `most` if so many are near the query."""
    depth, size = max(most, _OF_EACH), len(index.passages)
    few = _ALL_READ if index.remote else _ALL_RANKED
    if only is not None and len(only) <= max(few, depth):
        if index.remote:
            index.remote.fetch(only)
        return Candidates(only)
    if index.remote:
        words = tuple(segmentation.words(query.question.text))
        sought = remote_contents.Sought(query.vector, words, query.question.terms, depth)
        return Candidates(
            index.remote.candidates(sought, None if only is None or len(only) == size else only)
        )
    if only is None or len(only) == size:
        return _best_of_each(index, query, depth)
    if len(only) <= _ALL_COMPARED:
        return Candidates(_best_together(index, query, only, depth))
    return _best_of_each(index, query, depth, _mask(only, size))


def _best_of_each(index: Index, query: Query, depth: int, within: Mask | None = None) -> Candidates:
    """Passages that any ranker puts among its best."""
    sentences = index.sentences
    if not sentences.is_searchable:
        return _best_of_near(index, query, depth, within)
    keywords = index.bm25.rank(query.question.terms, depth, within).positions
    paragraphs = index.paragraphs.rank(query.vector, depth, within).positions
    rows = sentences.rank(query.vector, 2 * depth, None if within is None else within[sentences.owners])
    return Candidates(np.unique(np.concatenate([keywords, paragraphs, sentences.owners[rows.positions]])))


def _best_of_near(index: Index, query: Query, depth: int, within: Mask | None) -> Candidates:
    """The best, by the compared scores, of what keywords or paragraphs put among their best."""
    paragraphs = np.sort(index.paragraphs.rank(query.vector, max(depth, _PARAGRAPHS_ALONE), within).positions)
    most = max(depth, _KEYWORDS_ALONE)
    by_words, beside = index.bm25.rank_and_score(query.question.terms, most, paragraphs, within)
    near, first = np.unique(np.concatenate([by_words.positions, paragraphs]), return_index=True)
    keywords = np.concatenate([by_words.scores, beside])[first]
    together = _fused(keywords, index.paragraphs.products(query.vector, near))
    limits = _Limits(max(depth, _COMPARED_ALONE), max(depth, _BEST_ALONE))
    chosen = np.sort(_best_by_tokens(index, query, near, together, limits))
    return Candidates(near[chosen], keywords[chosen])


def _fused(keywords: FloatVector, paragraphs: FloatVector) -> FloatVector:
    """The scaled scores of both, weighted."""
    return _KEYWORDS * scaled(keywords) + _PARAGRAPH * scaled(paragraphs)


def _best_together(index: Index, query: Query, only: IntVector, depth: int) -> IntVector:
    """The best of the positions by the compared scores, weighted."""
    keywords = index.bm25.scores(query.question.terms, _mask(only, len(index.passages)))
    paragraphs = index.paragraphs.products(query.vector, only)
    together = _fused(keywords, paragraphs)
    if index.tokens.is_quantized:
        limits = _Limits(max(depth, _COMPARED_APPROXIMATELY), max(depth, _BEST_APPROXIMATELY))
        chosen = _best_by_tokens(index, query, only, together, limits)
    else:
        chosen = best(together, max(depth, _BEST_TOGETHER)).positions
    return only[np.union1d(chosen, row_ranges.evenly_spread(len(only), _BACKGROUND))]


def _best_by_tokens(
    index: Index, query: Query, positions: IntVector, together: FloatVector, limits: _Limits
) -> IntVector:
    """The numbers of the best of the positions by their fused scores and approximate MaxSim, best first."""
    near = np.sort(best(together, limits.compared).positions)  # neighbours are read at once
    ranges = index.sentence_ranges(positions[near])
    approximate = maxsim(index.tokens.approximate_token_maxima(query.tokens, *ranges))
    return near[best(together[near] + _MAXSIM * scaled(approximate), limits.kept).positions]


def _mask(positions: IntVector, size: int) -> Mask:
    """(size,) true at the positions."""
    mask = np.zeros(size, np.bool_)
    mask[positions] = True
    return mask
