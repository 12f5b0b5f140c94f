"""BM25 on a server: the server finds candidates, this process counts their terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import Hashes, hash_terms, length_norms, term_gains
from retrieval.index.postgres.books import TermStatistics
from retrieval.index.postgres.row_batch import RowBatch
from retrieval.index.postgres.row_store import RowStore
from retrieval.index.postgres.server_texts import ServerTexts
from retrieval.top_k import Ranking, best
from retrieval.types import FloatVector, IntVector, Mask

Statistics = Callable[[IntVector | None], TermStatistics]
"""The statistics of the passages at some positions of the whole, which are whole collections; of all for None."""
Nearest = Callable[[Sequence[str], int, IntVector | None], IntVector]
"""Terms, a number and positions of the whole to the positions that the server's own BM25 ranks first."""


@dataclass(frozen=True, slots=True)
class TermNumbers:
    """The number of a term is its row among the hashes of all terms."""

    hashes: Hashes
    """In rising order."""

    def of(self, terms: Sequence[str]) -> IntVector:
        """(terms,) the number of each; -1 for one that no text holds."""
        wanted = hash_terms(terms)
        if not len(self.hashes):
            return np.full(len(wanted), -1, np.int64)
        found = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[found] == wanted, found, -1).astype(np.int64)

    def text(self, terms: Sequence[str]) -> str:
        """The terms that any text holds as the server's own index has them; empty if there is none."""
        return " ".join(f"t{number}" for number in self.of(terms).tolist() if number >= 0)


class ServerKeywords:
    """A `KeywordIndex` of the passages of a generation, or of some of them numbered anew."""

    def __init__(
        self,
        rows: RowStore,
        folded: ServerTexts,
        statistics: Statistics,
        nearest: Nearest,
        positions: IntVector | None = None,
    ) -> None:
        self._rows = rows
        self._folded = folded
        self._statistics_of = statistics
        self._nearest = nearest
        self._positions = positions
        self._statistics = statistics(positions)
        self._numbers = TermNumbers(self._statistics.hashes)

    @property
    def size(self) -> int:
        return self._statistics.size

    def frequencies(self, terms: Sequence[str]) -> IntVector:
        numbers = self._numbers.of(terms)
        known = self._statistics.frequencies
        found = known[numbers] if len(known) else np.zeros(len(numbers), np.int64)
        return np.asarray(np.where(numbers >= 0, found, 0), np.int64)

    def frequency(self, term: str) -> int:
        return int(self.frequencies([term])[0])

    def knows(self, term: str) -> bool:
        return self.frequency(term) > 0

    def idf(self, frequencies: IntVector) -> NDArray[np.float64]:
        return np.asarray(np.log(1 + self.size / (1 + frequencies)), np.float64)

    def scores(self, terms: Sequence[str], within: Mask | None = None) -> FloatVector:
        """Of all texts this reads the whole generation: the ranking asks for those of candidates."""
        mask = np.ones(self.size, np.bool_) if within is None else within
        return self.scores_at(terms, np.flatnonzero(mask).astype(np.int64))

    def scores_at(self, terms: Sequence[str], positions: IntVector) -> FloatVector:
        term_counts = Counter(terms)
        batch, rows = self._rows.rows(positions if self._positions is None else self._positions[positions])
        counts = _counts(self._numbers.of(tuple(term_counts)), batch, rows)
        norms = length_norms(batch.lengths[rows], self._statistics.average_length)
        gains = np.asarray(list(term_counts.values())) * term_gains(
            self.size, self.frequencies(tuple(term_counts))
        )
        return np.asarray(gains @ (counts / (counts + norms)), np.float32)

    def rank(self, terms: Sequence[str], top_k: int, within: Mask | None = None) -> Ranking:
        """The server's first, scored and ordered by this process's own count."""
        inside = None if within is None else np.flatnonzero(within).astype(np.int64)
        if self._positions is not None:
            inside = self._positions if inside is None else self._positions[inside]
        found = np.sort(self._nearest(terms, top_k, inside))
        own = found if self._positions is None else np.searchsorted(self._positions, found)
        ranking = best(self.scores_at(terms, np.asarray(own, np.int64)), top_k)
        count = int(np.count_nonzero(ranking.scores > 0))
        return Ranking(own[ranking.positions[:count]].astype(np.int64), ranking.scores[:count])

    def rank_and_score(
        self, terms: Sequence[str], top_k: int, positions: IntVector, within: Mask | None = None
    ) -> tuple[Ranking, FloatVector]:
        return self.rank(terms, top_k, within), self.scores_at(terms, positions)

    def holding(self, term: str) -> IntVector:
        """The positions of the passages whose text holds the term."""
        return self._folded.holding(term)

    def taking(self, positions: IntVector) -> ServerKeywords:
        own = positions if self._positions is None else self._positions[positions]
        return ServerKeywords(
            self._rows, self._folded.taking(positions), self._statistics_of, self._nearest, own
        )

    def save(self, folder: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"an index on a server is not saved ({folder})")


def _counts(numbers: IntVector, batch: RowBatch, rows: IntVector) -> NDArray[np.float32]:
    """(terms, rows) the occurrences of each term in each text."""
    counts = np.zeros((len(numbers), len(rows)), np.float32)
    if not len(rows) or not len(numbers):
        return counts
    held, times, owners = batch.terms_of(rows)
    order = np.argsort(numbers, kind="stable")
    found = np.minimum(np.searchsorted(numbers[order], held), len(numbers) - 1)
    matches = np.flatnonzero(numbers[order][found] == held)
    counts[order[found[matches]], owners[matches]] = times[matches]
    return counts
