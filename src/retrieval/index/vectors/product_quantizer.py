"""Unit vectors as a few bytes each: the nearest of many centroids, and what is left by product quantisation.

Jégou, Douze & Schmid 2011 (product quantisation); centroids with coded residuals for late interaction: ColBERTv2,
Santhanam et al. 2022, arXiv:2112.01488.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.index.vectors.nearest_centroids import nearest_parts, nearest_rows
from retrieval.storage import row_ranges
from retrieval.types import FloatMatrix, FloatVector, IntVector

_SEED = 1
_ROUNDS = 6
# Of so many vectors a centroid is found well enough; more only cost time.
_SAMPLE_OF_A_CENTROID = 40
_CODES = 256
# Of the two bytes of a centroid's number these tell the number, the others how long the sum of the parts is.
_CENTROID_BITS = 11
MOST_CENTROIDS = 1 << _CENTROID_BITS
_LENGTHS = 1 << (16 - _CENTROID_BITS)
# Nothing is divided by less: where vectors point everywhere, their mean has no length.
_SHORTEST = 1e-6
# Added up at once: what was added to is still in the processor's cache, which takes a quarter less time.
_ROWS = 4096

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class ProductQuantizer:
    """Centroids of whole vectors, and for each part of what is left the 256 vectors that stand for it.

    A sum of them, being made of means, is shorter than the vector that it stands for: it is brought to unit length. Without
    that, four of 316 development questions lost their first hit by the codes (`python -m benchmarks.quality.coded_quality`).
    """

    centroids: FloatMatrix
    """(centroids, dimension)"""
    residuals: NDArray[np.float32]
    """(parts, 256, dimension / parts)"""
    lengths: FloatVector
    """(32,) in order; by the nearest of these a sum is divided."""

    @classmethod
    def train(cls, vectors: FloatMatrix, centroids: int, parts: int) -> ProductQuantizer:
        """Fitted to the vectors, at most so many centroids; the parts are as many as divide the dimension evenly.

        Raises ValueError for more centroids than can be numbered.
        """
        if centroids > MOST_CENTROIDS:
            raise ValueError(f"{centroids} centroids; no more than {MOST_CENTROIDS} can be numbered")
        sample = _drawn(vectors, max(centroids, _CODES) * _SAMPLE_OF_A_CENTROID)
        dimension = sample.shape[1]
        coarse = faiss.Kmeans(
            dimension,
            max(1, min(centroids, len(sample) // _SAMPLE_OF_A_CENTROID)),
            niter=_ROUNDS,
            seed=_SEED,
            min_points_per_centroid=1,
        )
        coarse.train(sample)
        found = np.asarray(coarse.centroids, np.float32)
        nearest = nearest_rows(found, sample)
        left = sample - found[nearest]
        fine = faiss.ProductQuantizer(dimension, _divisor(dimension, parts), 8)
        fine.cp.min_points_per_centroid = 1
        fine.cp.seed = _SEED
        fine.train(_at_least(left, _CODES))
        parts_found = faiss.vector_to_array(fine.centroids).reshape(fine.M, _CODES, fine.dsub)
        residuals = np.ascontiguousarray(parts_found, np.float32)
        sums = _sums(found[nearest], residuals, nearest_parts(residuals, left))
        steps = (np.arange(_LENGTHS) + 0.5) / _LENGTHS
        lengths = np.quantile(np.linalg.norm(sums, axis=1), steps)
        return cls(found, residuals, np.maximum(lengths, _SHORTEST).astype(np.float32))

    @property
    def row_bytes(self) -> int:
        """Bytes a vector takes: two for the centroid and the length of the sum, and one a part."""
        return 2 + len(self.residuals)

    def encode(self, vectors: FloatMatrix) -> Codes:
        """(vectors, row_bytes)"""
        nearest = nearest_rows(self.centroids, vectors)
        whole = self.centroids[nearest]
        parts = nearest_parts(self.residuals, vectors - whole)
        lengths = np.linalg.norm(_sums(whole, self.residuals, parts), axis=1)
        steps = np.searchsorted((self.lengths[1:] + self.lengths[:-1]) / 2, lengths)
        heads = (nearest | steps << _CENTROID_BITS).astype("<u2")
        return np.concatenate([heads.view(np.uint8).reshape(-1, 2), parts], axis=1)

    def decode(self, codes: Codes) -> FloatMatrix:
        """(vectors, dimension), as near as the codes keep them."""
        heads = _heads(codes)
        sums = _sums(self.centroids[heads % MOST_CENTROIDS], self.residuals, codes[:, 2:])
        return np.asarray(sums / self._lengths_of(heads), np.float32)

    def _lengths_of(self, heads: IntVector) -> FloatMatrix:
        """(vectors, 1)"""
        return self.lengths[heads >> _CENTROID_BITS, None]

    def products(self, codes: Codes, queries: FloatMatrix) -> FloatMatrix:
        """(vectors, queries) inner products, added up from tables without decoding."""
        coarse = self.centroids @ queries.T
        width = self.residuals.shape[2]
        tables = [
            part @ queries[:, number * width : (number + 1) * width].T
            for number, part in enumerate(self.residuals)
        ]
        found = np.empty((len(codes), len(queries)), np.float32)
        added = np.empty((min(len(codes), _ROWS), len(queries)), np.float32)
        for start in range(0, len(codes), _ROWS):
            some = codes[start : start + _ROWS]
            sums, rest = found[start : start + _ROWS], added[: len(some)]
            heads = _heads(some)
            # "clip" checks nothing: checked rows would be copied once more.
            np.take(coarse, heads % MOST_CENTROIDS, axis=0, out=sums, mode="clip")
            for table, numbers in zip(tables, some[:, 2:].T, strict=True):
                sums += np.take(table, numbers, axis=0, out=rest, mode="clip")
            sums /= self._lengths_of(heads)
        return found

    @functools.cached_property
    def _centroid_lengths(self) -> FloatMatrix:
        """(centroids, 1)"""
        lengths = np.linalg.norm(self.centroids, axis=1, keepdims=True)
        return np.asarray(np.maximum(lengths, _SHORTEST), np.float32)

    def centroid_scores(self, codes: Codes, queries: FloatMatrix) -> NDArray[np.uint8]:
        """(vectors, queries) the cosines of the centroids alone, in 255 steps from the least of any to the most.

        In bytes they take a quarter of the memory, and with it 4.4 ms for 270,000 vectors and 16 queries, not 7.
        """
        table = self.centroids @ queries.T / self._centroid_lengths
        low, high = float(table.min()), float(table.max())
        steps = np.rint((table - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)
        found = np.empty((len(codes), len(queries)), np.uint8)
        for start in range(0, len(codes), _ROWS):
            some = slice(start, start + _ROWS)
            np.take(steps, _heads(codes[some]) % MOST_CENTROIDS, axis=0, out=found[some], mode="clip")
        return found


def _heads(codes: Codes) -> IntVector:
    """(vectors,) the first two bytes: the number of the centroid, and that of the length above it."""
    return codes[:, 0].astype(np.int64) | codes[:, 1].astype(np.int64) << 8


def _sums(centroids: FloatMatrix, residuals: NDArray[np.float32], codes: Codes) -> FloatMatrix:
    """(vectors, dimension) centroids and the parts of these numbers added up."""
    left = [part[numbers] for part, numbers in zip(residuals, codes.T, strict=True)]
    return np.asarray(centroids + np.concatenate(left, axis=1), np.float32)


def _drawn(vectors: FloatMatrix, most: int) -> FloatMatrix:
    """So many of the vectors, evenly spread and thus the same every time, as float32."""
    return np.ascontiguousarray(vectors[row_ranges.evenly_spread(len(vectors), most)], np.float32)


def _at_least(vectors: FloatMatrix, fewest: int) -> FloatMatrix:
    """The vectors again and again: FAISS wants as many as it shall find centroids."""
    return np.ascontiguousarray(np.resize(vectors, (max(len(vectors), fewest), vectors.shape[1])), np.float32)


def _divisor(dimension: int, most: int) -> int:
    return next(parts for parts in range(min(most, dimension), 0, -1) if dimension % parts == 0)
