"""BM25 over terms: `rank` and the scores of all texts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np

from retrieval.ranking import Ranking, best
from retrieval.types import FloatVector, IntVector

# Lucene's BM25 as in https://bm25s.github.io (Lù 2024, arXiv:2407.03618); k1 and b are Robertson's defaults.
_K1 = 1.5
_B = 0.75


class SparseIndex:
    """A BM25 index of texts given as terms; positions are those of the texts when it was built."""

    def __init__(self, index: bm25s.BM25, size: int) -> None:
        self._index = index
        self.size = size

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> SparseIndex:
        index = bm25s.BM25(k1=_K1, b=_B)
        lists = [list(terms) for terms in texts]
        index.index(lists, show_progress=False)
        return cls(index, len(lists))

    def scores(self, terms: Sequence[str]) -> FloatVector:
        """(size,) BM25 scores, 0 where no term occurs."""
        known = [term for term in terms if term in self._index.vocab_dict]
        if not known:
            return np.zeros(self.size, np.float32)
        return np.asarray(self._index.get_scores(known), np.float32)

    def inverse_frequency(self, term: str) -> float:
        """ln(1 + size / (1 + texts with the term)), the rarer the higher; that of an unseen term is the highest."""
        return math.log(1 + self.size / (1 + len(self._holding(term))))

    def coverage(self, terms: Sequence[str]) -> FloatVector:
        """(size,) the share of the different terms that each text holds, weighted by inverse frequency."""
        weights = {term: self.inverse_frequency(term) for term in terms}
        covered = np.zeros(self.size, np.float32)
        for term, weight in weights.items():
            covered[self._holding(term)] += weight
        return covered / np.float32(sum(weights.values()) or 1.0)

    def knows(self, term: str) -> bool:
        """Whether any text holds the term."""
        return term in self._index.vocab_dict

    def _holding(self, term: str) -> IntVector:
        """The positions of the texts that hold the term."""
        number = self._index.vocab_dict.get(term)
        if number is None:
            return np.zeros(0, np.int64)
        starts = self._index.scores["indptr"]
        return np.asarray(self._index.scores["indices"][starts[number] : starts[number + 1]], np.int64)

    def rank(self, terms: Sequence[str], top_k: int) -> Ranking:
        """The best texts for the terms, best first; texts without any of the terms are left out."""
        ranking = best(self.scores(terms), top_k)
        matching = ranking.scores > 0
        return Ranking(ranking.positions[matching], ranking.scores[matching])

    def save(self, folder: Path) -> None:
        """Arrays and JSON, no pickle."""
        self._index.save(str(folder), allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> SparseIndex:
        return cls(bm25s.BM25.load(str(folder), mmap=True, allow_pickle=False, show_progress=False), size)
