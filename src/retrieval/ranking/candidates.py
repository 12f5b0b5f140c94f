"""Which passages are ranked for a query: all where they are few, else those that are best by what costs little."""

from __future__ import annotations

import numpy as np

from retrieval.index import Index
from retrieval.index.vectors import FaissIndex, QuantizedTokens, maxsim
from retrieval.questions import Query
from retrieval.ranking.features import WEIGHTS
from retrieval.storage import row_ranges
from retrieval.top_k import best, scaled
from retrieval.types import FloatVector, IntVector, Mask

_OF_EACH = 50  # from each ranker; hit@3 on the development questions does not rise beyond 20
# Where sentences are not ranked, paragraphs stand in for them.
_PARAGRAPHS_ALONE = 100
_ALL_RANKED = 512
"""Passages that pass a filter are ranked one and all up to here."""
_ALL_COMPARED = 100_000
"""Of so many every paragraph is compared, in 17 ms: the lists would miss some."""
_BEST_TOGETHER = 360
"""Of more than are ranked, keywords and paragraphs are compared, and so many are candidates that are best by both together."""
# Where tokens are coded, more pass that comparison, and their tokens are compared too, roughly. Of a million made-up
# passages the first ten are then 0.982 of those that would come first if all that pass were measured, for the cost at
# which 360 by keywords and paragraphs gave 0.954 (`python -m benchmarks.scale.million`).
_COMPARED_ROUGHLY, _BEST_ROUGHLY = 1200, 180
_ORDINARY = 50
"""Others that pass are ranked with them, evenly spread. The scale of a signal reaches from the worst to the best that is
ranked: among the best alone, small differences would count as much as large ones do in a small place."""


def find_candidates(index: Index, query: Query, only: IntVector | None, most: int) -> IntVector:
    """The positions to be ranked, in order, of those given or of all; at least `most` if so many are near the query."""
    depth, size = max(most, _OF_EACH), len(index.passages)
    if only is not None and len(only) <= max(_ALL_RANKED, depth):
        return only
    if only is None or len(only) == size:
        return _best_of_each(index, query, depth)
    if len(only) <= _ALL_COMPARED:
        return _best_together(index, query, only, depth)
    return _best_of_each(index, query, depth, _mask(only, size))


def _best_of_each(index: Index, query: Query, depth: int, within: Mask | None = None) -> IntVector:
    """Passages that any ranker puts among its best."""
    sparse = index.sparse.rank(query.question.terms, depth, within).positions
    sentences = index.sentences
    if not isinstance(sentences, FaissIndex):
        paragraphs = index.paragraphs.rank(query.vector, max(depth, _PARAGRAPHS_ALONE), within).positions
        return np.union1d(sparse, paragraphs)
    paragraphs = index.paragraphs.rank(query.vector, depth, within).positions
    rows = sentences.rank(query.vector, 2 * depth, None if within is None else within[sentences.owners])
    return np.unique(np.concatenate([sparse, paragraphs, sentences.owners[rows.positions]]))


def _best_together(index: Index, query: Query, only: IntVector, depth: int) -> IntVector:
    """Of the positions those that are best by all that was compared, as it is weighted in the ranking."""
    keywords = index.sparse.scores(query.question.terms, _mask(only, len(index.passages)))
    paragraphs = index.paragraphs.products(query.vector, only)
    together = WEIGHTS["keywords"] * scaled(keywords) + WEIGHTS["paragraph"] * scaled(paragraphs)
    if isinstance(index.tokens, QuantizedTokens):
        near = np.sort(best(together, max(depth, _COMPARED_ROUGHLY)).positions)  # neighbours are read at once
        late = scaled(_rough_late(index, index.tokens, query, only[near]))
        together = together[near] + (WEIGHTS["late"] + WEIGHTS["passage_maxsim"]) * late
        chosen = near[best(together, max(depth, _BEST_ROUGHLY)).positions]
    else:
        chosen = best(together, max(depth, _BEST_TOGETHER)).positions
    return only[np.union1d(chosen, row_ranges.evenly_spread(len(only), _ORDINARY))]


def _rough_late(index: Index, tokens: QuantizedTokens, query: Query, positions: IntVector) -> FloatVector:
    """The late interaction of each passage with the query, in steps."""
    return maxsim(tokens.approximate_token_maxima(query.tokens, *index.sentence_runs(positions)))


def _mask(positions: IntVector, size: int) -> Mask:
    """(size,) true at the positions."""
    mask = np.zeros(size, np.bool_)
    mask[positions] = True
    return mask
