"""Row numbers of arrays (contiguous ranges, evenly spaced samples) and rows of unit length."""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatMatrix, IntVector


def numbers_of(starts: IntVector, ends: IntVector) -> IntVector:
    """The numbers of all runs, one run after the other."""
    counts = ends - starts
    firsts = np.cumsum(counts) - counts
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - firsts, counts), np.int64)


def joined(starts: IntVector, ends: IntVector) -> tuple[IntVector, IntVector]:
    """The same numbers in as few runs: of those that are not empty, each that goes on where the last ended is part of it."""
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    is_first = np.append(True, starts[1:] != ends[:-1])[: len(starts)]
    return starts[is_first], ends[np.append(is_first[1:], True)[: len(ends)]]


def evenly_spread(count: int, most: int) -> IntVector:
    """At most so many of the numbers below the count, in order, from the first to the last."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def unit_rows(rows: FloatMatrix) -> FloatMatrix:
    """(rows, dimension) each row divided by its length; a row of zeros stays one."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
