"""The protocols of exact and quantized vectors: `VectorIndex` and `TokenIndex`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.index.vectors.int8_tokens import TokenCodes
from retrieval.top_k import Ranking
from retrieval.types import FloatMatrix, FloatVector, IntVector, Mask


class VectorIndex(Protocol):
    """Unit vectors of paragraphs or sentences by row; `owners[row]` is the position of the passage of each."""

    @property
    def owners(self) -> IntVector: ...

    @property
    def size(self) -> int:
        """The number of rows."""

    @property
    def dimension(self) -> int: ...

    @property
    def is_searchable(self) -> bool:
        """Whether `rank` finds anything; False where only the vectors of candidates are read."""

    @property
    def tolerance(self) -> float:
        """The largest amount by which a score of `rank` exceeds the square of a vector's own length."""

    def rank(self, query: FloatVector, top_k: int, within: Mask | None = None) -> Ranking:
        """Rows (not passages) by inner product with the query, best first, of those within; none if not searchable."""

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """(rows,) the inner product of each of these with the query."""

    def vectors(self, rows: IntVector | None = None) -> FloatMatrix:
        """(rows, dimension), in the order given; of all rows where none are given."""

    def save(self, path: Path) -> None:
        """Write files that begin with this path; raises OSError if the disk refuses them."""


class TokenIndex(Protocol):
    """Token vectors of texts, by the row of the text."""

    @property
    def size(self) -> int:
        """The number of texts."""

    @property
    def is_quantized(self) -> bool:
        """Whether `approximate_token_maxima` costs less than `token_maxima`."""

    @property
    def tolerance(self) -> float:
        """The largest distance from 1 of the MaxSim score of a text with itself."""

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        """(rows, query tokens) the largest cosine over the tokens of each text; 0 for texts without tokens."""

    def approximate_token_maxima(
        self, query: FloatMatrix, first_rows: IntVector, end_rows: IntVector
    ) -> FloatMatrix:
        """(ranges, query tokens) the largest cosine over all texts of each range of rows, the end excluded.

        The unit is the implementation's own: values of one call compare with each other alone. 0 without tokens.
        """

    def codes(self, row: int) -> TokenCodes:
        """The tokens of one text as int8."""

    def vectors(self, row: int) -> FloatMatrix:
        """(tokens, dimension) of one text, as near as they are kept."""

    def save(self, folder: Path) -> None:
        """Write files below the folder."""


@dataclass(frozen=True, slots=True)
class VectorParts:
    """The vectors of an index: of paragraphs, of sentences, and the tokens of the sentences."""

    paragraphs: VectorIndex
    sentences: VectorIndex
    tokens: TokenIndex
