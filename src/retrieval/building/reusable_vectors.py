"""Vectors that need not be computed: which of the texts have one in a source, and in which row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.building.unique_texts import UniqueTexts, is_first, key_vector, rows_of
from retrieval.index import Index
from retrieval.index.vectors import TokenCodes
from retrieval.types import FloatMatrix, IntVector, TextKeys


class TextSource(Protocol):
    """Texts by row, paragraphs and sentences each, of which something is kept."""

    @property
    def keys(self) -> TextKeys: ...

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix: ...


class VectorSource(TextSource, Protocol):
    """The vectors of the texts."""

    @property
    def index(self) -> Index | None:
        """The index that has them."""

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix: ...

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]: ...


@dataclass(frozen=True, slots=True)
class IndexVectors:
    """An index as a source of vectors."""

    index: Index

    @property
    def keys(self) -> TextKeys:
        return self.index.keys

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.index.paragraphs.vectors(rows)

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.index.sentences.vectors(rows)

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]:
        return [self.index.tokens.codes(row) for row in rows.tolist()]


class VectorLocations:
    """For each text the number of the source that has its vector, and the row there; -1 where none has."""

    def __init__(self, keys: NDArray[np.uint8]) -> None:
        self.keys = key_vector(keys)
        self.sources = np.full(len(self.keys), -1, np.int16)
        self.rows = np.full(len(self.keys), -1, np.int64)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """(texts,) whether no source has the vector."""
        return self.sources < 0

    def find(self, source: int, keys: NDArray[np.uint8]) -> None:
        """Look up the missing texts among the keys of a source."""
        missing = np.flatnonzero(self.missing)
        rows = rows_of(self.keys[missing], key_vector(keys))
        is_there = rows >= 0
        self.sources[missing[is_there]] = source
        self.rows[missing[is_there]] = rows[is_there]

    @property
    def first_missing(self) -> NDArray[np.bool_]:
        """(texts,) as `missing`, but of equal texts only the first."""
        missing = np.flatnonzero(self.missing)
        first = np.zeros(len(self.keys), np.bool_)
        first[missing[is_first(self.keys[missing])]] = True
        return first


AnySource = TypeVar("AnySource", bound=TextSource)


class ReusableVectors(Generic[AnySource]):
    """The locations of the vectors of all texts in the sources added so far."""

    def __init__(self, texts: UniqueTexts) -> None:
        self.texts = texts
        self.paragraphs = VectorLocations(texts.keys.paragraphs)
        self.sentences = VectorLocations(texts.keys.sentences)
        self.sources: list[AnySource] = []

    @property
    def is_complete(self) -> bool:
        return not (self.paragraphs.missing.any() or self.sentences.missing.any())

    def look_in(self, source: AnySource) -> None:
        """Look up the missing texts in the source; a source that has grown may be looked in again."""
        if source not in self.sources:
            self.sources.append(source)
        number, keys = self.sources.index(source), source.keys
        self.paragraphs.find(number, keys.paragraphs)
        self.sentences.find(number, keys.sentences)
