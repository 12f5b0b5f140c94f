"""The terms of each text as numbers: an inverted index read the other way round, to be written elsewhere and read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical.bm25 import BM25Index
from retrieval.index.lexical.inverted_index import SEGMENT, Counts, Hashes, Segment
from retrieval.types import IntVector


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The different terms of one text, in rising order, and how often each occurs (255 at most)."""

    numbers: NDArray[np.uint32]
    """Rows of the vocabulary."""
    counts: Counts


def vocabulary_of(index: BM25Index) -> Hashes:
    """(terms,) the hashes of all terms of the index, in rising order."""
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *(each.hashes for each in index.segments)]))


def terms_by_text(index: BM25Index, vocabulary: Hashes) -> Iterator[TermCounts]:
    """The terms of each text of the index, in the order of the texts."""
    for number, segment in enumerate(index.segments):
        count = min(SEGMENT, index.size - number * SEGMENT)
        yield from _terms_of_segment(segment, vocabulary, count)


def _terms_of_segment(segment: Segment, vocabulary: Hashes, texts: int) -> Iterator[TermCounts]:
    own = np.searchsorted(vocabulary, segment.hashes).astype(np.uint32)
    numbers = np.repeat(own, np.diff(segment.starts))
    order = np.argsort(segment.texts, kind="stable")
    starts = np.searchsorted(segment.texts[order], np.arange(texts + 1))
    numbers, counts = numbers[order], segment.counts[order]
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        yield TermCounts(numbers[start:end], counts[start:end])


def index_of_terms(vocabulary: Hashes, texts: Sequence[TermCounts], lengths: IntVector) -> BM25Index:
    """The index of texts with these terms; the same as the one that they were read from."""
    parts = (texts[start : start + SEGMENT] for start in range(0, len(texts), SEGMENT))
    return BM25Index([_segment_of(vocabulary, part) for part in parts], lengths)


def _segment_of(vocabulary: Hashes, texts: Sequence[TermCounts]) -> Segment:
    numbers = np.concatenate([np.zeros(0, np.uint32), *(text.numbers for text in texts)])
    counts = np.concatenate([np.zeros(0, np.uint8), *(text.counts for text in texts)])
    owners = np.repeat(np.arange(len(texts)), [len(text.numbers) for text in texts])
    order = np.argsort(numbers, kind="stable")
    known, starts = np.unique(numbers[order], return_index=True)
    return Segment(
        hashes=vocabulary[known],
        starts=np.append(starts, len(order)).astype(np.int64),
        texts=owners[order].astype(np.uint16),
        counts=counts[order],
    )
