"""Inner products of float32 vectors with int8 vectors, by exact sums of integers: the same on any processor."""

from __future__ import annotations

import numkong
import numpy as np
from numpy.typing import NDArray

from retrieval.types import FloatMatrix, IntVector

# Rows multiplied at once: the sums for 20 queries, 80 KB, stay in the cache of a core.
_ROWS = 1024
_LARGEST = 127

Bytes = NDArray[np.int8]


def products_with_bytes(table: Bytes, rows: IntVector, queries: FloatMatrix) -> FloatMatrix:
    """(rows, queries) the inner products of these rows of the table with all queries.

    The queries are rounded to bytes of their largest component. Against two bytes a component (16 bits) the first hit
    of 899 questions is the same, and the products of 11,393 rows of 384 components with 20 queries take half the time.
    """
    products = np.empty((len(rows), len(queries)), np.float32)
    if not products.size:
        return products
    codes, scales = _rounded(queries)
    columns = numkong.dots_pack(codes)
    for start in range(0, len(rows), _ROWS):
        batch = _rows_of(table, rows[start : start + _ROWS])
        sums = np.asarray(numkong.dots_packed(batch, columns))  # int32: at most 384 * 127 * 127
        np.multiply(
            sums, scales, out=products[start : start + len(batch)], dtype=np.float32, casting="unsafe"
        )
    return products


def _rows_of(table: Bytes, rows: IntVector) -> Bytes:
    """The rows of the table in the order given; neighbours are not copied."""
    first, last = int(rows[0]), int(rows[-1])
    if last - first == len(rows) - 1 and (np.diff(rows) == 1).all():
        return table[first : last + 1]
    return np.take(table, rows, axis=0)


def _rounded(queries: FloatMatrix) -> tuple[Bytes, NDArray[np.float32]]:
    """(queries, dimension) the components as bytes; (queries,) the size of a step of each."""
    peaks = np.maximum(np.abs(queries).max(axis=1, initial=0.0), 1e-12)
    codes = np.rint(queries * (_LARGEST / peaks)[:, None]).astype(np.int8)
    return codes, np.asarray(peaks / _LARGEST, np.float32)
