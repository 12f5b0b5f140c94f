"""Unit vectors as a few bytes each: the nearest centroid, and the residual by product quantization.

Jégou, Douze & Schmid 2011 (product quantization); centroids with quantized residuals for late interaction: ColBERTv2,
Santhanam et al. 2022, arXiv:2112.01488.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.index.quantized.column_maxima import column_maxima
from retrieval.index.quantized.nearest_centroids import nearest_parts, nearest_rows
from retrieval.index.vectors import ByteRows, TokenCodes, products_with_bytes
from retrieval.storage import row_ranges
from retrieval.types import FloatMatrix, FloatVector, IntVector

_SEED = 1
_ROUNDS = 6
# Sample vectors a centroid: more only cost time.
_SAMPLE_OF_A_CENTROID = 40
_CODES = 256
# Bits of the two-byte header that hold the number of the centroid; the others hold the length of the sum.
_CENTROID_BITS = 11
MOST_CENTROIDS = 1 << _CENTROID_BITS
_CENTROID = MOST_CENTROIDS - 1
_LENGTHS = 1 << (16 - _CENTROID_BITS)
# The least divisor: where vectors point everywhere, their mean has no length.
_SHORTEST = 1e-6
# Rows added up at once: they stay in the processor's cache, which takes a quarter less time.
_ROWS = 4096

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class ProductQuantizer:
    """Centroids of whole vectors, and 256 centroids for each part of the residuals.

    A code is a header of two bytes (centroid and length) and a byte a part. A sum of centroids, being made
    of means, is shorter than the encoded vector, and is scaled to unit length. Without that, four of 316 development
    questions lost their first hit to quantization (`python -m benchmarks.quality.coded_quality`).
    """

    centroids: FloatMatrix
    """(centroids, dimension)"""
    residuals: NDArray[np.float32]
    """(parts, 256, dimension / parts)"""
    lengths: FloatVector
    """(32,) ascending; a sum is divided by the nearest of these."""

    @classmethod
    def train(cls, vectors: FloatMatrix, centroids: int, parts: int) -> ProductQuantizer:
        """Fitted to a sample of the vectors: at most so many centroids, and parts that divide the dimension evenly.

        Raises ValueError for more centroids than the header can number.
        """
        if centroids > MOST_CENTROIDS:
            raise ValueError(f"{centroids} centroids; no more than {MOST_CENTROIDS} can be numbered")
        sample = _sampled(vectors, max(centroids, _CODES) * _SAMPLE_OF_A_CENTROID)
        dimension = sample.shape[1]
        coarse = faiss.Kmeans(
            dimension,
            max(1, min(centroids, len(sample) // _SAMPLE_OF_A_CENTROID)),
            niter=_ROUNDS,
            seed=_SEED,
            min_points_per_centroid=1,
        )
        coarse.train(sample)
        trained = np.asarray(coarse.centroids, np.float32)
        nearest = nearest_rows(trained, sample)
        left = sample - trained[nearest]
        fine = faiss.ProductQuantizer(dimension, even_parts(dimension, parts), 8)
        fine.cp.min_points_per_centroid = 1
        fine.cp.seed = _SEED
        fine.train(repeated(left, _CODES))
        tables = faiss.vector_to_array(fine.centroids).reshape(fine.M, _CODES, fine.dsub)
        residuals = np.ascontiguousarray(tables, np.float32)
        sums = _sums(trained[nearest], residuals, nearest_parts(residuals, left))
        steps = (np.arange(_LENGTHS) + 0.5) / _LENGTHS
        lengths = np.quantile(np.linalg.norm(sums, axis=1), steps)
        return cls(trained, residuals, np.maximum(lengths, _SHORTEST).astype(np.float32))

    @property
    def row_bytes(self) -> int:
        """Bytes a code takes: the header, and one a part."""
        return 2 + len(self.residuals)

    def encode(self, vectors: FloatMatrix) -> Codes:
        """(vectors, row_bytes)"""
        nearest = nearest_rows(self.centroids, vectors)
        whole = self.centroids[nearest]
        parts = nearest_parts(self.residuals, vectors - whole)
        lengths = np.linalg.norm(_sums(whole, self.residuals, parts), axis=1)
        steps = np.searchsorted((self.lengths[1:] + self.lengths[:-1]) / 2, lengths)
        headers = (nearest | steps << _CENTROID_BITS).astype("<u2")
        return np.concatenate([headers.view(np.uint8).reshape(-1, 2), parts], axis=1)

    def decode(self, codes: Codes) -> FloatMatrix:
        """(vectors, dimension), as near as the codes keep them."""
        headers = _headers(codes)
        sums = _sums(self.centroids[headers & _CENTROID], self.residuals, codes[:, 2:])
        return np.asarray(sums / self._lengths_of(headers), np.float32)

    def _lengths_of(self, headers: IntVector) -> FloatMatrix:
        """(vectors, 1) the length of the sum of centroids of each vector, by its header."""
        return self.lengths[headers >> _CENTROID_BITS, None]

    def products(self, codes: Codes, queries: FloatMatrix) -> FloatMatrix:
        """(vectors, queries) inner products, added up from tables without decoding; those with the centroids are of bytes."""
        coarse = products_with_bytes(self._rounded_centroids, queries)
        width = self.residuals.shape[2]
        tables = [
            part @ queries[:, number * width : (number + 1) * width].T
            for number, part in enumerate(self.residuals)
        ]
        products = np.empty((len(codes), len(queries)), np.float32)
        buffer = np.empty((min(len(codes), _ROWS), len(queries)), np.float32)
        for start in range(0, len(codes), _ROWS):
            block = codes[start : start + _ROWS]
            sums, terms = products[start : start + _ROWS], buffer[: len(block)]
            headers = _headers(block)
            # "clip" checks nothing: checked rows would be copied once more.
            np.take(coarse, headers & _CENTROID, axis=0, out=sums, mode="clip")
            for table, numbers in zip(tables, block[:, 2:].T, strict=True):
                sums += np.take(table, numbers, axis=0, out=terms, mode="clip")
            sums /= self._lengths_of(headers)
        return products

    @functools.cached_property
    def _rounded_centroids(self) -> ByteRows:
        """In bytes the products of 2,048 with 12 queries take 0.08 ms, in float32 0.27."""
        rounded = TokenCodes.from_vectors(self.centroids)
        return ByteRows(
            rounded.codes, rounded.scales, np.zeros(1, np.int64), np.asarray([len(self.centroids)])
        )

    @functools.cached_property
    def _centroid_lengths(self) -> FloatMatrix:
        """(centroids, 1) the length of each centroid, at least `_SHORTEST`."""
        lengths = np.linalg.norm(self.centroids, axis=1, keepdims=True)
        return np.asarray(np.maximum(lengths, _SHORTEST), np.float32)

    def centroid_maxima(self, codes: Codes, counts: IntVector, queries: FloatMatrix) -> NDArray[np.uint8]:
        """(texts, queries) the largest cosine of the centroids alone over the codes of each text, of one or more.

        `counts` are those of the texts, whose codes lie one text after the other. In 255 steps from the lowest cosine of
        any centroid to the highest.
        """
        cosines = products_with_bytes(self._rounded_centroids, queries) / self._centroid_lengths
        low, high = float(cosines.min()), float(cosines.max())
        steps = np.rint((cosines - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)
        return column_maxima(steps, _headers(codes) & _CENTROID, counts)


def _headers(codes: Codes) -> IntVector:
    """(vectors,) the first two bytes: the number of the length in the high bits, of the centroid in the low ones."""
    header = np.dtype({"names": ["number"], "formats": ["<u2"], "itemsize": codes.shape[1]})
    return codes.view(header)["number"][:, 0].astype(np.int64)


def _sums(centroids: FloatMatrix, residuals: NDArray[np.float32], codes: Codes) -> FloatMatrix:
    """(vectors, dimension) centroids plus the residual parts of these codes."""
    parts = [part[numbers] for part, numbers in zip(residuals, codes.T, strict=True)]
    return np.asarray(centroids + np.concatenate(parts, axis=1), np.float32)


def _sampled(vectors: FloatMatrix, most: int) -> FloatMatrix:
    """At most so many of the vectors as float32, evenly spread and thus the same every time."""
    return np.ascontiguousarray(vectors[row_ranges.evenly_spread(len(vectors), most)], np.float32)


def repeated(vectors: FloatMatrix, fewest: int) -> FloatMatrix:
    """The vectors, repeated up to the fewest: FAISS asks for as many as it is to find centroids."""
    return np.ascontiguousarray(np.resize(vectors, (max(len(vectors), fewest), vectors.shape[1])), np.float32)


def even_parts(dimension: int, most: int) -> int:
    """The largest number of parts, at most so many, that divides the dimension evenly."""
    return next(parts for parts in range(min(most, dimension), 0, -1) if dimension % parts == 0)
