"""The nearest of a table's vectors to each of many: told by bytes, and by float32 where bytes cannot tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.types import FloatMatrix, FloatVector, IntVector

# Vectors at a time, their products being 2 million: 8 MB stay in the processor's cache. Four times as many took 2.6
# times as long.
_PRODUCTS = 1 << 21
_DIGIT = 127
# Bytes tell if the nearest is nearer than the next by more than so many standard deviations of what rounding adds to
# the difference; none of 27,777 tokens, made up or of the bundled model, got another centroid than by float32. Of the
# latter one in twenty is compared again.
_DEVIATIONS = 6.0

_Mask = NDArray[np.bool_]


def nearest_rows(table: FloatMatrix, vectors: FloatMatrix) -> IntVector:
    """(vectors,) the row of the table nearest to each, by Euclid; of 2,048 rows in a third of the time of float32."""
    found = np.zeros(len(vectors), np.int64)
    in_bytes = _InBytes.of(table)
    at_once = max(1, _PRODUCTS // len(table))
    for start in range(0, len(vectors), at_once):
        some = vectors[start : start + at_once]
        nearest, is_sure = in_bytes.nearest(some, at_once)
        nearest[~is_sure] = in_bytes.nearest_by_floats(some[~is_sure])
        found[start : start + at_once] = nearest
    return found


def nearest_parts(tables: NDArray[np.float32], vectors: FloatMatrix) -> NDArray[np.uint8]:
    """(vectors, parts) of each part of each vector the row nearest to it in the part's table: (parts, 256, width).

    Of 8 parts of 48 in a third of the time that FAISS takes.
    """
    import torch

    parts, rows, width = tables.shape
    turned = torch.from_numpy(np.array(tables.transpose(0, 2, 1)))  # mapped tables cannot be written to
    halves = torch.from_numpy(-_half_squares(tables)[:, None, :])
    found = np.zeros((len(vectors), parts), np.uint8)
    at_once = max(1, _PRODUCTS // (parts * rows))
    for start in range(0, len(vectors), at_once):
        some = torch.from_numpy(vectors[start : start + at_once]).view(-1, parts, width)
        found[start : start + at_once] = (
            torch.baddbmm(halves, some.transpose(0, 1), turned).numpy().argmax(2).T
        )
    return found


@dataclass(frozen=True, slots=True)
class _InBytes:
    """A table rounded to bytes: a row is about `codes * step`."""

    table: FloatMatrix
    codes: NDArray[np.int8]
    step: float
    halves: FloatVector
    """(rows,) half the square of each: the nearest has the largest product less this."""
    longest: float

    @classmethod
    def of(cls, table: FloatMatrix) -> _InBytes:
        step = max(float(np.abs(table).max()), 1e-12) / _DIGIT
        halves = _half_squares(table)
        codes = np.rint(table / step).astype(np.int8)
        return cls(np.array(table, np.float32), codes, step, halves, float(np.sqrt(2 * halves.max())))

    def nearest(self, vectors: FloatMatrix, at_once: int) -> tuple[IntVector, _Mask]:
        """The nearest row of each vector, and whether it is that without doubt; no more vectors than `at_once`."""
        steps = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / _DIGIT
        found = self._scores(vectors, steps, at_once)
        every = np.arange(len(vectors))
        best = found.argmax(axis=1)
        ahead = found[every, best]
        found[every, best] = -np.inf
        ahead -= found.max(axis=1)
        return best, ahead * steps * self.step > self._doubt(vectors, steps)

    def nearest_by_floats(self, vectors: FloatMatrix) -> IntVector:
        """(vectors,) the nearest row of each, to the seven digits of float32."""
        import torch

        turned, less = torch.from_numpy(self.table).T, torch.from_numpy(-self.halves)
        scores = torch.addmm(less, torch.from_numpy(vectors), turned).numpy()
        return np.asarray(scores.argmax(axis=1), np.int64)

    def _scores(self, vectors: FloatMatrix, steps: FloatVector, at_once: int) -> FloatMatrix:
        """(vectors, rows) products less half the squares of the rows, in steps of both."""
        import torch

        # One shape, for oneDNN keeps code for every shape that it meets.
        rounded = np.zeros((at_once, vectors.shape[1]), np.int8)
        rounded[: len(vectors)] = np.rint(vectors / steps[:, None])
        products = torch._int_mm(torch.from_numpy(rounded), torch.from_numpy(self.codes).T)
        scale = torch.from_numpy(1 / (steps * np.float32(self.step)))
        less = torch.from_numpy(-self.halves)
        return np.asarray(
            products[: len(vectors)].float().addcmul_(scale[:, None], less[None, :]).numpy(), np.float32
        )

    def _doubt(self, vectors: FloatMatrix, steps: FloatVector) -> FloatVector:
        """(vectors,) how far ahead the nearest must be: rounding adds up to half a step, all as likely, on both sides."""
        lengths = np.linalg.norm(vectors, axis=1)
        of_one = np.hypot(lengths * self.step, self.longest * steps) / np.sqrt(12)
        return np.asarray(_DEVIATIONS * np.sqrt(2) * of_one, np.float32)


def _half_squares(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * np.square(rows).sum(axis=-1), np.float32)
