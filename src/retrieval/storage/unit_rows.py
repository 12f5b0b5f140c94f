"""Vectors of unit length, whose inner products are cosines."""

from __future__ import annotations

import numpy as np

from retrieval.types import FloatMatrix


def unit_rows(rows: FloatMatrix) -> FloatMatrix:
    """(rows, dimension) each row divided by its length; a row of zeros stays one."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)
