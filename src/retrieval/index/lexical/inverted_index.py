"""Which texts hold which terms how often, in segments of 65,536 texts: three bytes a posting, mapped when loaded."""

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
"""Texts of a segment, so that two bytes tell which; also how many are held in memory while an index is built."""
_MOST = 255
"""A term counts as often as it stands in a text, up to here: its score is within 1 % of its limit long before."""

Hashes = NDArray[np.uint64]
Counts = NDArray[np.uint8]


def hash_terms(terms: Iterable[str]) -> Hashes:
    """Eight bytes of each term's BLAKE2: of a million terms two are alike once in forty million indexes."""
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
    """(postings,) how often the term stands in it."""

    def slices(self, hashes: Hashes) -> tuple[slice, ...]:
        """The postings of each term; an empty slice for one that no text holds."""
        if not len(self.hashes):
            return (slice(0, 0),) * len(hashes)
        spots = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        lasts = spots + (self.hashes[spots] == hashes)
        return tuple(map(slice, self.starts[spots].tolist(), self.starts[lasts].tolist()))

    def postings(
        self, slices: Sequence[slice], inside: Mask | None = None
    ) -> tuple[NDArray[np.uint16], Counts, IntVector]:
        """Texts and counts of the terms with these postings, one term after the other, of the texts inside; and how many
        each term has.
        """
        texts = np.concatenate([np.zeros(0, np.uint16), *(self.texts[spots] for spots in slices)])
        ends = np.cumsum([0, *(spots.stop - spots.start for spots in slices)])
        if inside is None:
            counts = [np.zeros(0, np.uint8), *(self.counts[spots] for spots in slices)]
            return texts, np.concatenate(counts), np.diff(ends)
        # "clip" checks nothing, which takes a fifth less time.
        kept = np.flatnonzero(np.take(inside, texts, mode="clip"))
        lengths = np.diff(np.searchsorted(kept, ends))
        firsts = np.asarray([spots.start for spots in slices], np.int64) - ends[:-1]
        return texts[kept], self.counts[kept + np.repeat(firsts, lengths)], lengths

    def term_frequencies(self, slices: Sequence[slice], wanted: NDArray[np.uint16]) -> Counts:
        """(terms, wanted) how often each term with these postings stands in each of these texts."""
        if not len(self.texts) or not len(slices):
            return np.zeros((len(slices), len(wanted)), np.uint8)
        spots = np.stack([self.texts[term].searchsorted(wanted) + term.start for term in slices])
        is_inside = spots < np.asarray([term.stop for term in slices])[:, None]
        spots = np.minimum(spots, len(self.texts) - 1)
        return np.where(is_inside & (self.texts[spots] == wanted), self.counts[spots], np.uint8(0))

    def save(self, folder: Path) -> None:
        array_files.save_arrays(folder, {name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, folder: Path) -> Segment:
        return cls(**array_files.map_arrays(folder, *cls.__slots__))


def build_segments(texts: Iterable[Sequence[str]]) -> Iterator[tuple[Segment, IntVector]]:
    """The segments of the texts with how many terms each text has; only one segment of texts is held at a time."""
    rest = iter(texts)
    while batch := list(itertools.islice(rest, SEGMENT)):
        yield _segment(batch), np.asarray([len(terms) for terms in batch], np.int64)


def _segment(batch: Sequence[Sequence[str]]) -> Segment:
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    found = np.fromiter(map(numbers.__getitem__, itertools.chain.from_iterable(batch)), np.int64)
    lengths = np.asarray([len(terms) for terms in batch], np.int64)
    return segment_of(found, lengths, hash_terms(numbers))


def segment_of(numbers: IntVector, lengths: IntVector, hashes: Hashes) -> Segment:
    """The segment of texts of these lengths, one after the other, given as numbers of terms in the list of hashes."""
    order = np.argsort(hashes, kind="stable")
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    owners = np.repeat(np.arange(len(lengths)), lengths)
    pairs, counts = np.unique(places[numbers] * SEGMENT + owners, return_counts=True)
    starts = np.searchsorted(pairs, np.arange(len(order) + 1) * SEGMENT)
    return Segment(
        hashes=hashes[order],
        starts=starts.astype(np.int64),
        texts=(pairs % SEGMENT).astype(np.uint16),
        counts=np.minimum(counts, _MOST).astype(np.uint8),
    )
