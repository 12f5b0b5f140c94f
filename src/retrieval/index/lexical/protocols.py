"""The protocol of a keyword index, in files or on a server: `KeywordIndex`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.top_k import Ranking
from retrieval.types import FloatVector, IntVector, Mask


class KeywordIndex(Protocol):
    """BM25 over the terms of texts, by the position of the text."""

    @property
    def size(self) -> int:
        """The number of texts."""

    def scores(self, terms: Sequence[str], within: Mask | None = None) -> FloatVector:
        """BM25 scores, 0 where no term occurs: of all texts, or of those within, in their order."""

    def scores_at(self, terms: Sequence[str], positions: IntVector) -> FloatVector:
        """`scores` of the texts at the positions, in their order."""

    def rank(self, terms: Sequence[str], top_k: int, within: Mask | None = None) -> Ranking:
        """The best texts for the terms, best first, of those within; texts without any of the terms are left out."""

    def rank_and_score(
        self, terms: Sequence[str], top_k: int, positions: IntVector, within: Mask | None = None
    ) -> tuple[Ranking, FloatVector]:
        """`rank`, and the scores by the same terms of the texts at the positions, which are in order and all within."""

    def idf(self, frequencies: IntVector) -> NDArray[np.float64]:
        """ln(1 + size / (1 + frequency)): the rarer a term, the higher; that of an unseen one is the highest."""

    def frequencies(self, terms: Sequence[str]) -> IntVector:
        """(terms,) the number of texts that hold each."""

    def frequency(self, term: str) -> int:
        """The number of texts that hold the term."""

    def knows(self, term: str) -> bool:
        """Whether any text holds the term."""

    def holding(self, term: str) -> IntVector:
        """The positions of the texts that may hold the term, in order: all that do, and perhaps others."""

    def taking(self, positions: IntVector) -> KeywordIndex:
        """The index of the texts at the positions alone, given in order: frequencies and lengths are theirs."""

    def save(self, folder: Path) -> None:
        """Write files below the folder."""
