"""Embedding of missing texts in batches of similar length, each saved in the checkpoint before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.building.checkpoint import SentenceVectors
from retrieval.building.reusable_vectors import AnySource, ReusableVectors
from retrieval.building.unique_texts import PassageTexts, UniqueTexts
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.types import Encoder, FloatMatrix, FloatVector, IntVector, Passage

# Passages whose texts are sorted by length together, so that a group holds texts of similar length. Of the tokens in
# batches of 16, padding made up 33 % with 16 passages, 12 % with 64, 3 % with 256, 1 % with 1,024 (synthetic passages).
_WINDOW = 1024
# Characters embedded and saved at a time: about a second of work, which is what a kill loses.
_GROUP = 8192


Add = Callable[[Mapping[bytes, FloatVector], Mapping[bytes, SentenceVectors]], None]
"""Adds paragraphs and sentences by key to a checkpoint."""


def embed_missing(
    passages: Sequence[Passage], missing: MissingTexts, encoder: Encoder, add: Add, progress: Progress
) -> None:
    """Embed the missing texts and add their vectors to the checkpoint.

    Progress is in passages, in proportion to the characters embedded, which take the time.
    """
    positions, done = missing.positions, 0
    for texts in missing.windows(passages):
        for group in _groups(sorted(texts.keys, key=texts.length, reverse=True), texts):
            progress(Stage.EMBEDDING, len(positions) * done // missing.characters, len(positions))
            add(*_encoded(group, texts, encoder))
            done += sum(map(texts.weight, group))
    progress(Stage.EMBEDDING, len(positions), len(positions))


@dataclass(frozen=True, slots=True)
class _WindowTexts:
    """The missing texts of some passages by key; a paragraph of one sentence is in both and embedded once."""

    sentences: dict[bytes, str]
    paragraphs: dict[bytes, str]

    @property
    def keys(self) -> Iterable[bytes]:
        return dict.fromkeys((*self.sentences, *self.paragraphs))

    def text(self, key: bytes) -> str:
        return self.sentences.get(key) or self.paragraphs[key]

    def length(self, key: bytes) -> int:
        return len(self.text(key))

    def weight(self, key: bytes) -> int:
        """Its characters, counted for paragraph and sentence each."""
        return self.length(key) * ((key in self.sentences) + (key in self.paragraphs))


@dataclass(frozen=True, slots=True)
class MissingTexts:
    """Masks of the paragraphs and sentences to be embedded, of equal texts only the first."""

    texts: UniqueTexts
    paragraphs: NDArray[np.bool_]
    sentences: NDArray[np.bool_]

    @classmethod
    def from_reusable(cls, reusable: ReusableVectors[AnySource]) -> MissingTexts:
        """All texts that no source has."""
        return cls(reusable.texts, reusable.paragraphs.first_missing, reusable.sentences.first_missing)

    def sentences_among(self, rows: IntVector) -> MissingTexts:
        """The missing sentences in these rows, and no paragraph."""
        chosen = np.zeros(len(self.sentences), np.bool_)
        chosen[rows] = True
        return MissingTexts(self.texts, np.zeros_like(self.paragraphs), self.sentences & chosen)

    @property
    def positions(self) -> IntVector:
        """The positions of the passages with a missing text."""
        is_incomplete = self.paragraphs.copy()
        is_incomplete[self.texts.owners[self.sentences]] = True
        return np.flatnonzero(is_incomplete).astype(np.int64)

    @property
    def characters(self) -> int:
        paragraphs = self.texts.paragraph_lengths[self.paragraphs]
        sentences = self.texts.sentence_lengths[self.sentences]
        return int(paragraphs.sum() + sentences.sum())

    def windows(self, passages: Sequence[Passage]) -> Iterator[_WindowTexts]:
        """The missing texts, of 1,024 passages at a time."""
        positions = self.positions
        for start in range(0, len(positions), _WINDOW):
            window = _WindowTexts({}, {})
            for position in positions[start : start + _WINDOW].tolist():
                self._add(PassageTexts.from_passage(passages[position]), position, window)
            yield window

    def _add(self, texts: PassageTexts, position: int, window: _WindowTexts) -> None:
        if self.paragraphs[position]:
            window.paragraphs[texts.paragraph_key] = texts.paragraph
        first_row = int(np.searchsorted(self.texts.owners, position))
        for row, (key, text) in enumerate(zip(texts.sentence_keys, texts.sentences, strict=True), first_row):
            if self.sentences[row]:
                window.sentences[key] = text


def _groups(keys: Iterable[bytes], texts: _WindowTexts) -> Iterator[list[bytes]]:
    """Consecutive keys, as many as reach the characters of a group."""
    group: list[bytes] = []
    size = 0
    for key in keys:
        group.append(key)
        size += texts.length(key)
        if size >= _GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _encoded(
    group: Sequence[bytes], texts: _WindowTexts, encoder: Encoder
) -> tuple[dict[bytes, FloatVector], dict[bytes, SentenceVectors]]:
    """Vectors of the paragraphs in the group, vectors and tokens of its sentences."""
    encoding = encoder.encode_passages([texts.text(key) for key in group])
    paragraphs = {
        key: vector for key, vector in zip(group, encoding.vectors, strict=True) if key in texts.paragraphs
    }
    rows = [row for row, key in enumerate(group) if key in texts.sentences]
    codes = _codes([encoding.tokens[row] for row in rows])
    return paragraphs, {
        group[row]: (encoding.vectors[row], tokens) for row, tokens in zip(rows, codes, strict=True)
    }


def _codes(texts: Sequence[FloatMatrix]) -> list[TokenCodes]:
    """`TokenCodes.from_vectors` of each text, computed for all at once."""
    if not texts:
        return []
    together = TokenCodes.from_vectors(np.concatenate(texts))
    ends = np.cumsum([len(tokens) for tokens in texts])[:-1]
    parts = zip(np.split(together.codes, ends), np.split(together.scales, ends), strict=True)
    return [TokenCodes(codes, scales) for codes, scales in parts]
