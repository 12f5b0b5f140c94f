"""Vectors of a few bytes each: product-quantized sentences and tokens, read for candidates only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from retrieval.index.quantized.product_quantizer import Codes, ProductQuantizer
from retrieval.index.vectors import TokenCodes, token_maxima
from retrieval.storage import array_files, row_ranges
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

_QUANTIZER = tuple(part.name for part in fields(ProductQuantizer))


class QuantizedVectors:
    """Vectors by row, each as a code."""

    def __init__(self, quantizer: ProductQuantizer, codes: Codes | array_files.RowReader) -> None:
        self.quantizer = quantizer
        self.codes = codes

    @property
    def size(self) -> int:
        return len(self.codes)

    @property
    def dimension(self) -> int:
        return int(self.quantizer.centroids.shape[1])

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        """(rows, dimension), decoded, in the order given; of all rows where none are given."""
        return self.quantizer.decode(np.asarray(self.codes) if rows is None else self.codes[rows])

    def codes_between(self, starts: IntVector, ends: IntVector) -> Codes:
        """The codes of the rows from each start to before its end, one range after the other."""
        if isinstance(self.codes, array_files.RowReader):
            return self.codes.between(starts, ends)
        return self.codes[row_ranges.numbers_of(starts, ends)]

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """(rows,) the approximate inner product of each of these with the query."""
        return self.quantizer.products(self.codes[rows], query[None])[:, 0]

    def save(self, folder: Path) -> None:
        quantizer = {name: getattr(self.quantizer, name) for name in _QUANTIZER}
        array_files.save_arrays(folder, {"codes": np.asarray(self.codes), **quantizer})

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The codes are read from the file as they are asked for."""
        return cls(
            ProductQuantizer(**array_files.map_arrays(folder, *_QUANTIZER)),
            array_files.RowReader.from_array_file(folder / "codes.npy"),
        )


class QuantizedSentences:
    """The vectors of sentences, of which only those of candidates are read; `owners[row]` is the passage of each."""

    is_searchable = False
    tolerance = 0.0

    def __init__(self, vectors: QuantizedVectors, owners: IntVector) -> None:
        self.quantizer = vectors.quantizer
        self.owners = owners
        self._vectors = vectors

    @property
    def size(self) -> int:
        return self._vectors.size

    @property
    def dimension(self) -> int:
        return self._vectors.dimension

    def rank(self, _query: FloatVector, _top_k: int, _within: Mask | None = None) -> Ranking:
        return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32))

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return self._vectors.products(query, rows)

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        return self._vectors.vectors(rows)

    def codes(self, rows: IntVector) -> Codes:
        """(rows, bytes) as they are kept."""
        return self._vectors.codes[rows]

    def save(self, path: Path) -> None:
        self._vectors.save(path)
        array_files.save_arrays(path, {"owners": np.asarray(self.owners, np.int32)})

    @classmethod
    def load(cls, path: Path) -> QuantizedSentences:
        return cls(QuantizedVectors.load(path), array_files.map_array(path / "owners.npy"))


class QuantizedTokens:
    """The token vectors of all sentences, in a tenth of the space of `Int8Tokens` or less."""

    is_quantized = True
    tolerance = 0.3

    def __init__(self, vectors: QuantizedVectors, starts: IntVector) -> None:
        self.quantizer = vectors.quantizer
        self._vectors = vectors
        self._starts = starts

    @property
    def size(self) -> int:
        return len(self._starts) - 1

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        def products_of(starts: IntVector, ends: IntVector) -> Callable[[FloatMatrix], FloatMatrix]:
            return partial(self.quantizer.products, self._vectors.codes_between(starts, ends))

        return token_maxima(products_of, self._starts[rows], self._starts[rows + 1], query)

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        """In steps of the range of one call; computed from the centroids in place of the tokens.

        That costs a sixth: the pruning of PLAID, Santhanam et al. 2022, arXiv:2205.09707.
        """

        starts, ends = self._starts[first_rows], self._starts[end_rows]
        maxima = np.zeros((len(starts), len(query)), np.float32)
        filled = np.flatnonzero(ends > starts)
        if len(query) and len(filled):
            codes = self._vectors.codes_between(starts[filled], ends[filled])
            maxima[filled] = self.quantizer.centroid_maxima(codes, (ends - starts)[filled], query)
        return maxima

    def codes(self, row: int) -> TokenCodes:
        return TokenCodes.from_vectors(self.vectors(row))

    def codes_of_texts(self, rows: IntVector) -> tuple[Codes, IntVector]:
        """The codes of the tokens of these texts, one text after the other, and the number of tokens of each."""
        starts, ends = self._starts[rows], self._starts[rows + 1]
        return self._vectors.codes_between(starts, ends), ends - starts

    def vectors(self, row: int) -> FloatMatrix:
        return self.quantizer.decode(self._vectors.codes[self._starts[row] : self._starts[row + 1]])

    def save(self, folder: Path) -> None:
        self._vectors.save(folder)
        array_files.save_arrays(folder, {"starts": self._starts})

    @classmethod
    def load(cls, folder: Path) -> QuantizedTokens:
        return cls(QuantizedVectors.load(folder), array_files.map_array(folder / "starts.npy"))
