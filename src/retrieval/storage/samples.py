"""Samples of rows that are the same every time."""

from __future__ import annotations

import numpy as np

from retrieval.types import IntVector


def evenly_spread(count: int, most: int) -> IntVector:
    """At most so many of the numbers below the count, in order, from the first to the last."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)
