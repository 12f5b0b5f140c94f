"""The paragraph vectors of a large collection: a byte a component, in inverted lists of neighbours (FAISS IVF, SQ8)."""

from __future__ import annotations

import math
from typing import Any, Self, cast

import faiss
import numpy as np

from retrieval.index.quantized.ivf_codes import codes_of
from retrieval.index.vectors import FaissIndex
from retrieval.storage import row_ranges
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

# FAISS describes the types of its C++ classes, and not what their Python constructors take.
_untyped: Any = faiss

# At a million vectors 1,000 lists, of which a search reads the 64 nearest: 6 % of the vectors; within a mask more.
_PROBES, _MOST_PROBES = 64, 128
_SAMPLE_OF_A_LIST = 40
_MARGIN = 0.1
"""Added to the range of each component, on both sides: for vectors outside the training sample."""


class IVFIndex(FaissIndex):
    """An approximate index of many vectors; a search reads the lists nearest to the query."""

    # A vector kept in a byte a component is a little longer or shorter than it was.
    tolerance = 0.01

    def __init__(self, index: faiss.Index, owners: IntVector) -> None:
        super().__init__(index, owners)
        self._codes = codes_of(index)

    @classmethod
    def build(cls, vectors: FloatMatrix, owners: IntVector, like: IVFIndex | None = None) -> Self:
        """An index trained on a sample of the vectors, or with the training of another one.

        Vectors decoded from that other index keep their codes. Raises ValueError if the owners are not as many as the
        vectors.
        """
        lists = like._lists if like else max(1, math.isqrt(len(vectors)))
        index = _untyped.index_factory(vectors.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.sq.rangestat_arg = _MARGIN
        if like:
            _copy_training(like._index, index)
        else:
            rows = row_ranges.evenly_spread(len(vectors), index.nlist * _SAMPLE_OF_A_LIST)
            index.train(np.ascontiguousarray(vectors[rows], np.float32))
        built = cls._filled(index, vectors, owners)
        index.make_direct_map()
        return built

    @property
    def _lists(self) -> int:
        index: Any = self._index
        return int(index.nlist)

    def _search_parameters(self, within: Mask | None) -> faiss.SearchParameters:
        parameters = _untyped.SearchParametersIVF(nprobe=self._probes(within), **self._selector(within))
        return cast("faiss.SearchParameters", parameters)

    def _probes(self, within: Mask | None) -> int:
        """The lists to read, more of them the fewer rows the mask lets pass."""
        passing = 1.0 if within is None else max(float(within.mean()), 1e-6)
        return min(int(_PROBES / passing), _MOST_PROBES, self._lists)

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return self._codes.products(query, rows) if self._codes else super().products(query, rows)


def _copy_training(trained: Any, index: Any) -> None:
    """Copy the centres of the lists and the range of each component."""
    index.quantizer.add(trained.quantizer.reconstruct_n(0, trained.nlist))
    faiss.copy_array_to_vector(faiss.vector_to_array(trained.sq.trained), index.sq.trained)
    index.is_trained = True
