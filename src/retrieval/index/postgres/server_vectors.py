"""Vectors on a server: paragraphs by its index, sentences and tokens of the passages that were read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString, NoReturn

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from retrieval.index.postgres.row_batch import RowBatch
from retrieval.index.postgres.row_store import RowStore
from retrieval.index.postgres.server import schema
from retrieval.index.postgres.stored_passages import VECTOR
from retrieval.index.vectors import Int8Tokens, TokenCodes, TokenIndex
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

if TYPE_CHECKING:
    from retrieval.index.quantized import ProductQuantizer

_SENTENCES_AT_ONCE = 1024
"""Sentences whose tokens are compared at a time: with some 35 tokens each, the products take 4 MB."""
# As `QuantizedTokens` has it.
_CODED_TOLERANCE = 0.3
_RANK: LiteralString = """
select position, -(paragraph <#> %(vector)s::halfvec) from {schema}.passages
where %(positions)s::int[] is null or position = any(%(positions)s::int[])
order by (paragraph <#> %(vector)s::halfvec) + 0, position limit %(most)s
"""
_VECTORS: LiteralString = """
select position, paragraph::real[] from {schema}.passages where position = any(%(positions)s)
"""


@dataclass(frozen=True)
class ServerParagraphs:
    """A `VectorIndex` of the paragraphs of all passages."""

    rows: RowStore
    size: int
    dimension: int

    is_searchable = True
    # Half floats, of vectors that a large collection kept in a byte a component.
    tolerance = 0.01

    @property
    def owners(self) -> IntVector:
        return np.arange(self.size, dtype=np.int64)

    def rank(self, query: FloatVector, top_k: int, within: Mask | None = None) -> Ranking:
        """Exact: every vector within is compared."""
        positions = None if within is None else np.flatnonzero(within).tolist()
        parameters = {"vector": vector_text(query), "positions": positions, "most": top_k}
        found = self.rows.connections.read(schema.in_schema(_RANK, self.rows.generation), parameters)
        return Ranking(
            np.asarray([position for position, _ in found], np.int64),
            np.asarray([score for _, score in found], np.float32),
        )

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return np.asarray(self.vectors(rows) @ query, np.float32)

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        wanted = np.arange(self.size) if rows is None else rows
        statement = schema.in_schema(_VECTORS, self.rows.generation)
        found: dict[int, list[float]] = dict(
            self.rows.connections.read(statement, {"positions": wanted.tolist()})
        )
        vectors = [found[position] for position in wanted.tolist()]
        return np.asarray(vectors, np.float32).reshape(-1, self.dimension)

    def save(self, path: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"vectors on a server are not saved ({path})")


def vector_text(vector: FloatVector) -> str:
    """The vector as the server reads it from text."""
    return HalfVector(vector).to_text()


class SentenceRows:
    """The sentences behind the rows of an index, and their vectors once their passages are read."""

    def __init__(self, rows: RowStore, counts: NDArray[np.int32]) -> None:
        """(passages,) the number of sentences of each."""
        self._rows = rows
        self._counts = counts
        self._ends = np.cumsum(counts, dtype=np.int64).astype(np.int32)
        self.size = int(counts.sum())

    @property
    def owners(self) -> IntVector:
        """(sentences,) the position of the passage of each, made when it is asked for: no question does."""
        return np.repeat(np.arange(len(self._counts), dtype=np.int64), self._counts)

    def read(self, rows: IntVector) -> tuple[RowBatch, IntVector]:
        """A batch with the passages of these sentences, and the place of each sentence among all of the batch."""
        owners = np.searchsorted(self._ends, rows, side="right")
        batch, own = self._rows.rows(owners)
        first_rows = self._ends[owners] - self._counts[owners]
        return batch, np.asarray(batch.sentence_starts[own] + rows - first_rows, np.int64)


class ServerSentences:
    """A `VectorIndex` of the sentences, of which only those of candidates are read."""

    is_searchable = False
    tolerance = 0.0

    def __init__(self, sentences: SentenceRows, dimension: int, quantizer: ProductQuantizer | None) -> None:
        self._sentences = sentences
        self.dimension = dimension
        self._quantizer = quantizer

    @property
    def owners(self) -> IntVector:
        return self._sentences.owners

    @property
    def size(self) -> int:
        return self._sentences.size

    def rank(self, _query: FloatVector, _top_k: int, _within: Mask | None = None) -> Ranking:
        return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32))

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        batch, places = self._sentences.read(rows)
        if self._quantizer is None:
            table = np.frombuffer(batch.sentences, VECTOR).reshape(-1, self.dimension)
            return np.asarray(table[places] @ query, np.float32)
        codes = np.frombuffer(batch.sentences, np.uint8).reshape(-1, self._quantizer.row_bytes)
        return self._quantizer.products(codes[places], query[None])[:, 0]

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        wanted = np.arange(self.size, dtype=np.int64) if rows is None else rows
        batch, places = self._sentences.read(wanted)
        return sentence_vectors(batch, self.dimension, self._quantizer)[places]

    def save(self, path: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"vectors on a server are not saved ({path})")


def sentence_vectors(batch: RowBatch, dimension: int, quantizer: ProductQuantizer | None) -> FloatMatrix:
    """(sentences, dimension) of the passages, one passage after the other."""
    if quantizer is None:
        return np.asarray(np.frombuffer(batch.sentences, VECTOR).reshape(-1, dimension), np.float32)
    return quantizer.decode(np.frombuffer(batch.sentences, np.uint8).reshape(-1, quantizer.row_bytes))


class ServerTokens:
    """A `TokenIndex` of the sentences, of which only those of candidates are read."""

    def __init__(self, sentences: SentenceRows, dimension: int, quantizer: ProductQuantizer | None) -> None:
        self._sentences = sentences
        self.is_quantized = quantizer is not None
        self.tolerance = Int8Tokens.tolerance if quantizer is None else _CODED_TOLERANCE
        self._tokens: Callable[[RowBatch], TokenIndex] = (
            functools.partial(exact_tokens, dimension=dimension)
            if quantizer is None
            else functools.partial(coded_tokens, quantizer=quantizer)
        )

    @property
    def size(self) -> int:
        return self._sentences.size

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        batch, places = self._sentences.read(rows)
        tokens = self._tokens(batch)
        parts = np.array_split(places, 1 + len(places) // _SENTENCES_AT_ONCE)
        return np.concatenate([tokens.token_maxima(query, part) for part in parts])

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        pairs = zip(first_rows.tolist(), end_rows.tolist(), strict=True)
        maxima = [self.token_maxima(query, np.arange(first, end)) for first, end in pairs]
        return np.stack([rows.max(axis=0, initial=0.0) for rows in maxima])

    def codes(self, row: int) -> TokenCodes:
        batch, (place,) = self._sentences.read(np.asarray([row]))
        return self._tokens(batch).codes(int(place))

    def vectors(self, row: int) -> FloatMatrix:
        batch, (place,) = self._sentences.read(np.asarray([row]))
        return self._tokens(batch).vectors(int(place))

    def save(self, folder: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"tokens on a server are not saved ({folder})")


def exact_tokens(batch: RowBatch, dimension: int) -> Int8Tokens:
    """The tokens of the sentences of the passages, a byte a component: each passage has its codes, then their scales."""
    counts = np.diff(batch.token_starts[batch.sentence_starts])
    codes, scales, at = [], [], 0
    for tokens in counts.tolist():
        codes.append(np.frombuffer(batch.tokens, np.int8, tokens * dimension, at).reshape(-1, dimension))
        scales.append(np.frombuffer(batch.tokens, VECTOR, tokens, at + tokens * dimension))
        at += tokens * (dimension + VECTOR.itemsize)
    return Int8Tokens(np.concatenate(codes), np.concatenate(scales), batch.token_starts)


def coded_tokens(batch: RowBatch, quantizer: ProductQuantizer) -> TokenIndex:
    """The tokens of the sentences of the passages as codes."""
    from retrieval.index.quantized import QuantizedTokens, QuantizedVectors

    codes = np.frombuffer(batch.tokens, np.uint8).reshape(-1, quantizer.row_bytes)
    return QuantizedTokens(QuantizedVectors(quantizer, codes), batch.token_starts)
