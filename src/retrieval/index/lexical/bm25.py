"""BM25 over terms: `rank`, and the scores of all texts or of some."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical.inverted_index import SEGMENT, Segment, build_segments, hash_terms
from retrieval.storage import array_files
from retrieval.top_k import Ranking, best
from retrieval.types import FloatVector, IntVector, Mask

# Lucene's BM25 as in https://bm25s.github.io (Lù 2024, arXiv:2407.03618); k1 and b are Robertson's defaults.
_K1 = 1.5
_B = 0.75
_COMMON = 1 / 8
_QUERIES_KEPT = 64
"""Where their postings stand: a question is looked up for its candidates, for their signals and for what sets it apart."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the postings of some terms stand."""

    slices: tuple[tuple[slice, ...], ...]
    """By segment, a slice a term."""
    frequencies: IntVector
    """(terms,) how many texts hold each."""


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The terms of a query, and what each adds to a score."""

    found: _Found
    weights: FloatVector
    """The inverse document frequency of each, as often as it is asked for."""

    def where(self, chosen: Mask) -> _Weighted:
        slices = tuple(tuple(itertools.compress(some, chosen)) for some in self.found.slices)
        return _Weighted(_Found(slices, self.found.frequencies[chosen]), self.weights[chosen])


class BM25Index:
    """A BM25 index of texts given as terms; positions are those of the texts when it was built."""

    def __init__(self, segments: Sequence[Segment], lengths: IntVector) -> None:
        self._segments = segments
        self._lengths = lengths
        average = float(lengths.mean()) if len(lengths) else 0.0
        self._norms = (_K1 * (1 - _B + _B * lengths / (average or 1.0))).astype(np.float32)
        # Of the segments alone: what refers to itself would stay when another generation takes its place.
        self._find = functools.lru_cache(_QUERIES_KEPT)(functools.partial(_look_up, segments))

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> BM25Index:
        """Of a million texts no more than a segment is held as terms at a time."""
        built = list(build_segments(texts))
        lengths = [found for _, found in built]
        return cls(
            [segment for segment, _ in built], np.concatenate(lengths) if lengths else np.zeros(0, np.int64)
        )

    @property
    def size(self) -> int:
        return len(self._lengths)

    def scores(self, terms: Sequence[str], within: Mask | None = None) -> FloatVector:
        """BM25 scores, 0 where no term occurs: of all texts, or of those within, in their order."""
        wanted = self._weighted(terms)
        if within is not None:
            return self._scores_at(wanted, within)
        found = [self._segment_scores(number, wanted) for number in range(len(self._segments))]
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    def idf(self, frequencies: IntVector) -> NDArray[np.float64]:
        """ln(1 + size / (1 + frequency)): the rarer a term, the higher; that of an unseen one is the highest."""
        return np.asarray(np.log(1 + self.size / (1 + frequencies)), np.float64)

    def coverage(self, terms: Sequence[str], positions: IntVector | None = None) -> FloatVector:
        """The share of the different terms that each text holds, weighted by inverse frequency: of all or at positions."""
        return self.matches(terms, np.arange(self.size) if positions is None else positions)[1]

    def matches(self, terms: Sequence[str], positions: IntVector) -> tuple[FloatVector, FloatVector]:
        """`scores` and `coverage` of the texts at the positions."""
        asked = Counter(terms)
        found = self._find(tuple(asked))
        counts = self._counts(found, positions)
        gains = np.asarray(list(asked.values())) * self._gains(found.frequencies)
        idf = self.idf(found.frequencies)
        scores = gains @ (counts / (counts + self._norms[positions]))
        covered = idf @ (counts > 0) / (idf.sum() or 1.0)
        return scores.astype(np.float32), covered.astype(np.float32)

    def _gains(self, frequencies: IntVector) -> NDArray[np.float64]:
        """The inverse document frequency of terms that so many texts hold."""
        return np.asarray(np.log(1 + (self.size - frequencies + 0.5) / (frequencies + 0.5)), np.float64)

    def knows(self, term: str) -> bool:
        """Whether any text holds the term."""
        return self.frequency(term) > 0

    def frequency(self, term: str) -> int:
        """How many texts hold the term."""
        return int(self.frequencies([term])[0])

    def holding(self, term: str) -> IntVector:
        """The positions of the texts that hold the term, in order."""
        slices = self._find((term,)).slices
        found = [
            segment.texts[spots].astype(np.int64) + number * SEGMENT
            for number, (segment, (spots,)) in enumerate(zip(self._segments, slices, strict=True))
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def rank(self, terms: Sequence[str], top_k: int, within: Mask | None = None) -> Ranking:
        """The best texts for the terms, best first, of those within; texts without any of the terms are left out."""
        wanted = self._weighted(terms)
        if within is not None:
            return self._rank_within(wanted, top_k, within)
        wanted = self._telling(wanted)
        if not len(wanted.weights):
            return best(np.zeros(0, np.float32), 0)
        found = list(self._best_of_segments(wanted, top_k))
        positions = np.concatenate([ranking.positions for ranking in found])
        scores = np.concatenate([ranking.scores for ranking in found])
        order = np.lexsort((positions, -scores))[:top_k]
        order = order[scores[order] > 0]
        return Ranking(positions[order], scores[order])

    def _rank_within(self, wanted: _Weighted, top_k: int, within: Mask) -> Ranking:
        """Every term counts: of the texts that pass, few may hold the rare ones."""
        positions = np.flatnonzero(within).astype(np.int64)
        ranking = best(self._scores_at(wanted, within), top_k)
        count = int(np.count_nonzero(ranking.scores > 0))
        return Ranking(positions[ranking.positions[:count]], ranking.scores[:count])

    def _scores_at(self, wanted: _Weighted, within: Mask) -> FloatVector:
        """The scores of the texts within, in order; postings of others are passed over before anything is reckoned."""
        found = [np.zeros(0, np.float32)]
        for number in range(len(self._segments)):
            inside = within[number * SEGMENT : (number + 1) * SEGMENT]
            if inside.any():
                found.append(self._segment_scores(number, wanted, inside)[inside])
        return np.concatenate(found)

    def _telling(self, wanted: _Weighted) -> _Weighted:
        """Of a large index without the terms that are in every eighth text, where there are others.

        They tell hardly any texts apart, and two thirds of all postings are theirs; `scores` leaves none out.
        """
        if len(self._segments) < 2:
            return wanted
        rare = wanted.where(wanted.found.frequencies <= _COMMON * self.size)
        return rare if len(rare.weights) else wanted

    def _best_of_segments(self, wanted: _Weighted, top_k: int) -> Iterator[Ranking]:
        """Those of each segment that may be among the best of all: what a later one must beat is known by then."""
        found = np.zeros(0, np.float32)
        for number in range(len(self._segments)):
            scores = self._segment_scores(number, wanted)
            first = number * SEGMENT
            spots = np.flatnonzero(scores > (found[-1] if 0 < len(found) == top_k else 0.0))
            ranking = best(scores[spots], top_k)
            found = best(np.concatenate([found, ranking.scores]), top_k).scores
            yield Ranking(spots[ranking.positions] + first, ranking.scores)

    def _segment_scores(self, number: int, wanted: _Weighted, inside: Mask | None = None) -> FloatVector:
        """The scores of the texts of a segment; 0 for those that are not inside."""
        first = number * SEGMENT
        norms = self._norms[first : first + SEGMENT]
        texts, counts, lengths = self._segments[number].postings(wanted.found.slices[number], inside)
        gains = np.repeat(wanted.weights, lengths)
        gains *= counts / (counts + norms[texts])
        return np.bincount(texts, gains, len(norms)).astype(np.float32)

    def _weighted(self, terms: Sequence[str]) -> _Weighted:
        """The terms that are known."""
        asked = Counter(terms)
        found = self._find(tuple(asked))
        weights = np.asarray(list(asked.values())) * self._gains(found.frequencies)
        return _Weighted(found, weights.astype(np.float32)).where(found.frequencies > 0)

    def frequencies(self, terms: Sequence[str]) -> IntVector:
        """(terms,) how many texts hold each."""
        return self._find(tuple(terms)).frequencies

    def _counts(self, found: _Found, positions: IntVector) -> NDArray[np.float32]:
        """(terms, positions) how often each term stands in each text."""
        counts = np.zeros((len(found.frequencies), len(positions)), np.float32)
        numbers = positions // SEGMENT
        for number in np.unique(numbers).tolist():
            inside = np.flatnonzero(numbers == number)
            wanted = (positions[inside] % SEGMENT).astype(np.uint16)
            counts[:, inside] = self._segments[number].term_frequencies(found.slices[number], wanted)
        return counts

    def save(self, folder: Path) -> None:
        """Arrays, no pickle; a folder a segment."""
        array_files.save_arrays(folder, {"lengths": self._lengths.astype(np.int32)})
        for number, segment in enumerate(self._segments):
            segment.save(folder / f"{number:04}")

    @classmethod
    def load(cls, folder: Path, size: int) -> BM25Index:
        """The index of so many texts."""
        numbers = range(-(-size // SEGMENT))
        lengths = array_files.map_array(folder / "lengths.npy")
        return cls([Segment.load(folder / f"{number:04}") for number in numbers], lengths)


def _look_up(segments: Sequence[Segment], terms: tuple[str, ...]) -> _Found:
    hashes = hash_terms(terms)
    slices = tuple(segment.slices(hashes) for segment in segments)
    lengths = [[spots.stop - spots.start for spots in some] for some in slices]
    return _Found(slices, np.asarray(lengths, np.int64).reshape(len(slices), len(terms)).sum(axis=0))
