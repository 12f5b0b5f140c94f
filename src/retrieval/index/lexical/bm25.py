"""BM25 over terms: a ranking, and the scores of all texts or of some."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical.inverted_index import SEGMENT, Segment, build_segments, hash_terms, taking
from retrieval.storage import array_files
from retrieval.top_k import BestSoFar, Ranking
from retrieval.types import FloatVector, IntVector, Mask

# Lucene's BM25 as in https://bm25s.github.io (Lù 2024, arXiv:2407.03618); k1 and b are Robertson's defaults.
_K1 = 1.5
_B = 0.75
_COMMON = 1 / 16
"""A term in more than this share of the texts of a large index does not rank them. Of 300 public questions among a million
passages 0.877 have theirs first, with an eighth 0.870 for 0.3 ms more of the processor, with a 64th 0.863."""
_LOOKUPS_CACHED = 64
"""A question is looked up several times: for its candidates, for their features and for its confidence."""


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The postings of some terms."""

    slices: tuple[tuple[slice, ...], ...]
    """By segment, a slice a term."""
    frequencies: IntVector
    """(terms,) the number of texts that hold each."""


@dataclass(frozen=True, slots=True)
class _Weighted:
    """The terms of a query with their weights in a score."""

    lookup: _Lookup
    weights: FloatVector
    """The inverse document frequency of each, times its count in the query."""

    def where(self, chosen: Mask) -> _Weighted:
        slices = tuple(tuple(itertools.compress(row, chosen)) for row in self.lookup.slices)
        return _Weighted(_Lookup(slices, self.lookup.frequencies[chosen]), self.weights[chosen])


def term_gains(size: int, frequencies: IntVector) -> NDArray[np.float64]:
    """Lucene's inverse document frequency of terms that so many of `size` texts hold."""
    return np.asarray(np.log(1 + (size - frequencies + 0.5) / (frequencies + 0.5)), np.float64)


def length_norms(lengths: IntVector, average: float) -> NDArray[np.float32]:
    """The term of the divisor beside the term frequency, by the length of the text beside the average one."""
    return np.asarray(_K1 * (1 - _B + _B * lengths / (average or 1.0)), np.float32)


