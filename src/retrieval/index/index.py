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
from retrieval.index.vectors import FaissIndex, QuantizedSentences, QuantizedTokens, TokenIndex
from retrieval.storage import PassageStore, TextColumn, array_files, manifests, row_ranges
from retrieval.types import IntMatrix, IntVector, Passage, Place


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Hashes of the texts that were embedded: (passages, 16) and (sentences, 16) bytes."""

    paragraphs: NDArray[np.uint8]
    sentences: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a generation is made of. Positions are those of `passages`, rows those of the sentences."""

    passages: PassageStore
    sparse: BM25Index
    paragraphs: FaissIndex
    sentences: FaissIndex | QuantizedSentences
    tokens: TokenIndex | QuantizedTokens
    """The token vectors of the sentences."""
    spans: IntMatrix
    """(sentences, 2): where each sentence stands in the text of its passage."""
    keys: TextKeys


class Index:
    """A loaded generation; nothing in it changes, so any number of threads may read it."""

    def __init__(self, manifest: manifests.Manifest, parts: Parts) -> None:
        self.manifest = manifest
        self.passages = parts.passages
        self.sparse = parts.sparse
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
        """Where the passage stands, or None if this generation has none of that id."""
        return self.passages.position(passage_id)

    def sentence_rows(self, position: int) -> IntVector:
        """The rows of the sentences of the passage at the position, in the order of its text."""
        return np.arange(self._first_rows[position], self._first_rows[position + 1])

    def sentence_runs(self, positions: IntVector) -> tuple[IntVector, IntVector]:
        """The row of the first sentence of each passage, and the row behind its last."""
        return self._first_rows[positions], self._first_rows[positions + 1]

    def sentence_rows_of(self, positions: IntVector) -> tuple[IntVector, IntVector]:
        """The rows of the sentences of several passages, one passage after the other, and where each passage begins."""
        starts, ends = self.sentence_runs(positions)
        return row_ranges.numbers_of(starts, ends), np.cumsum(ends - starts) - (ends - starts)

    def sentence_spans(self, passage: Passage) -> list[tuple[int, int]]:
        """Where the sentences of one of the passages stand in its text, in order."""
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
    def coverage(self) -> PlaceIndex:
        """Which places the passages are about."""
        return PlaceIndex(self.passages, self.sparse.holding)

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """The places that the passages are about, each once, in the order of the bulletins."""
        return tuple({place.name: place for place in self.passages.places}.values())


def save_parts(parts: Parts, folder: Path) -> None:
    """Write every part below the folder: arrays and FAISS's own format; no pickle."""
    parts.passages.save(folder / "passages")
    parts.sparse.save(folder / "bm25")
    parts.paragraphs.save(folder / "paragraphs.faiss")
    parts.sentences.save(folder / _name_of(parts.sentences))
    parts.tokens.save(folder / "tokens")
    np.save(folder / "spans.npy", parts.spans, allow_pickle=False)
    np.save(folder / "paragraphs.keys.npy", parts.keys.paragraphs, allow_pickle=False)
    np.save(folder / "sentences.keys.npy", parts.keys.sentences, allow_pickle=False)


def _name_of(sentences: FaissIndex | QuantizedSentences) -> str:
    return "sentences" if isinstance(sentences, QuantizedSentences) else "sentences.faiss"


def load_index(folder: Path) -> Index:
    """The generation in the folder, every part checked against its hash and the counts against each other.

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
    return Parts(
        passages=passages,
        sparse=BM25Index.load(folder / "bm25", len(passages)),
        paragraphs=FaissIndex.load(folder / "paragraphs.faiss"),
        sentences=_load_sentences(folder),
        tokens=_load_tokens(folder / "tokens"),
        spans=array_files.map_array(folder / "spans.npy"),
        keys=TextKeys(
            paragraphs=array_files.map_array(folder / "paragraphs.keys.npy"),
            sentences=array_files.map_array(folder / "sentences.keys.npy"),
        ),
    )


def _load_sentences(folder: Path) -> FaissIndex | QuantizedSentences:
    coded = folder / "sentences"
    return QuantizedSentences.load(coded) if coded.is_dir() else FaissIndex.load(folder / "sentences.faiss")


def _load_tokens(folder: Path) -> TokenIndex | QuantizedTokens:
    is_coded = (folder / "centroids.npy").is_file()
    return QuantizedTokens.load(folder) if is_coded else TokenIndex.load(folder)


def _check_counts(folder: Path, manifest: manifests.Manifest, parts: Parts) -> None:
    counts = {
        "passages": (
            manifest.passages,
            len(parts.passages),
            parts.sparse.size,
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
    for name, found in counts.items():
        if len(set(found)) > 1:
            raise DamagedIndexError(
                f"The parts of the index in {folder} disagree about {name} ({', '.join(map(str, found))}): "
                "run `bulletin-bot rebuild`."
            )
