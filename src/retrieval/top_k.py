"""Rankings: positions with scores, best first, and the selection of the best from an array of scores."""

from __future__ import annotations

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


class BestSoFar:
    """The best positive scores of many, which come a block at a time in the order of the positions."""

    def __init__(self, top_k: int) -> None:
        self._top_k = top_k
        self._least = np.float32(0.0)
        self._best = np.zeros(0, np.float32)
        self._positions = [np.zeros(0, np.int64)]
        self._scores = [np.zeros(0, np.float32)]

    def add(self, first: int, scores: FloatVector) -> None:
        """The scores from the position `first` on; those that the best of earlier ones exceed are dropped."""
        above = np.flatnonzero(scores > self._least)
        self._positions.append(above + first)
        self._scores.append(scores[above])
        self._best = np.concatenate([self._best, scores[above]])
        if 0 < self._top_k < len(self._best):
            self._best = np.partition(self._best, -self._top_k)[-self._top_k :]
            self._least = self._best[0]

    def ranking(self) -> Ranking:
        """The best of all, ties in the order of the positions."""
        ranking = best(np.concatenate(self._scores), self._top_k)
        return Ranking(np.concatenate(self._positions)[ranking.positions], ranking.scores)


def scaled(scores: FloatVector) -> FloatVector:
    """The scores scaled linearly to 0..1; all 0 if they do not differ."""
    low, high = float(scores.min()), float(scores.max())
    if high - low < 1e-9:
        return np.zeros_like(scores)
    return np.asarray((scores - low) / (high - low), np.float32)
