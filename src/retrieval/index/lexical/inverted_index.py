"""An inverted index in segments of 65,536 texts: three bytes a posting (text and term frequency), mapped when loaded."""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.storage import array_files
from retrieval.types import IntVector, Mask

SEGMENT = 1 << 16
"""Texts of a segment: two bytes number them. So many are held in memory while an index is built."""
_MAX_FREQUENCY = 255
"""The largest term frequency kept: the score of a term is within 1 % of its limit long before."""

Hashes = NDArray[np.uint64]
Counts = NDArray[np.uint8]


def hash_terms(terms: Iterable[str]) -> Hashes:
    """Eight bytes of each term's BLAKE2: two of a million terms collide once in forty million indexes."""
    digests = (hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8) for term in terms)
    return np.frombuffer(b"".join(digest.digest() for digest in digests), "<u8")


@dataclass(frozen=True, slots=True)
class Segment:
    """The postings of up to 65,536 texts; those of term `t` are `starts[t]:starts[t + 1]`, texts in order."""

    hashes: Hashes
    """(terms,) in order."""
    starts: IntVector
    texts: NDArray[np.uint16]
    """(postings,) the text, counted within the segment."""
    counts: Counts
    """(postings,) the occurrences of the term in it."""

    def slices(self, hashes: Hashes) -> tuple[slice, ...]:
        """The postings of each term; an empty slice for one that no text holds."""
        if not len(self.hashes):
            return (slice(0, 0),) * len(hashes)
        terms = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        ends = terms + (self.hashes[terms] == hashes)
        return tuple(map(slice, self.starts[terms].tolist(), self.starts[ends].tolist()))

    def postings(
        self, slices: Sequence[slice], inside: Mask | None = None
    ) -> tuple[NDArray[np.uint16], Counts, IntVector]:
        """Texts and counts of the terms, one term after the other, and the number of postings of each term.

        Where `inside` is given, only postings of the texts inside.
        """
        texts = np.concatenate([np.zeros(0, np.uint16), *(self.texts[term] for term in slices)])
        ends = np.cumsum([0, *(term.stop - term.start for term in slices)])
        if inside is None:
            counts = [np.zeros(0, np.uint8), *(self.counts[term] for term in slices)]
            return texts, np.concatenate(counts), np.diff(ends)
        # "clip" skips the bounds check, which takes a fifth less time.
        retained = np.flatnonzero(np.take(inside, texts, mode="clip"))
        lengths = np.diff(np.searchsorted(retained, ends))
        offsets = np.asarray([term.start for term in slices], np.int64) - ends[:-1]
        return texts[retained], self.counts[retained + np.repeat(offsets, lengths)], lengths

    def term_frequencies(self, slices: Sequence[slice], texts: NDArray[np.uint16]) -> Counts:
        """(terms, texts) the occurrences of each term with these postings in each of these texts."""
        if not len(self.texts) or not len(slices):
            return np.zeros((len(slices), len(texts)), np.uint8)
        postings = np.stack([self.texts[term].searchsorted(texts) + term.start for term in slices])
        is_inside = postings < np.asarray([term.stop for term in slices])[:, None]
        postings = np.minimum(postings, len(self.texts) - 1)
        return np.where(is_inside & (self.texts[postings] == texts), self.counts[postings], np.uint8(0))

    def save(self, folder: Path) -> None:
        array_files.save_arrays(folder, {name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, folder: Path) -> Segment:
        return cls(**array_files.map_arrays(folder, *cls.__slots__))


def taking(segments: Sequence[Segment], positions: IntVector) -> Iterator[Segment]:
    """The segments of the texts at these positions, given in order, as if built of those texts alone."""
    for start in range(0, len(positions), SEGMENT):
        yield _joined(segments, positions[start : start + SEGMENT])


def _joined(segments: Sequence[Segment], positions: IntVector) -> Segment:
    """One segment of the texts at these positions of one segment or several."""
    hashes, texts, counts = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.uint8)]
    for number in np.unique(positions // SEGMENT).tolist():
        segment = segments[number]
        new_text = np.full(SEGMENT, -1, np.int64)
        inside = np.flatnonzero(positions // SEGMENT == number)
        new_text[positions[inside] % SEGMENT] = inside
        retained = np.flatnonzero(new_text[segment.texts] >= 0)
        terms = np.searchsorted(segment.starts, retained, side="right") - 1
        hashes.append(segment.hashes[terms])
        texts.append(new_text[segment.texts[retained]])
        counts.append(segment.counts[retained])
    all_hashes, all_texts = np.concatenate(hashes), np.concatenate(texts)
    order = np.lexsort((all_texts, all_hashes))
    known, starts = np.unique(all_hashes[order], return_index=True)
    return Segment(
        hashes=known,
        starts=np.append(starts, len(order)).astype(np.int64),
        texts=all_texts[order].astype(np.uint16),
        counts=np.concatenate(counts)[order],
    )


def build_segments(texts: Iterable[Sequence[str]]) -> Iterator[tuple[Segment, IntVector]]:
    """The segments of the texts, with the number of terms of each text; one segment of texts is held at a time."""
    rest = iter(texts)
    while batch := list(itertools.islice(rest, SEGMENT)):
        yield _segment(batch), np.asarray([len(terms) for terms in batch], np.int64)


def _segment(batch: Sequence[Sequence[str]]) -> Segment:
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    term_numbers = np.fromiter(map(numbers.__getitem__, itertools.chain.from_iterable(batch)), np.int64)
    lengths = np.asarray([len(terms) for terms in batch], np.int64)
    return segment_of(term_numbers, lengths, hash_terms(numbers))


def segment_of(numbers: IntVector, lengths: IntVector, hashes: Hashes) -> Segment:
    """The segment of texts of these lengths, one after the other, given as term numbers that index the hashes."""
    order = np.argsort(hashes, kind="stable")
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    owners = np.repeat(np.arange(len(lengths)), lengths)
    pairs, counts = np.unique(ranks[numbers] * SEGMENT + owners, return_counts=True)
    starts = np.searchsorted(pairs, np.arange(len(order) + 1) * SEGMENT)
    return Segment(
        hashes=hashes[order],
        starts=starts.astype(np.int64),
        texts=(pairs % SEGMENT).astype(np.uint16),
        counts=np.minimum(counts, _MAX_FREQUENCY).astype(np.uint8),
    )
