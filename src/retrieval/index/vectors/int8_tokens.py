"""The token vectors of sentences as int8: exact to a cosine of 0.9999."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.vectors.int8_products import ByteRows, products_with_bytes
from retrieval.index.vectors.maxsim import Products, token_maxima
from retrieval.storage import array_files
from retrieval.types import FloatMatrix, FloatVector, IntVector

# Token vectors are kept as int8: unit vectors times 127 / their largest value; cosine to float32 above 0.9999.
_STEPS = 127.0
_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The token vectors of one text as they are kept: (tokens, dimension) and (tokens,)."""

    codes: NDArray[np.int8]
    scales: FloatVector

    @classmethod
    def from_vectors(cls, tokens: FloatMatrix) -> TokenCodes:
        peaks = np.maximum(np.abs(tokens).max(axis=1, initial=0.0), 1e-12)
        codes = np.rint(tokens * (_STEPS / peaks)[:, None]).astype(np.int8)
        return cls(codes, np.asarray(peaks / _STEPS, np.float32))

    @property
    def vectors(self) -> FloatMatrix:
        """(tokens, dimension) as near as they are kept."""
        return np.asarray(self.codes.astype(np.float32) * self.scales[:, None], np.float32)


class Int8Tokens:
    """The token vectors of all texts, one after the other; text `row` owns `starts[row]:starts[row + 1]`."""

    is_quantized = False
    tolerance = _TOLERANCE

    def __init__(self, codes: NDArray[np.int8], scales: FloatVector, starts: IntVector) -> None:
        self._codes = codes
        self._scales = scales
        self._starts = starts

    @classmethod
    def build(cls, texts: Sequence[FloatMatrix], dimension: int) -> Int8Tokens:
        """An index of the token vectors of each text, (tokens, dimension)."""
        return cls.join([TokenCodes.from_vectors(tokens) for tokens in texts], dimension)

    @classmethod
    def join(cls, texts: Sequence[TokenCodes], dimension: int) -> Int8Tokens:
        """As `build`, of texts whose tokens are int8 already."""
        empty = TokenCodes.from_vectors(np.zeros((0, dimension), np.float32))
        starts = np.concatenate([[0], np.cumsum([len(text.codes) for text in texts])]).astype(np.int64)
        return cls(
            np.concatenate([empty.codes, *(text.codes for text in texts)]),
            np.concatenate([empty.scales, *(text.scales for text in texts)]),
            starts,
        )

    @property
    def size(self) -> int:
        return len(self._starts) - 1

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        return self.approximate_token_maxima(query, rows, rows + 1)

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        """Exact: there is nothing cheaper to read."""
        return token_maxima(self._products_of, self._starts[first_rows], self._starts[end_rows], query)

    def _products_of(self, starts: IntVector, ends: IntVector) -> Products:
        return functools.partial(products_with_bytes, ByteRows(self._codes, self._scales, starts, ends))

    def codes(self, row: int) -> TokenCodes:
        tokens = slice(self._starts[row], self._starts[row + 1])
        return TokenCodes(self._codes[tokens], self._scales[tokens])

    def vectors(self, row: int) -> FloatMatrix:
        return self.block(slice(self._starts[row], self._starts[row + 1]))

    def block(self, tokens: slice | IntVector) -> FloatMatrix:
        """(tokens, dimension) of these tokens, counted over all texts."""
        return np.asarray(self._codes[tokens].astype(np.float32) * self._scales[tokens, None], np.float32)

    @property
    def starts(self) -> IntVector:
        """(texts + 1,) where the tokens of each text begin; the last is where they end."""
        return self._starts

    def save(self, folder: Path) -> None:
        array_files.save_arrays(
            folder, {"codes": self._codes, "scales": self._scales, "starts": self._starts}
        )

    @classmethod
    def load(cls, folder: Path) -> Int8Tokens:
        """Memory-mapped: only the texts that are scored come into memory."""
        return cls(**array_files.map_arrays(folder, "codes", "scales", "starts"))
