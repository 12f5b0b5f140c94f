"""Rankings: positions with scores, best first, and the selection of the best from an array of scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.types import FloatVector, IntVector


@dataclass(frozen=True, slots=True)
class Ranking:
    """Positions in the index with their scores; higher is better, ties in the order of the index."""

    positions: IntVector
    scores: FloatVector


def best(scores: FloatVector, top_k: int) -> Ranking:
    """The positions of the top_k highest scores with them, best first; ties in the order of the positions."""
    count = min(top_k, len(scores))
    if not count:
        return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32))
    # Partitioning the negated scores is ten times as fast as asking for the last k of a score array full of zeros.
    least = -np.partition(-scores, count - 1)[count - 1]
    above = np.flatnonzero(scores > least)
    tied = np.flatnonzero(scores == least)[: count - len(above)]
    chosen = np.sort(np.concatenate([above, tied]))
    order = chosen[np.argsort(-scores[chosen], kind="stable")]
    return Ranking(order.astype(np.int64), scores[order])


def best_of(rankings: Sequence[Ranking], top_k: int) -> Ranking:
    """The best of all rankings, of which there is one or more; ties in the order of the positions."""
    positions = np.concatenate([ranking.positions for ranking in rankings])
    scores = np.concatenate([ranking.scores for ranking in rankings])
    order = np.lexsort((positions, -scores))[:top_k]
    return Ranking(positions[order], scores[order])


def scaled(scores: FloatVector) -> FloatVector:
    """The scores scaled linearly to 0..1; all 0 if they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - low) / (high - low), np.float32)
