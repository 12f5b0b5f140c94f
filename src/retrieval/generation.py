"""One immutable built index: its parts in memory, saved to a folder and loaded from it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.coverage import PlaceCoverage
from retrieval.dense import DenseIndex
from retrieval.late import TokenIndex
from retrieval.manifest import Manifest, check_parts, read_manifest
from retrieval.sparse import SparseIndex
from retrieval.text import fold
from retrieval.types import DamagedIndexError, IntMatrix, IntVector, Passage, Place, Section


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Hashes of the texts that were embedded: (passages, 16) and (sentences, 16) bytes."""

    paragraphs: NDArray[np.uint8]
    sentences: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a generation is made of. Positions are those of `passages`, rows those of the sentences."""

    passages: tuple[Passage, ...]
    sparse: SparseIndex
    paragraphs: DenseIndex
    sentences: DenseIndex
    tokens: TokenIndex
    """The token vectors of the sentences."""
    spans: IntMatrix
    """(sentences, 2): where each sentence stands in the text of its passage."""
    keys: TextKeys


class Generation:
    """A loaded generation; nothing in it changes, so any number of threads may read it."""

    def __init__(self, manifest: Manifest, parts: Parts) -> None:
        self.manifest = manifest
        self.passages = parts.passages
        self.sparse = parts.sparse
        self.paragraphs = parts.paragraphs
        self.sentences = parts.sentences
        self.tokens = parts.tokens
        self.spans = parts.spans
        self.keys = parts.keys
        self._positions = {passage.passage_id: position for position, passage in enumerate(parts.passages)}
        counts = np.bincount(parts.sentences.owners, minlength=len(parts.passages))
        self._first_rows = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @property
    def name(self) -> str:
        return self.manifest.generation

    def position(self, passage_id: str) -> int | None:
        """Where the passage stands, or None if this generation has none of that id."""
        return self._positions.get(passage_id)

    def sentence_rows(self, position: int) -> IntVector:
        """The rows of the sentences of the passage at the position, in the order of its text."""
        return np.arange(self._first_rows[position], self._first_rows[position + 1])

    def sentence_spans(self, passage: Passage) -> list[tuple[int, int]]:
        """Where the sentences of one of the passages stand in its text, in order."""
        position = self._positions[passage.passage_id]
        return [(int(start), int(end)) for start, end in self.spans[self.sentence_rows(position)]]

    def item_of(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages of the same item, in the order of the text: same file, bulletin and place, one after another."""
        first = last = self._positions[passage.passage_id]
        path = _item_path(passage)
        while first and _item_path(self.passages[first - 1]) == path:
            first -= 1
        while last + 1 < len(self.passages) and _item_path(self.passages[last + 1]) == path:
            last += 1
        return self.passages[first : last + 1]

    @functools.cached_property
    def folded_texts(self) -> tuple[str, ...]:
        """The folded text of each passage."""
        return tuple(fold(passage.text) for passage in self.passages)

    @functools.cached_property
    def coverage(self) -> PlaceCoverage:
        """Which places the passages are about."""
        return PlaceCoverage(self.passages)

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """The places that the passages are about, each once, in the order of the bulletins."""
        places = {passage.place.name: passage.place for passage in self.passages if passage.place}
        return tuple(places.values())


def _item_path(passage: Passage) -> tuple[str, str, str | None]:
    return passage.file, passage.bulletin, passage.place_name


def save_parts(parts: Parts, folder: Path) -> None:
    """Write every part below the folder: JSON lines, arrays and FAISS's own format; no pickle."""
    lines = (json.dumps(asdict(passage), ensure_ascii=False) for passage in parts.passages)
    (folder / "passages.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    parts.sparse.save(folder / "bm25")
    parts.paragraphs.save(folder / "paragraphs.faiss")
    parts.sentences.save(folder / "sentences.faiss")
    parts.tokens.save(folder / "tokens")
    np.save(folder / "spans.npy", parts.spans, allow_pickle=False)
    np.save(folder / "paragraphs.keys.npy", parts.keys.paragraphs, allow_pickle=False)
    np.save(folder / "sentences.keys.npy", parts.keys.sentences, allow_pickle=False)


def load_generation(folder: Path) -> Generation:
    """The generation in the folder, every part checked against its hash and the counts against each other.

    Raises DamagedIndexError naming the part that is missing, damaged or does not fit, BulletinBotError for an index
    of another version of this program.
    """
    manifest = read_manifest(folder)
    try:
        check_parts(folder, manifest)
        parts = _load_parts(folder)
    except OSError as error:
        raise DamagedIndexError(
            f"The index part {error.filename or folder} cannot be read ({error.strerror}): "
            "run `bulletin-bot rebuild`."
        ) from error
    _check_counts(folder, manifest, parts)
    return Generation(manifest, parts)


def _load_parts(folder: Path) -> Parts:
    lines = (folder / "passages.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    passages = tuple(_passages_from(lines))
    return Parts(
        passages=passages,
        sparse=SparseIndex.load(folder / "bm25", len(passages)),
        paragraphs=DenseIndex.load(folder / "paragraphs.faiss"),
        sentences=DenseIndex.load(folder / "sentences.faiss"),
        tokens=TokenIndex.load(folder / "tokens"),
        spans=np.load(folder / "spans.npy", allow_pickle=False),
        keys=TextKeys(
            paragraphs=np.load(folder / "paragraphs.keys.npy", allow_pickle=False),
            sentences=np.load(folder / "sentences.keys.npy", allow_pickle=False),
        ),
    )


def _passages_from(lines: Iterable[str]) -> Iterable[Passage]:
    for line in lines:
        fields = json.loads(line)
        place = fields.pop("place")
        path = fields.pop("section_path")
        yield Passage(
            **fields,
            place=Place(**place) if place else None,
            section_path=tuple(Section(**section) for section in path),
        )


def _check_counts(folder: Path, manifest: Manifest, parts: Parts) -> None:
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
