"""Runs of numbers that follow one another, each from its start to before its end."""

from __future__ import annotations

import numpy as np

from retrieval.types import IntVector


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
