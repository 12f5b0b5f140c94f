"""Questions about a made-up collection, asked without embedding them again, and the vectors before quantization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up import MadeUp
from benchmarks.scale.made_up_index import Originals, token_rows
from retrieval.index.filters import Filter
from retrieval.index.index import Index
from retrieval.index.vectors.maxsim import token_maxima
from retrieval.questions.question import Query, read_question
from retrieval.types import Encoding, FloatMatrix, FloatVector, IntVector

if TYPE_CHECKING:  # an older version beside this one has none
    from retrieval.types import Extractor

_BLOCK = 1 << 17


@dataclass(frozen=True, slots=True)
class MadeUpQuestion:
    """A question with its embedding, asked within a place or anywhere, and the passage that answers it."""

    text: str
    only: Filter
    encoding: Encoding
    gold: int
    """Position of the passage."""

    @property
    def query(self) -> Query:
        return Query(
            read_question(self.text),
            self.encoding.vectors[0],
            self.encoding.tokens[0],
            self.encoding.spans[0],
        )


def questions_of(made_up: MadeUp, count: int, *, is_placed: bool) -> list[MadeUpQuestion]:
    """At most so many of the questions whose paragraphs are in the collection, evenly spread over the files."""
    golds = np.linspace(0, made_up.asked - 1, min(count, made_up.asked)).astype(np.int64)
    return [
        MadeUpQuestion(
            made_up.pool.paragraphs[gold].question,
            Filter(place=made_up.place(gold).name if is_placed else None),
            made_up.pool.questions[gold],
            gold,
        )
        for gold in golds.tolist()
    ]


class PreparedEncoder:
    """An `Encoder` that returns the vectors of one question."""

    name, dimension = "made up/384", 384
    extractor: Extractor | None = None

    def __init__(self) -> None:
        self.encoding: Encoding | None = None

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        if self.encoding is None or len(texts) != 1:
            raise ValueError("one prepared question at a time")
        return self.encoding

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        raise NotImplementedError


class OriginalTokens:
    """Tokens of the sentences before quantization."""

    is_quantized = False

    def __init__(self, made_up: MadeUp, originals: Originals) -> None:
        self._pool = made_up.pool
        self._pool_rows = originals.pool_rows

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        """As `TokenIndex.token_maxima`."""
        sentences = self._pool_rows[rows].astype(np.int64)
        vectors = self._pool.tokens[token_rows(self._pool.starts, sentences)]
        ends = np.cumsum(self._pool.starts[sentences + 1] - self._pool.starts[sentences])
        starts = np.concatenate([[0], ends[:-1]])
        return token_maxima(
            lambda _starts, _ends: lambda query_tokens: vectors @ query_tokens.T, starts, ends, query
        )


class OriginalRows:
    """Vectors before quantization."""

    def __init__(self, rows: NDArray[np.float32] | NDArray[np.float16]) -> None:
        self._rows = rows

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """As `FaissIndex.products`."""
        parts = [np.asarray(self._rows[part], np.float32) @ query for part in _blocks_of(rows)]
        return np.concatenate(parts)


def _blocks_of(rows: IntVector) -> list[IntVector]:
    """One block at a time: the sentences of a place may have 500 MB."""
    return np.array_split(rows, 1 + len(rows) // _BLOCK)


class _Originals:
    """An index with the vectors before quantization."""

    def __init__(self, index: Index, made_up: MadeUp, originals: Originals) -> None:
        self._index = index
        self.tokens = OriginalTokens(made_up, originals)
        self.sentences = OriginalRows(originals.sentences)
        self.paragraphs = OriginalRows(originals.paragraphs)

    def __getattr__(self, name: str) -> object:
        return getattr(self._index, name)


def unquantized(index: Index, made_up: MadeUp, originals: Originals) -> Index:
    """The index, with features computed from the original vectors."""
    return cast("Index", _Originals(index, made_up, originals))


def nearest_rows(
    rows: NDArray[np.float32] | NDArray[np.float16], queries: FloatMatrix, most: int
) -> list[IntVector]:
    """Nearest rows of each query, best first, by exact comparison in float32."""
    scores: list[list[NDArray[np.float32]]] = [[] for _ in queries]
    places: list[list[IntVector]] = [[] for _ in queries]
    for start in range(0, len(rows), _BLOCK):
        block = (np.asarray(rows[start : start + _BLOCK], np.float32) @ queries.T).T
        for number, column in enumerate(block):
            best = np.argpartition(-column, min(most, len(column) - 1))[:most]
            scores[number].append(column[best])
            places[number].append(best + start)
    return [
        _best(np.concatenate(one), np.concatenate(other), most)
        for one, other in zip(scores, places, strict=True)
    ]


def _best(scores: NDArray[np.float32], rows: IntVector, most: int) -> IntVector:
    return rows[np.lexsort((rows, -scores))[:most]]


def recalls(rankings: Sequence[IntVector], exact: Sequence[IntVector]) -> Iterator[float]:
    """Share of the exact ranking that each ranking contains."""
    for one, other in zip(rankings, exact, strict=True):
        if len(other):
            yield len(np.intersect1d(one, other)) / len(other)
