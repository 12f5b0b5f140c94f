"""One immutable built index: its parts in memory, saved to a folder and loaded from it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import DamagedIndexError
from retrieval.index.lexical import BM25Index
from retrieval.index.place_index import PlaceIndex
from retrieval.index.vectors import FaissIndex, Int8Tokens, TokenIndex, VectorIndex, VectorParts
from retrieval.storage import PassageStore, TextColumn, array_files, manifests, row_ranges
from retrieval.types import IntMatrix, IntVector, Passage, Place


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Hashes of the texts that were embedded: (passages, 16) and (sentences, 16) bytes."""

    paragraphs: NDArray[np.uint8]
    sentences: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an index. Positions are those of `passages`, rows those of the sentences."""

    passages: PassageStore
    bm25: BM25Index
    paragraphs: VectorIndex
    sentences: VectorIndex
    tokens: TokenIndex
    """The token vectors of the sentences."""
    spans: IntMatrix
    """(sentences, 2): start and end of each sentence in the text of its passage."""
    keys: TextKeys


class Index:
    """A loaded generation; immutable, so that any number of threads may read it."""

    def __init__(self, manifest: manifests.Manifest, parts: Parts) -> None:
        self.manifest = manifest
        self.passages = parts.passages
        self.bm25 = parts.bm25
        self.paragraphs = parts.paragraphs
        self.sentences = parts.sentences
        self.tokens = parts.tokens
        self.spans = parts.spans
        self.keys = parts.keys
        counts = np.bincount(parts.sentences.owners, minlength=len(parts.passages))
        self._first_rows = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

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
    def folded_texts(self) -> TextColumn:
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


def save_parts(parts: Parts, folder: Path) -> None:
    """Write every part below the folder: arrays and FAISS's own format; no pickle."""
    parts.passages.save(folder / "passages")
    parts.bm25.save(folder / "bm25")
    parts.paragraphs.save(folder / "paragraphs")
    parts.sentences.save(folder / "sentences")
    parts.tokens.save(folder / "tokens")
    np.save(folder / "spans.npy", parts.spans, allow_pickle=False)
    np.save(folder / "paragraphs.keys.npy", parts.keys.paragraphs, allow_pickle=False)
    np.save(folder / "sentences.keys.npy", parts.keys.sentences, allow_pickle=False)


def load_index(folder: Path) -> Index:
    """The index in the folder, every part checked against its hash and the counts against each other.

    Raises DamagedIndexError naming the part that is missing, damaged or does not fit, BulletinBotError for an index
    of another version of this program.
    """
    manifest = manifests.read_manifest(folder)
    try:
        manifests.check_parts(folder, manifest)
        parts = _load_parts(folder)
    except OSError as error:
        raise DamagedIndexError(
            f"The index part {error.filename or folder} cannot be read ({error.strerror}): "
            "run `bulletin-bot rebuild`."
        ) from error
    _check_counts(folder, manifest, parts)
    return Index(manifest, parts)


def _load_parts(folder: Path) -> Parts:
    passages = PassageStore.load(folder / "passages")
    vectors = _load_vectors(folder)
    return Parts(
        passages=passages,
        bm25=BM25Index.load(folder / "bm25", len(passages)),
        paragraphs=vectors.paragraphs,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
        spans=array_files.map_array(folder / "spans.npy"),
        keys=TextKeys(
            paragraphs=array_files.map_array(folder / "paragraphs.keys.npy"),
            sentences=array_files.map_array(folder / "sentences.keys.npy"),
        ),
    )


def _load_vectors(folder: Path) -> VectorParts:
    """Exact vectors, or quantized ones where `sentences` is a folder of codes instead of a FAISS file."""
    paragraphs, sentences, tokens = (folder / name for name in ("paragraphs", "sentences", "tokens"))
    if not sentences.is_dir():
        return VectorParts(FaissIndex.load(paragraphs), FaissIndex.load(sentences), Int8Tokens.load(tokens))
    from retrieval.index.quantized import IVFIndex, QuantizedSentences, QuantizedTokens

    return VectorParts(
        IVFIndex.load(paragraphs), QuantizedSentences.load(sentences), QuantizedTokens.load(tokens)
    )


def _check_counts(folder: Path, manifest: manifests.Manifest, parts: Parts) -> None:
    counts = {
        "passages": (
            manifest.passages,
            len(parts.passages),
            parts.bm25.size,
            parts.paragraphs.size,
            len(parts.keys.paragraphs),
        ),
        "sentences": (
            manifest.sentences,
            len(parts.spans),
            parts.tokens.size,
            parts.sentences.size,
            len(parts.keys.sentences),
        ),
        "dimension": (manifest.dimension, parts.paragraphs.dimension, parts.sentences.dimension),
    }
    for name, values in counts.items():
        if len(set(values)) > 1:
            raise DamagedIndexError(
                f"The parts of the index in {folder} disagree about {name} ({', '.join(map(str, values))}): "
                "run `bulletin-bot rebuild`."
            )
