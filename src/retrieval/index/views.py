"""Some passages of an index as an index of their own, over the same vectors: nothing but postings and numbers is copied.

Statistics (frequencies of terms, mean length, vocabulary, places, bulletins) are those of the passages alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from retrieval.index.index import Parts
from retrieval.index.vectors import TokenCodes, TokenIndex, VectorIndex
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask, TextKeys


def parts_at(parts: Parts, positions: IntVector) -> Parts:
    """The parts of an index of the passages at the positions, given in order."""
    owners = np.asarray(parts.sentences.owners)
    rows = np.flatnonzero(np.isin(owners, positions)).astype(np.int64)
    new_owners = np.searchsorted(positions, owners[rows]).astype(np.int64)
    return Parts(
        passages=parts.passages.taking(positions),
        bm25=parts.bm25.taking(positions),
        paragraphs=VectorView(parts.paragraphs, positions, np.arange(len(positions), dtype=np.int64)),
        sentences=VectorView(parts.sentences, rows, new_owners),
        tokens=TokenView(parts.tokens, rows),
        spans=parts.spans[_selection(rows)],
        keys=TextKeys(parts.keys.paragraphs[_selection(positions)], parts.keys.sentences[_selection(rows)]),
        remote=parts.remote.taking(positions) if parts.remote else None,
    )


def _selection(rows: IntVector) -> slice | IntVector:
    """The rows to index an array with: as a slice, which copies nothing, where they are one range."""
    is_range = len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)
    return slice(int(rows[0]), int(rows[-1]) + 1) if is_range else rows


@dataclass(frozen=True, slots=True)
class VectorView:
    """The vectors in some rows of a `VectorIndex`, numbered anew."""

    base: VectorIndex
    rows: IntVector
    owners: IntVector

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def dimension(self) -> int:
        return self.base.dimension

    @property
    def is_searchable(self) -> bool:
        return self.base.is_searchable

    @property
    def tolerance(self) -> float:
        return self.base.tolerance

    def rank(self, query: FloatVector, top_k: int, within: Mask | None = None) -> Ranking:
        mask = np.zeros(self.base.size, np.bool_)
        mask[self.rows if within is None else self.rows[within]] = True
        ranking = self.base.rank(query, min(top_k, self.size), mask)
        return Ranking(np.searchsorted(self.rows, ranking.positions).astype(np.int64), ranking.scores)

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        return self.base.products(query, self.rows[rows])

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        return self.base.vectors(self.rows if rows is None else self.rows[rows])

    def save(self, path: Path) -> NoReturn:
        """Raises TypeError: the whole index is what is saved."""
        raise TypeError(f"a view of an index is not saved ({path})")


@dataclass(frozen=True, slots=True)
class TokenView:
    """The tokens of the texts in some rows of a `TokenIndex`, numbered anew; a passage has all its texts or none."""

    base: TokenIndex
    rows: IntVector

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def is_quantized(self) -> bool:
        return self.base.is_quantized

    @property
    def tolerance(self) -> float:
        return self.base.tolerance

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        return self.base.token_maxima(query, self.rows[rows])

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        first = self.rows[np.minimum(first_rows, self.size - 1)]
        return self.base.approximate_token_maxima(query, first, first + (end_rows - first_rows))

    def codes(self, row: int) -> TokenCodes:
        return self.base.codes(int(self.rows[row]))

    def vectors(self, row: int) -> FloatMatrix:
        return self.base.vectors(int(self.rows[row]))

    def save(self, folder: Path) -> NoReturn:
        """Raises TypeError: the whole index is what is saved."""
        raise TypeError(f"a view of an index is not saved ({folder})")
