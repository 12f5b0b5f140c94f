"""Row numbers of arrays: contiguous ranges, evenly spaced samples; and rows of unit length."""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatMatrix, IntVector


def numbers_of(starts: IntVector, ends: IntVector) -> IntVector:
    """The numbers from each start to before its end, one range after the other."""
    counts = ends - starts
    offsets = np.cumsum(counts) - counts
    return np.asarray(np.arange(counts.sum()) + np.repeat(starts - offsets, counts), np.int64)


def merged(starts: IntVector, ends: IntVector) -> tuple[IntVector, IntVector]:
    """The same ranges without empty ones, and with each range that begins where the one before it ends joined to it."""
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    is_first = np.append(True, starts[1:] != ends[:-1])[: len(starts)]
    return starts[is_first], ends[np.append(is_first[1:], True)[: len(ends)]]


def evenly_spread(count: int, most: int) -> IntVector:
    """At most `most` of the numbers below the count, evenly spaced, in order, the first and the last among them."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def unit_rows(rows: FloatMatrix) -> FloatMatrix:
    """(rows, dimension) each row divided by its length; rows of zeros stay as they are."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
