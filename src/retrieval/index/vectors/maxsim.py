"""Late interaction: every token of a query against every token of a text (MaxSim).

ColBERT, Khattab & Zaharia 2020, arXiv:2004.12832: a text scores the sum, over the tokens of the query, of the
cosine of the nearest token of the text; here the mean, so that scores of short and long questions compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.vectors.int8_products import products_with_bytes
from retrieval.storage.array_files import map_arrays, save_arrays
from retrieval.storage.runs import numbers_of
from retrieval.types import FloatMatrix, FloatVector, IntVector

# Token vectors are kept as int8: unit vectors times 127 / their largest value; cosine to float32 above 0.9999.
_STEPS = 127.0
# Tokens of a query whose products with all candidates are held at a time: 1.5 MB with 11,393 tokens of texts. Sixteen
# questions of some 400 tokens in four threads left 80 MB held, with 64 at a time 110, with all at once 430. One of 20
# tokens takes 1.2 ms (all at once 1.3), one of 40 2.3 (1.9), one of 450 22 (46).
_QUERY_TOKENS_AT_ONCE = 32

Products = Callable[[FloatMatrix], FloatMatrix | NDArray[np.uint8]]
"""Some tokens of a query to their products with certain tokens of texts: (tokens of texts, tokens of the query)."""


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The token vectors of one text as they are kept: (tokens, dimension) and (tokens,)."""

    codes: NDArray[np.int8]
    scales: FloatVector

    @classmethod
    def of(cls, tokens: FloatMatrix) -> TokenCodes:
        peaks = np.maximum(np.abs(tokens).max(axis=1, initial=0.0), 1e-12)
        codes = np.rint(tokens * (_STEPS / peaks)[:, None]).astype(np.int8)
        return cls(codes, np.asarray(peaks / _STEPS, np.float32))


class TokenIndex:
    """The token vectors of all texts, one after the other; text `row` owns `starts[row]:starts[row + 1]`."""

    def __init__(self, codes: NDArray[np.int8], scales: FloatVector, starts: IntVector) -> None:
        self._codes = codes
        self._scales = scales
        self._starts = starts

    @classmethod
    def build(cls, texts: Sequence[FloatMatrix], dimension: int) -> TokenIndex:
        return cls.join([TokenCodes.of(tokens) for tokens in texts], dimension)

    @classmethod
    def join(cls, texts: Sequence[TokenCodes], dimension: int) -> TokenIndex:
        """The same of texts whose tokens are coded already."""
        none = TokenCodes.of(np.zeros((0, dimension), np.float32))
        starts = np.concatenate([[0], np.cumsum([len(text.codes) for text in texts])]).astype(np.int64)
        return cls(
            np.concatenate([none.codes, *(text.codes for text in texts)]),
            np.concatenate([none.scales, *(text.scales for text in texts)]),
            starts,
        )

    @property
    def size(self) -> int:
        return len(self._starts) - 1

    def nearest(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        """(len(rows), query tokens) the cosine of the nearest token of each text; 0 for texts without tokens."""

        def products_of(starts: IntVector, ends: IntVector) -> Products:
            tokens = numbers_of(starts, ends)
            scales = self._scales[tokens, None]

            def cosines_with(some: FloatMatrix) -> FloatMatrix:
                cosines = products_with_bytes(self._codes, tokens, some)
                cosines *= scales
                return cosines

            return cosines_with

        return nearest_of(products_of, self._starts[rows], self._starts[rows + 1], query)

    def coded(self, row: int) -> TokenCodes:
        """The tokens of one text as they are kept."""
        tokens = slice(self._starts[row], self._starts[row + 1])
        return TokenCodes(self._codes[tokens], self._scales[tokens])

    def vectors(self, row: int) -> FloatMatrix:
        """(tokens, dimension) of one text, as near as int8 keeps them."""
        return self.block(slice(self._starts[row], self._starts[row + 1]))

    def block(self, tokens: slice | IntVector) -> FloatMatrix:
        """(tokens, dimension) of these tokens, counted over all texts."""
        return np.asarray(self._codes[tokens].astype(np.float32) * self._scales[tokens, None], np.float32)

    @property
    def starts(self) -> IntVector:
        """(texts + 1,) where the tokens of each text begin; the last is where they end."""
        return self._starts

    def save(self, folder: Path) -> None:
        save_arrays(folder, {"codes": self._codes, "scales": self._scales, "starts": self._starts})

    @classmethod
    def load(cls, folder: Path) -> TokenIndex:
        """Mapped, not read: only the texts that are scored come into memory."""
        return cls(**map_arrays(folder, "codes", "scales", "starts"))


def nearest_of(
    products_of: Callable[[IntVector, IntVector], Products],
    starts: IntVector,
    ends: IntVector,
    query: FloatMatrix,
) -> FloatMatrix:
    """(texts, query tokens) the largest product over the tokens of each text, 0 for a text without any.

    The tokens of a text are those from its start to its end. `products_of` is called once, with those of all; what it
    gives is asked for (tokens, some) of some tokens of the query at a time.
    """
    lengths = ends - starts
    found = np.zeros((len(lengths), len(query)), np.float32)
    filled = np.flatnonzero(lengths > 0)
    if len(query) and len(filled):
        firsts = np.cumsum(lengths[filled]) - lengths[filled]
        products = products_of(starts[filled], ends[filled])
        for start in range(0, len(query), _QUERY_TOKENS_AT_ONCE):
            some = slice(start, start + _QUERY_TOKENS_AT_ONCE)
            found[filled, some] = np.maximum.reduceat(products(query[some]), firsts, axis=0)
    return found


def maxsim(nearest: FloatMatrix) -> FloatVector:
    """(texts,) the mean over the query's tokens of the nearest token's cosine; 0 for a query without tokens."""
    if not nearest.shape[-1]:
        return np.zeros(len(nearest), np.float32)
    return np.asarray(nearest.mean(axis=-1), np.float32)
