"""The paragraph vectors of a large collection: found by 4-bit product codes in inverted lists, compared by a byte a component.

FAISS `IVF,PQ128x4fs,Refine(SQ8)`, residuals coded. The product codes of the lists that a search reads are looked up in
registers (FastScan, André et al. 2017, arXiv:1704.07355); the best by them are compared by their bytes, which stay on disk.
"""

from __future__ import annotations

import math
from typing import Any, Self, cast

import faiss

from retrieval.index.quantized.product_quantizer import even_parts, repeated
from retrieval.index.quantized.scalar_codes import ScalarCodes
from retrieval.index.vectors import FaissIndex
from retrieval.storage import row_ranges
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

# FAISS describes the types of its C++ classes, and not what their Python constructors take.
_untyped: Any = faiss

# At a million vectors 1,000 lists, of which a search reads the 32 nearest: 3 % of the vectors; within a mask more. With 64
# as many of 1,000 public questions have their paragraph first, and a search takes 0.2 ms more.
_PROBES, _MOST_PROBES = 32, 128
_SAMPLE_OF_A_LIST = 40
# Of 100,000 paragraphs, with 64 lists read and 600 vectors compared, 300 questions find 0.849 of the nearest hundred in 0.34
# ms of the processor, and 0.893 of the paragraphs that answer them. With 400 compared: with 96 parts 0.747 and 0.877 in 0.25
# ms, with 192 0.888 and 0.903 in 0.33 ms, with RaBitQ, a bit a component, 0.880 and 0.897 in 0.58 ms. The lists of bytes that
# this replaces found 0.922 and 0.917 in 0.60 ms, and took time as the collection grew: of a million they compare 64,000
# vectors by bytes, this 1,200.
_PARTS, _CODES = 128, 16
"""Parts of a vector, and codes of each: 64 bytes."""
_COMPARED = 1200
"""Vectors compared by a byte a component; more where more are asked for. A search anywhere asks for 800: of 300 public
questions among a million passages 261 then have their paragraph first, with 1,600 compared 262, with 1,000 261."""
_MARGIN = 0.1
"""Added to the range of each component, on both sides: for vectors outside the training sample."""


class IVFIndex(FaissIndex):
    """An approximate index of many vectors; a search reads the lists nearest to the query."""

    # A vector kept in a byte a component is a little longer or shorter than it was.
    tolerance = 0.01
    # The bytes are mapped; the lists of product codes are read, 56 MB of a million.
    _read_flags = _untyped.IO_FLAG_MMAP_IFC

    def __init__(self, index: faiss.Index, owners: IntVector) -> None:
        super().__init__(index, owners)
        self._lists, self._compared = _stages_of(index)
        self._codes = ScalarCodes(self._compared)

    @classmethod
    def build(cls, vectors: FloatMatrix, owners: IntVector, like: IVFIndex | None = None) -> Self:
        """An index trained on a sample of the vectors, or with the training of another one.

        Vectors decoded from that other index keep their codes. Raises ValueError if the owners are not as many as the
        vectors.
        """
        dimension = vectors.shape[1]
        lists = like._lists.nlist if like else max(1, math.isqrt(len(vectors)))
        description = f"IVF{lists},PQ{even_parts(dimension, _PARTS)}x4fs,Refine(SQ8)"
        index = _untyped.index_factory(dimension, description, faiss.METRIC_INNER_PRODUCT)
        fast, compared = _stages_of(index)
        # FastScan codes whole vectors unless told: by codes of 96 parts 0.650 of the nearest are found, not 0.747.
        fast.by_residual = True
        if like:
            _copy_training(like, index)
        else:
            fast.cp.min_points_per_centroid = fast.pq.cp.min_points_per_centroid = 1
            compared.sq.rangestat_arg = _MARGIN
            rows = row_ranges.evenly_spread(len(vectors), lists * _SAMPLE_OF_A_LIST)
            index.train(repeated(vectors[rows], _CODES))
        return cls._filled(index, vectors, owners)

    def _search_parameters(self, top_k: int, within: Mask | None) -> faiss.SearchParameters:
        lists = _untyped.SearchParametersIVF(nprobe=self._probes(within), **self._selector(within))
        parameters = _untyped.IndexRefineSearchParameters(
            k_factor=max(1.0, _COMPARED / max(top_k, 1)), base_index_params=lists
        )
        return cast("faiss.SearchParameters", parameters)

    def _probes(self, within: Mask | None) -> int:
        """The lists to read, more of them the fewer rows the mask lets pass."""
        passing = 1.0 if within is None else max(float(within.mean()), 1e-6)
        return min(int(_PROBES / passing), _MOST_PROBES, int(self._lists.nlist))

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return self._codes.products(query, rows)


def _stages_of(index: Any) -> tuple[Any, Any]:
    """The inverted lists and the scalar quantizer of the index."""
    return faiss.downcast_index(index.base_index), faiss.downcast_index(index.refine_index)


def _copy_training(trained: IVFIndex, index: Any) -> None:
    """Copy the centres of the lists, the centroids of the parts and the range of each component."""
    lists, compared = _stages_of(index)
    lists.quantizer.add(trained._lists.quantizer.reconstruct_n(0, trained._lists.nlist))
    faiss.copy_array_to_vector(faiss.vector_to_array(trained._lists.pq.centroids), lists.pq.centroids)
    faiss.copy_array_to_vector(faiss.vector_to_array(trained._compared.sq.trained), compared.sq.trained)
    lists.is_trained = compared.is_trained = index.is_trained = True