class BM25Index:
    """A BM25 index of texts given as terms; positions are those of the texts when it was built."""

    def __init__(self, segments: Sequence[Segment], lengths: IntVector) -> None:
        self._segments = segments
        self._lengths = lengths
        average = float(lengths.mean()) if len(lengths) else 0.0
        self._norms = length_norms(lengths, average)
        # A function of the segments alone: a cache that referred to the index would keep it alive when another replaces it.
        self._look_up = functools.lru_cache(_LOOKUPS_CACHED)(functools.partial(_find_postings, segments))

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> BM25Index:
        """An index of the texts; no more than a segment of them is held as terms at a time."""
        built = list(build_segments(texts))
        lengths = [segment_lengths for _, segment_lengths in built]
        return cls(
            [segment for segment, _ in built], np.concatenate(lengths) if lengths else np.zeros(0, np.int64)
        )

    def taking(self, positions: IntVector) -> BM25Index:
        """The index of the texts at the positions alone, given in order: frequencies and lengths are theirs."""
        return BM25Index(list(taking(self._segments, positions)), self._lengths[positions])

    @property
    def size(self) -> int:
        return len(self._lengths)

    @property
    def segments(self) -> Sequence[Segment]:
        """The postings, 65,536 texts a segment."""
        return self._segments

    @property
    def lengths(self) -> IntVector:
        """(texts,) the number of terms of each."""
        return self._lengths

    def scores(self, terms: Sequence[str], within: Mask | None = None) -> FloatVector:
        """BM25 scores, 0 where no term occurs: of all texts, or of those within, in their order."""
        scores = [
            scores if within is None else scores[within[first : first + SEGMENT]]
            for first, scores in self._scores_by_segment(self._weighted(terms), within)
        ]
        return np.concatenate([np.zeros(0, np.float32), *scores])

    def idf(self, frequencies: IntVector) -> NDArray[np.float64]:
        """ln(1 + size / (1 + frequency)): the rarer a term, the higher; that of an unseen one is the highest."""
        return np.asarray(np.log(1 + self.size / (1 + frequencies)), np.float64)

    def coverage(self, terms: Sequence[str], positions: IntVector | None = None) -> FloatVector:
        """The share of the different terms that each text holds, weighted by `idf`: of all texts or at positions."""
        lookup = self._look_up(tuple(dict.fromkeys(terms)))
        counts = self._counts(lookup, np.arange(self.size) if positions is None else positions)
        idf = self.idf(lookup.frequencies)
        return np.asarray(idf @ (counts > 0) / (idf.sum() or 1.0), np.float32)

    def scores_at(self, terms: Sequence[str], positions: IntVector) -> FloatVector:
        """`scores` of the texts at the positions, in their order."""
        term_counts = Counter(terms)
        lookup = self._look_up(tuple(term_counts))
        counts = self._counts(lookup, positions)
        gains = np.asarray(list(term_counts.values())) * term_gains(self.size, lookup.frequencies)
        return np.asarray(gains @ (counts / (counts + self._norms[positions])), np.float32)

    def knows(self, term: str) -> bool:
        """Whether any text holds the term."""
        return self.frequency(term) > 0

    def frequency(self, term: str) -> int:
        """The number of texts that hold the term."""
        return int(self.frequencies([term])[0])

    def holding(self, term: str) -> IntVector:
        """The positions of the texts that hold the term, in order."""
        slices = self._look_up((term,)).slices
        positions = [
            segment.texts[postings].astype(np.int64) + number * SEGMENT
            for number, (segment, (postings,)) in enumerate(zip(self._segments, slices, strict=True))
        ]
        return np.concatenate(positions) if positions else np.zeros(0, np.int64)

    def rank(self, terms: Sequence[str], top_k: int, within: Mask | None = None) -> Ranking:
        """The best texts for the terms, best first, of those within; texts without any of the terms are left out."""
        return self.rank_and_score(terms, top_k, np.zeros(0, np.int64), within)[0]

    def rank_and_score(
        self, terms: Sequence[str], top_k: int, positions: IntVector, within: Mask | None = None
    ) -> tuple[Ranking, FloatVector]:
        """`rank`, and the scores by the same terms of the texts at the positions, which are in order and all within.

        Within a mask every term counts: of the texts that pass, few may hold the rare ones.
        """
        weighted = self._weighted(terms)
        if within is None:
            weighted = self._without_frequent_terms(weighted)
        found, of_positions = BestSoFar(top_k), [np.zeros(0, np.float32)]
        for first, scores in self._scores_by_segment(weighted, within):
            found.add(first, scores)
            start, end = np.searchsorted(positions, (first, first + len(scores)))
            of_positions.append(scores[positions[start:end] - first])
        return found.ranking(), np.concatenate(of_positions)

    def _scores_by_segment(
        self, weighted: _Weighted, within: Mask | None = None
    ) -> Iterator[tuple[int, FloatVector]]:
        """The first position and the scores of each segment with texts within, 0 for others.

        Postings of others are skipped before anything is computed.
        """
        for number in range(len(self._segments)):
            first = number * SEGMENT
            inside = None if within is None else within[first : first + SEGMENT]
            if inside is None or inside.any():
                yield first, self._segment_scores(number, weighted, inside)

    def _without_frequent_terms(self, weighted: _Weighted) -> _Weighted:
        """The terms that less than a sixteenth of the texts of a large index hold; all, if there are no such terms.

        Frequent terms hardly distinguish texts and have nine tenths of all postings. `scores` leaves none out.
        """
        if len(self._segments) < 2:
            return weighted
        rare = weighted.where(weighted.lookup.frequencies <= _COMMON * self.size)
        return rare if len(rare.weights) else weighted

    def _segment_scores(self, number: int, weighted: _Weighted, inside: Mask | None = None) -> FloatVector:
        """The scores of the texts of a segment; 0 for those that are not inside."""
        first = number * SEGMENT
        norms = self._norms[first : first + SEGMENT]
        texts, counts, lengths = self._segments[number].postings(weighted.lookup.slices[number], inside)
        shares = np.take(norms, texts, mode="clip")  # without the check of bounds
        np.divide(counts, np.add(shares, counts, out=shares), out=shares)
        gains = np.repeat(weighted.weights, lengths)
        gains *= shares
        return np.bincount(texts, gains, len(norms)).astype(np.float32)

    def _weighted(self, terms: Sequence[str]) -> _Weighted:
        """The terms that any text holds."""
        term_counts = Counter(terms)
        lookup = self._look_up(tuple(term_counts))
        weights = np.asarray(list(term_counts.values())) * term_gains(self.size, lookup.frequencies)
        return _Weighted(lookup, weights.astype(np.float32)).where(lookup.frequencies > 0)

    def frequencies(self, terms: Sequence[str]) -> IntVector:
        """(terms,) the number of texts that hold each."""
        return self._look_up(tuple(terms)).frequencies

    def _counts(self, lookup: _Lookup, positions: IntVector) -> NDArray[np.float32]:
        """(terms, positions) the occurrences of each term in each text."""
        counts = np.zeros((len(lookup.frequencies), len(positions)), np.float32)
        numbers = positions // SEGMENT
        for number in np.unique(numbers).tolist():
            inside = np.flatnonzero(numbers == number)
            texts = (positions[inside] % SEGMENT).astype(np.uint16)
            counts[:, inside] = self._segments[number].term_frequencies(lookup.slices[number], texts)
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


def _find_postings(segments: Sequence[Segment], terms: tuple[str, ...]) -> _Lookup:
    hashes = hash_terms(terms)
    slices = tuple(segment.slices(hashes) for segment in segments)
    lengths = [[postings.stop - postings.start for postings in row] for row in slices]
    return _Lookup(slices, np.asarray(lengths, np.int64).reshape(len(slices), len(terms)).sum(axis=0))
