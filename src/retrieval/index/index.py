"""One immutable built index and its parts."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import threadpoolctl

from retrieval.index.lexical import KeywordIndex
from retrieval.index.place_index import PlaceIndex
from retrieval.index.remote_contents import RemoteContents
from retrieval.index.vectors import TokenIndex, VectorIndex
from retrieval.storage import PassageStore, manifests, row_ranges, text_column
from retrieval.types import IntMatrix, IntVector, Passage, Place, TextKeys


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an index. Positions are those of `passages`, rows those of the sentences."""

    passages: PassageStore
    bm25: KeywordIndex
    paragraphs: VectorIndex
    sentences: VectorIndex
    tokens: TokenIndex
    """The token vectors of the sentences."""
    spans: IntMatrix
    """(sentences, 2): start and end of each sentence in the text of its passage."""
    keys: TextKeys
    remote: RemoteContents | None = None
    """The reader of the contents of many passages at once, where they are kept elsewhere."""


class Index:
    """A loaded generation; immutable, so that any number of threads may read it. Where one is, NumPy multiplies in one thread."""

    def __init__(self, manifest: manifests.Manifest, parts: Parts) -> None:
        self.manifest = manifest
        self.passages = parts.passages
        self.bm25 = parts.bm25
        self.paragraphs = parts.paragraphs
        self.sentences = parts.sentences
        self.tokens = parts.tokens
        self.spans = parts.spans
        self.keys = parts.keys
        self.remote = parts.remote
        counts = np.bincount(parts.sentences.owners, minlength=len(parts.passages))
        self._first_rows = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        _multiply_in_one_thread()

    @property
    def name(self) -> str:
        return self.manifest.generation

    def position(self, passage_id: str) -> int | None:
        """The position of the passage, or None if this index has none of that id."""
        return self.passages.position(passage_id)

    def sentence_rows(self, position: int) -> IntVector:
        """The rows of the sentences of the passage at the position, in the order of its text."""
        return np.arange(self._first_rows[position], self._first_rows[position + 1])

    def sentence_ranges(self, positions: IntVector) -> tuple[IntVector, IntVector]:
        """The row of the first sentence of each passage, and the row after its last."""
        return self._first_rows[positions], self._first_rows[positions + 1]

    def sentence_rows_of(self, positions: IntVector) -> tuple[IntVector, IntVector]:
        """The rows of the sentences of the passages, one passage after the other, and where in them each passage begins."""
        starts, ends = self.sentence_ranges(positions)
        return row_ranges.numbers_of(starts, ends), np.cumsum(ends - starts) - (ends - starts)

    def sentence_spans(self, passage: Passage) -> list[tuple[int, int]]:
        """(start, end) of each sentence in the text of one of the passages, in order."""
        rows = self.sentence_rows(self._position_of(passage))
        return [(int(start), int(end)) for start, end in self.spans[rows]]

    def item_of(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages of the same item, in the order of the text: same file, bulletin and place, one after another."""
        starts = self.passages.item_starts
        item = int(np.searchsorted(starts, self._position_of(passage), side="right"))
        return self.passages[int(starts[item - 1]) : int(starts[item])]

    def _position_of(self, passage: Passage) -> int:
        position = self.passages.position(passage.passage_id)
        if position is None:
            raise KeyError(passage.passage_id)
        return position

    @property
    def folded_texts(self) -> text_column.Texts:
        """The folded text of each passage."""
        return self.passages.folded

    @functools.cached_property
    def place_index(self) -> PlaceIndex:
        """The passages by the place they are about."""
        return PlaceIndex(self.passages, self.bm25.holding)

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """The places that the passages are about, each once, in the order of the bulletins."""
        return tuple({place.name: place for place in self.passages.places}.values())


@functools.cache
def _multiply_in_one_thread() -> None:
    """Have NumPy multiply in the calling thread alone, in all of this process; FAISS and torch are not concerned.

    The products of a search are small, and threads of OpenBLAS wait for each other by spinning: on two cores with
    other work on them a search among 3,000 passages takes 16.6 ms of the processor in two threads and 9.1 in one, among
    a million 24 and 8.4 (`python -m benchmarks.scale.million`).
    """
    threadpoolctl.ThreadpoolController().select(threading_layer="pthreads").limit(limits=1)
