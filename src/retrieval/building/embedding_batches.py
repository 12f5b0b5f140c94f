"""Embedding what is not known: texts of about one length together, each group safe on the disk before the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.building.checkpoint import Checkpoint, SentenceVectors
from retrieval.building.reusable_vectors import Known
from retrieval.building.unique_texts import PassageTexts, UniqueTexts
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.types import Encoder, FloatMatrix, FloatVector, IntVector, Passage

# Passages whose texts are sorted by length together, so that a group holds texts of about one length. Of the tokens in
# batches of 16, padding made up 33 % with 16 passages, 12 % with 64, 3 % with 256, 1 % with 1,024 (synthetic passages).
_WINDOW = 1024
# Characters embedded, and made safe, in one go: about a second of work, which is what a kill loses.
_GROUP = 8192


def embed_unknown(
    passages: Sequence[Passage], known: Known, encoder: Encoder, journal: Checkpoint, progress: Progress
) -> None:
    """Embed and add to the journal what is not known.

    Progress counts passages, but goes on with the characters that are embedded: those are what takes the time.
    """
    fresh, wanted = known.fresh(), _Wanted.of(known)
    total, done = wanted.characters, 0
    for texts in wanted.windows(passages, fresh):
        for group in _groups(sorted(texts.keys, key=texts.length, reverse=True), texts):
            progress(Stage.EMBEDDING, len(fresh) * done // total, len(fresh))
            journal.add(*_encoded(group, texts, encoder))
            done += sum(map(texts.weight, group))
    progress(Stage.EMBEDDING, len(fresh), len(fresh))


@dataclass(frozen=True, slots=True)
class _WindowTexts:
    """What is to be embedded of some passages, by key; a paragraph of one sentence stands in both and is embedded once."""

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
        """Its characters, as often as they were counted."""
        return self.length(key) * ((key in self.sentences) + (key in self.paragraphs))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which texts of a table are to be embedded, each once."""

    table: UniqueTexts
    paragraphs: NDArray[np.bool_]
    sentences: NDArray[np.bool_]

    @classmethod
    def of(cls, known: Known) -> _Wanted:
        return cls(known.table, known.paragraphs.first_unknown, known.sentences.first_unknown)

    @property
    def characters(self) -> int:
        lengths = self.table.paragraph_lengths[self.paragraphs], self.table.sentence_lengths[self.sentences]
        return int(sum(found.sum() for found in lengths))

    def windows(self, passages: Sequence[Passage], positions: IntVector) -> Iterator[_WindowTexts]:
        """Of the passages at these positions, so many at a time."""
        for start in range(0, len(positions), _WINDOW):
            found = _WindowTexts({}, {})
            for position in positions[start : start + _WINDOW].tolist():
                self._add(PassageTexts.of(passages[position]), position, found)
            yield found

    def _add(self, texts: PassageTexts, position: int, found: _WindowTexts) -> None:
        if self.paragraphs[position]:
            found.paragraphs[texts.paragraph_key] = texts.paragraph
        first = int(np.searchsorted(self.table.owners, position))
        for row, (key, text) in enumerate(zip(texts.sentence_keys, texts.sentences, strict=True), first):
            if self.sentences[row]:
                found.sentences[key] = text


def _groups(keys: Iterable[bytes], texts: _WindowTexts) -> Iterator[list[bytes]]:
    """Neighbours, as many as make up a group by their characters."""
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
        group[row]: (encoding.vectors[row], found) for row, found in zip(rows, codes, strict=True)
    }


def _codes(texts: Sequence[FloatMatrix]) -> list[TokenCodes]:
    """`TokenCodes.of` each text, all in one go."""
    if not texts:
        return []
    together = TokenCodes.of(np.concatenate(texts))
    ends = np.cumsum([len(tokens) for tokens in texts])[:-1]
    parts = zip(np.split(together.codes, ends), np.split(together.scales, ends), strict=True)
    return [TokenCodes(codes, scales) for codes, scales in parts]
