"""Exact rankings that `million` compares a search with: every passage measured, or every one compared for a candidate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up_index import Originals
from benchmarks.scale.made_up_questions import MadeUpQuestion, nearest_rows
from retrieval.index.index import Index
from retrieval.questions.question import Query
from retrieval.ranking.features import (
    SHARES,
    compute_features,
    salience,
    salient_maxsim,
    weights_of,
)
from retrieval.ranking.ranker import rank_passages
from retrieval.top_k import best
from retrieval.types import FloatVector, IntVector

_AT_ONCE = 500
"""Passages measured at a time: 150 MB of token vectors."""
_DEPTH = 50
"""Candidates from each ranker, as in a search."""
_FIRST = 10


def rank_every(index: Index, query: Query, passing: IntVector) -> IntVector:
    """The first ten of all that pass, every one measured."""
    parts = [
        compute_features(index, query, batch)
        for batch in np.array_split(passing, 1 + len(passing) // _AT_ONCE)
    ]
    weights = weights_of(index)
    features = {name: np.concatenate([part.values[name] for part in parts]) for name in weights}
    maxima = np.stack([row for part in parts for row in part.token_maxima.values()])
    features["salient_maxsim"] = salient_maxsim(maxima, salience(maxima))
    ranges = _ranges(features)
    total = np.sum(
        [weight * _scaled(name, features[name], ranges[name]) for name, weight in weights.items()], axis=0
    )
    return passing[best(np.asarray(total, np.float32), _FIRST).positions]


def _ranges(features: Mapping[str, FloatVector]) -> dict[str, tuple[float, float]]:
    """By feature, the range of values that is scaled to 0..1."""
    return {name: (float(values.min()), float(values.max())) for name, values in features.items()}


def _scaled(name: str, values: FloatVector, edges: tuple[float, float]) -> NDArray[np.float64]:
    low, high = edges
    if name in SHARES:
        return values.astype(np.float64)
    return (values.astype(np.float64) - low) / (high - low) if high - low >= 1e-9 else np.zeros(len(values))


def rank_candidates(index: Index, query: Query, candidates: IntVector) -> IntVector:
    """The first ten of the candidates, every one ranked."""
    return rank_passages(index, query, candidates, most=len(candidates)).ranking.positions[:_FIRST]


def exact_candidates(
    index: Index, originals: Originals, questions: Sequence[MadeUpQuestion]
) -> list[IntVector]:
    """Candidates from all passages: the best by keywords, and those of the nearest paragraphs and sentences in float32."""
    vectors = np.stack([question.encoding.vectors[0] for question in questions])
    paragraphs = nearest_rows(originals.paragraphs, vectors, _DEPTH)
    sentences = nearest_rows(originals.sentences, vectors, 2 * _DEPTH)
    owners = np.asarray(index.sentences.owners)
    return [
        np.unique(np.concatenate([_best_by_keywords(index, question), near, owners[rows]]))
        for question, near, rows in zip(questions, paragraphs, sentences, strict=True)
    ]


def _best_by_keywords(index: Index, question: MadeUpQuestion) -> IntVector:
    ranking = best(index.bm25.scores(question.query.question.terms), _DEPTH)
    return ranking.positions[ranking.scores > 0]
