"""The largest byte of each column over the rows of a table that belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retrieval.types import IntVector

# NumPy copies rows of 16 bytes without a call for each.
_COLUMNS = 16
# Groups looked up at a time, about as long as each other: 75 of 183 rows take 220 KB. Of 300 such groups and 12 columns
# the maxima take 0.3 ms, by a look-up of all rows and `np.maximum.reduceat` 0.6.
_GROUPS = 75

_Bytes = NDArray[np.uint8]


def column_maxima(table: _Bytes, rows: IntVector, counts: IntVector) -> _Bytes:
    """(groups, columns) the largest over the rows of each group, which lie one group after the other.

    `counts` are those of the groups, of one row or more.
    """
    maxima = np.zeros((len(counts), table.shape[1]), np.uint8)
    for first in range(0, table.shape[1], _COLUMNS):
        columns = table[:, first : first + _COLUMNS]
        block = np.zeros((len(table), _COLUMNS), np.uint8)
        block[:, : columns.shape[1]] = columns
        maxima[:, first : first + _COLUMNS] = _block_maxima(block, rows, counts)[:, : columns.shape[1]]
    return maxima


def _block_maxima(table: _Bytes, rows: IntVector, counts: IntVector) -> _Bytes:
    """As `column_maxima`, of a table of `_COLUMNS`."""
    maxima = np.zeros((len(counts), _COLUMNS), np.uint8)
    ends = np.cumsum(counts)
    order = np.argsort(counts)
    for start in range(0, len(order), _GROUPS):
        groups = order[start : start + _GROUPS]
        # The last row of a shorter group is looked up again, which changes no maximum.
        steps = np.arange(counts[groups[-1]])[:, None]
        numbers = np.minimum((ends - counts)[groups] + steps, ends[groups] - 1)
        # "clip" skips the bounds check.
        found = np.take(table, np.take(rows, numbers, mode="clip"), axis=0, mode="clip")
        maxima[groups] = found.max(axis=0)
    return maxima
