"""Texts to vectors, each text once: what another generation of the same encoder knows is not embedded again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retrieval.contexts import paragraph_text, sentence_texts
from retrieval.generation import Generation, TextKeys
from retrieval.late import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.types import Encoder, FloatVector, Passage

_KEY_BYTES = 16
# Passages embedded in one call: the encoder sorts their texts by length, so that it pads little; about 3 s of work.
_GROUP = 16


@dataclass(frozen=True, slots=True)
class PassageTexts:
    """What is embedded of one passage, each text with its key."""

    paragraph: str
    sentences: tuple[str, ...]
    paragraph_key: bytes
    sentence_keys: tuple[bytes, ...]

    @classmethod
    def of(cls, passage: Passage) -> PassageTexts:
        paragraph, sentences = paragraph_text(passage), tuple(sentence_texts(passage))
        return cls(paragraph, sentences, _key(paragraph), tuple(map(_key, sentences)))


def _key(text: str) -> bytes:
    """What a text is known by: the same text under the same path, wherever its passage stands."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors by key: of paragraphs, and of sentences with their tokens."""

    paragraphs: dict[bytes, FloatVector] = field(default_factory=dict)
    sentences: dict[bytes, tuple[FloatVector, TokenCodes]] = field(default_factory=dict)

    def hold(self, texts: PassageTexts) -> bool:
        """Whether nothing of the passage needs to be embedded."""
        return texts.paragraph_key in self.paragraphs and all(
            key in self.sentences for key in texts.sentence_keys
        )


def recall(texts: Sequence[PassageTexts], encoder_name: str, generations: Iterable[Generation]) -> Embeddings:
    """What the generations of this encoder know of the texts; no generation is asked for once everything is known."""
    known = Embeddings()
    for generation in generations:
        if generation.manifest.encoder == encoder_name:
            _recall_from(generation, texts, known)
        if all(known.hold(found) for found in texts):
            break
    return known


def _recall_from(generation: Generation, texts: Sequence[PassageTexts], known: Embeddings) -> None:
    rows = _rows(generation.keys.sentences)
    positions = _rows(generation.keys.paragraphs)
    sentences, paragraphs = generation.sentences.vectors(), generation.paragraphs.vectors()
    for found in texts:
        for key in found.sentence_keys:
            if key not in known.sentences and (row := rows.get(key)) is not None:
                known.sentences[key] = sentences[row], generation.tokens.coded(row)
        position = positions.get(found.paragraph_key)
        if position is not None:
            known.paragraphs.setdefault(found.paragraph_key, paragraphs[position])


def _rows(keys: NDArray[np.uint8]) -> dict[bytes, int]:
    return {key.tobytes(): row for row, key in enumerate(keys)}


def embed(texts: Sequence[PassageTexts], encoder: Encoder, known: Embeddings, progress: Progress) -> None:
    """Embed what is not known yet and remember it."""
    fresh = [found for found in texts if not known.hold(found)]
    for start in range(0, len(fresh), _GROUP):
        progress(Stage.EMBEDDING, start, len(fresh))
        _embed_group(fresh[start : start + _GROUP], encoder, known)
    progress(Stage.EMBEDDING, len(fresh), len(fresh))


def _embed_group(group: Sequence[PassageTexts], encoder: Encoder, known: Embeddings) -> None:
    """One call for all texts of some passages; a paragraph of one sentence is embedded once."""
    sentences = {
        key: text
        for found in group
        for key, text in zip(found.sentence_keys, found.sentences, strict=True)
        if key not in known.sentences
    }
    paragraphs = {
        found.paragraph_key: found.paragraph for found in group if found.paragraph_key not in known.paragraphs
    }
    wanted = list(sentences | paragraphs)
    encoding = encoder.encode_passages(list((sentences | paragraphs).values()))
    vectors = dict(zip(wanted, encoding.vectors, strict=True))
    tokens = dict(zip(wanted, encoding.tokens, strict=True))
    known.paragraphs.update({key: vectors[key] for key in paragraphs})
    known.sentences.update({key: (vectors[key], TokenCodes.of(tokens[key])) for key in sentences})


def keys_of(texts: Sequence[PassageTexts]) -> TextKeys:
    """The keys as they are kept in a generation."""
    return TextKeys(
        paragraphs=_table([found.paragraph_key for found in texts]),
        sentences=_table([key for found in texts for key in found.sentence_keys]),
    )


def _table(keys: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES)
