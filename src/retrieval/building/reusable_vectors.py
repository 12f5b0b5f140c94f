"""What is known already of the texts of a table, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.building.unique_texts import UniqueTexts, is_first, key_vector, rows_of
from retrieval.index import Index, TextKeys
from retrieval.index.vectors import TokenCodes
from retrieval.types import FloatMatrix, IntVector


class Source(Protocol):
    """Whatever knows vectors of some texts."""

    @property
    def keys(self) -> TextKeys: ...

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix: ...

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix: ...

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]: ...


@dataclass(frozen=True, slots=True)
class IndexVectors:
    """A generation as a source."""

    index: Index

    @property
    def keys(self) -> TextKeys:
        return self.index.keys

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.index.paragraphs.vectors(rows)

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.index.sentences.vectors(rows)

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]:
        return [self.index.tokens.coded(row) for row in rows.tolist()]


class VectorLocations:
    """Of each text the source that knows it, and the row there."""

    def __init__(self, wanted: NDArray[np.uint8]) -> None:
        self.wanted = key_vector(wanted)
        self.sources = np.full(len(self.wanted), -1, np.int16)
        self.rows = np.full(len(self.wanted), -1, np.int64)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """(texts,)"""
        return self.sources < 0

    def find(self, source: int, keys: NDArray[np.uint8]) -> None:
        """Look for what is not known yet among the keys of a source."""
        missing = np.flatnonzero(self.unknown)
        rows = rows_of(self.wanted[missing], key_vector(keys))
        found = rows >= 0
        self.sources[missing[found]] = source
        self.rows[missing[found]] = rows[found]

    @property
    def first_unknown(self) -> NDArray[np.bool_]:
        """(texts,) what is not known, each text once."""
        missing = np.flatnonzero(self.unknown)
        first = np.zeros(len(self.wanted), np.bool_)
        first[missing[is_first(self.wanted[missing])]] = True
        return first


class Known:
    """What is known of the texts of a table, and by whom."""

    def __init__(self, table: UniqueTexts) -> None:
        self.table = table
        self.paragraphs = VectorLocations(table.keys.paragraphs)
        self.sentences = VectorLocations(table.keys.sentences)
        self.sources: list[Source] = []

    @property
    def is_complete(self) -> bool:
        return not (self.paragraphs.unknown.any() or self.sentences.unknown.any())

    def ask(self, source: Source) -> None:
        """Find in the source what is not known yet; asked again it may know more."""
        if source not in self.sources:
            self.sources.append(source)
        number, keys = self.sources.index(source), source.keys
        self.paragraphs.find(number, keys.paragraphs)
        self.sentences.find(number, keys.sentences)

    def fresh(self) -> IntVector:
        """The positions of the passages of which some text is not known."""
        fresh = self.paragraphs.unknown.copy()
        fresh[self.table.owners[self.sentences.unknown]] = True
        return np.flatnonzero(fresh).astype(np.int64)
