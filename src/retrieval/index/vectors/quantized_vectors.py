"""The vectors and tokens of the sentences of a large collection, a few bytes each: read of candidates only."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from pathlib import Path

import numpy as np

from retrieval.index.vectors.maxsim import Products, token_maxima_of
from retrieval.index.vectors.product_quantizer import Codes, ProductQuantizer
from retrieval.index.vectors.token_index import TokenCodes
from retrieval.storage import RowReader, array_files, row_ranges
from retrieval.types import FloatMatrix, FloatVector, IntVector

_BOOK = tuple(part.name for part in fields(ProductQuantizer))
# Vectors coded at a time by each thread: 25 MB, and about twice that on the way.
_BLOCK = 1 << 14

ProgressCallback = Callable[[int, int], None]
"""Called with how many vectors are coded and how many there are."""


def no_callback(_done: int, _total: int) -> None:
    """For callers that do not watch."""


class QuantizedVectors:
    """Vectors by row, each as a code."""

    def __init__(self, book: ProductQuantizer, codes: Codes | RowReader) -> None:
        self.book = book
        self.codes = codes

    @property
    def size(self) -> int:
        return len(self.codes)

    @property
    def dimension(self) -> int:
        return int(self.book.centroids.shape[1])

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        """(rows, dimension), in the order given; of all rows where none are given."""
        return self.book.decode(np.asarray(self.codes) if rows is None else self.codes[rows])

    def codes_between(self, starts: IntVector, ends: IntVector) -> Codes:
        """The codes of the rows from each start to before its end, one run after the other."""
        if isinstance(self.codes, RowReader):
            return self.codes.between(starts, ends)
        return self.codes[row_ranges.numbers_of(starts, ends)]

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """(rows,) the inner product of each of these with the query, as near as the codes keep them."""
        return self.book.products(self.codes[rows], query[None])[:, 0]

    def save(self, folder: Path) -> None:
        book = {name: getattr(self.book, name) for name in _BOOK}
        array_files.save_arrays(folder, {"codes": np.asarray(self.codes), **book})

    @classmethod
    def load(cls, folder: Path) -> QuantizedVectors:
        """The codes are read as they are asked for."""
        return cls(
            ProductQuantizer(**array_files.map_arrays(folder, *_BOOK)),
            RowReader.of_array(folder / "codes.npy"),
        )


def quantize_vectors(
    read: Callable[[slice], FloatMatrix],
    count: int,
    book: ProductQuantizer,
    told: ProgressCallback = no_callback,
) -> QuantizedVectors:
    """So many vectors under the codebook, read a block at a time: all of them may be larger than memory."""
    codes = np.empty((count, book.row_bytes), np.uint8)

    def code(start: int) -> int:
        rows = slice(start, min(start + _BLOCK, count))
        codes[rows] = book.encode(read(rows))
        return rows.stop

    told(0, count)
    with _threads() as threads:
        for done in threads.map(code, range(0, count, _BLOCK)):
            told(done, count)
    return QuantizedVectors(book, codes)


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """A thread a core, in each of which torch multiplies alone.

    Of its own threads each waits for the other after every product: beside other work on two cores most of the time
    of the coding was spent so.
    """
    import torch

    before = torch.get_num_threads()
    threads = ThreadPoolExecutor(os.cpu_count(), "coding", lambda: torch.set_num_threads(1))
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)
        torch.set_num_threads(before)


class QuantizedSentences(QuantizedVectors):
    """The vectors of the sentences; `owners[row]` is the passage of each. They are read, and not ranked."""

    def __init__(self, vectors: QuantizedVectors, owners: IntVector) -> None:
        super().__init__(vectors.book, vectors.codes)
        self.owners = owners

    def save(self, folder: Path) -> None:
        super().save(folder)
        array_files.save_arrays(folder, {"owners": np.asarray(self.owners, np.int32)})

    @classmethod
    def load(cls, folder: Path) -> QuantizedSentences:
        return cls(QuantizedVectors.load(folder), array_files.map_arrays(folder, "owners")["owners"])


class QuantizedTokens:
    """The token vectors of all sentences, as `TokenIndex` but in a tenth of the space or less."""

    def __init__(self, vectors: QuantizedVectors, starts: IntVector) -> None:
        self.book = vectors.book
        self._vectors = vectors
        self._starts = starts

    @property
    def size(self) -> int:
        return len(self._starts) - 1

    def nearest(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        """As `TokenIndex.nearest`."""

        def products_of(starts: IntVector, ends: IntVector) -> Products:
            return partial(self.book.products, self._vectors.codes_between(starts, ends))

        return token_maxima_of(products_of, self._starts[rows], self._starts[rows + 1], query)

    def approximate_token_maxima(self, query: FloatMatrix, firsts: IntVector, ends: IntVector) -> FloatMatrix:
        """(runs, query tokens) the nearest token of each run of texts, from its first to before its end, in steps.

        Centroids stand for the tokens, which costs a sixth: the pruning of PLAID, Santhanam et al. 2022,
        arXiv:2205.09707. Steps of one call compare with each other alone; 0 for a run without tokens.
        """

        def products_of(starts: IntVector, ends: IntVector) -> Products:
            return partial(self.book.centroid_scores, self._vectors.codes_between(starts, ends))

        return token_maxima_of(products_of, self._starts[firsts], self._starts[ends], query)

    def coded(self, row: int) -> TokenCodes:
        """The tokens of one text, decoded, as an exact index keeps them."""
        return TokenCodes.of(self.vectors(row))

    def vectors(self, row: int) -> FloatMatrix:
        """(tokens, dimension) of one text, as near as the codes keep them."""
        return self.book.decode(self._vectors.codes[self._starts[row] : self._starts[row + 1]])

    def save(self, folder: Path) -> None:
        self._vectors.save(folder)
        array_files.save_arrays(folder, {"starts": self._starts})

    @classmethod
    def load(cls, folder: Path) -> QuantizedTokens:
        return cls(QuantizedVectors.load(folder), array_files.map_arrays(folder, "starts")["starts"])
