"""Vectors on a server: paragraphs by its index, sentences and tokens of the passages that were read."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString, NoReturn

import numpy as np
from pgvector import HalfVector

from retrieval.index.postgres.row_store import RowStore, StoredRow
from retrieval.index.postgres.server import schema
from retrieval.index.postgres.stored_passages import VECTOR
from retrieval.index.vectors import Int8Tokens, TokenCodes, TokenIndex
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask

if TYPE_CHECKING:
    from retrieval.index.quantized import ProductQuantizer

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

    @functools.cached_property
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

    def __init__(self, rows: RowStore, first_rows: IntVector, owners: IntVector) -> None:
        self._rows = rows
        self.owners = owners
        self._first_rows = first_rows

    @property
    def size(self) -> int:
        return len(self.owners)

    def read(self, rows: IntVector) -> tuple[list[StoredRow], IntVector]:
        """The passages of these sentences, each once, and the place of each sentence among all of theirs."""
        positions, numbers = np.unique(self.owners[rows], return_inverse=True)
        passages = self._rows.rows(positions)
        counts = np.asarray([len(passage.token_counts) for passage in passages], np.int64)
        starts = np.cumsum(counts) - counts
        return passages, np.asarray(starts[numbers] + rows - self._first_rows[positions][numbers], np.int64)


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
        passages, places = self._sentences.read(rows)
        content = b"".join(passage.sentences for passage in passages)
        if self._quantizer is None:
            table = np.frombuffer(content, VECTOR).reshape(-1, self.dimension)
            return np.asarray(table[places] @ query, np.float32)
        codes = np.frombuffer(content, np.uint8).reshape(-1, self._quantizer.row_bytes)
        return self._quantizer.products(codes[places], query[None])[:, 0]

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        wanted = np.arange(self.size, dtype=np.int64) if rows is None else rows
        passages, places = self._sentences.read(wanted)
        return sentence_vectors(passages, self.dimension, self._quantizer)[places]

    def save(self, path: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"vectors on a server are not saved ({path})")


def sentence_vectors(
    passages: list[StoredRow], dimension: int, quantizer: ProductQuantizer | None
) -> FloatMatrix:
    """(sentences, dimension) of the passages, one passage after the other."""
    content = b"".join(passage.sentences for passage in passages)
    if quantizer is None:
        return np.asarray(np.frombuffer(content, VECTOR).reshape(-1, dimension), np.float32)
    return quantizer.decode(np.frombuffer(content, np.uint8).reshape(-1, quantizer.row_bytes))


class ServerTokens:
    """A `TokenIndex` of the sentences, of which only those of candidates are read."""

    def __init__(self, sentences: SentenceRows, dimension: int, quantizer: ProductQuantizer | None) -> None:
        self._sentences = sentences
        self.is_quantized = quantizer is not None
        self.tolerance = Int8Tokens.tolerance if quantizer is None else _CODED_TOLERANCE
        self._join: Callable[[list[StoredRow]], TokenIndex] = (
            functools.partial(joined_tokens, dimension=dimension)
            if quantizer is None
            else functools.partial(joined_codes, quantizer=quantizer)
        )

    @property
    def size(self) -> int:
        return self._sentences.size

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        passages, places = self._sentences.read(rows)
        return self._join(passages).token_maxima(query, places)

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        pairs = zip(first_rows.tolist(), end_rows.tolist(), strict=True)
        maxima = [self.token_maxima(query, np.arange(first, end)) for first, end in pairs]
        return np.stack([rows.max(axis=0, initial=0.0) for rows in maxima])

    def codes(self, row: int) -> TokenCodes:
        passages, (place,) = self._sentences.read(np.asarray([row]))
        return self._join(passages).codes(int(place))

    def vectors(self, row: int) -> FloatMatrix:
        passages, (place,) = self._sentences.read(np.asarray([row]))
        return self._join(passages).vectors(int(place))

    def save(self, folder: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"tokens on a server are not saved ({folder})")


def joined_tokens(passages: list[StoredRow], dimension: int) -> Int8Tokens:
    """The tokens of the sentences of the passages, a byte a component."""
    counts = np.concatenate([np.zeros(0, np.int64), *(passage.token_counts for passage in passages)])
    codes, scales = [], []
    for passage in passages:
        tokens = int(passage.token_counts.sum())
        codes.append(np.frombuffer(passage.tokens, np.int8, tokens * dimension).reshape(-1, dimension))
        scales.append(np.frombuffer(passage.tokens, VECTOR, tokens, tokens * dimension))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Int8Tokens(np.concatenate(codes), np.concatenate(scales), starts)


def joined_codes(passages: list[StoredRow], quantizer: ProductQuantizer) -> TokenIndex:
    """The tokens of the sentences of the passages as codes."""
    from retrieval.index.quantized import QuantizedTokens, QuantizedVectors

    counts = np.concatenate([np.zeros(0, np.int64), *(passage.token_counts for passage in passages)])
    content = np.frombuffer(b"".join(passage.tokens for passage in passages), np.uint8)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return QuantizedTokens(QuantizedVectors(quantizer, content.reshape(-1, quantizer.row_bytes)), starts)
