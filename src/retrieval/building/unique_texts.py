"""Which texts are embedded of some passages: known by keys, so that the texts themselves need not be held."""

from __future__ import annotations

import hashlib
import itertools
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index import TextKeys, context_text
from retrieval.language import sentence_spans
from retrieval.types import IntMatrix, IntVector, Passage

KEY_BYTES = 16
KeyVector = NDArray[np.bytes_]
"""Keys as NumPy sorts and finds them: a vector of 16 bytes each."""


@dataclass(frozen=True, slots=True)
class PassageTexts:
    """What is embedded of one passage, each text with its key."""

    paragraph: str
    sentences: tuple[str, ...]
    paragraph_key: bytes
    sentence_keys: tuple[bytes, ...]

    @classmethod
    def of(cls, passage: Passage) -> PassageTexts:
        paragraph, sentences = (
            context_text.paragraph_text(passage),
            tuple(context_text.sentence_texts(passage)),
        )
        return cls(paragraph, sentences, _key(paragraph), tuple(map(_key, sentences)))


def _key(text: str) -> bytes:
    """What a text is known by: the same text under the same path, wherever its passage stands."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class UniqueTexts:
    """The texts of all passages, in their order; about 150 bytes a passage."""

    keys: TextKeys
    owners: IntVector
    """(sentences,) the position of the passage of each."""
    spans: IntMatrix
    """(sentences, 2): where each stands in the text of its passage."""
    paragraph_lengths: IntVector
    """(passages,) characters, with the path."""
    sentence_lengths: IntVector
    """(sentences,) characters, with the path."""

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> UniqueTexts:
        """One passage after the other: none of their texts is kept."""
        paragraphs, sentences = bytearray(), bytearray()
        counts, lengths, of_sentences, spans = (array("q") for _ in range(4))
        for passage in passages:
            texts = PassageTexts.of(passage)
            paragraphs += texts.paragraph_key
            sentences += b"".join(texts.sentence_keys)
            counts.append(len(texts.sentences))
            lengths.append(len(texts.paragraph))
            of_sentences.extend(map(len, texts.sentences))
            spans.extend(itertools.chain.from_iterable(sentence_spans(passage.text)))
        return cls(
            keys=TextKeys(_keys(paragraphs), _keys(sentences)),
            owners=np.repeat(np.arange(len(passages), dtype=np.int64), _vector(counts)),
            spans=_vector(spans).astype(np.int32).reshape(-1, 2),
            paragraph_lengths=_vector(lengths),
            sentence_lengths=_vector(of_sentences),
        )


def _keys(joined: bytearray) -> NDArray[np.uint8]:
    return np.frombuffer(joined, np.uint8).reshape(-1, KEY_BYTES)


def _vector(numbers: array[int]) -> IntVector:
    return np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64)


def key_vector(keys: NDArray[np.uint8]) -> KeyVector:
    """The keys as a vector that can be sorted and searched."""
    return np.ascontiguousarray(keys).view(f"S{KEY_BYTES}").reshape(-1)


def rows_of(wanted: KeyVector, table: KeyVector) -> IntVector:
    """(wanted,) the row of each key in the table, -1 for what is not there."""
    if not len(table):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(table, kind="stable")
    spots = np.minimum(np.searchsorted(table, wanted, sorter=order), len(table) - 1)
    rows = order[spots]
    return np.where(table[rows] == wanted, rows, -1).astype(np.int64)


def is_first(keys: KeyVector) -> NDArray[np.bool_]:
    """(keys,) whether none before it is the same."""
    first = np.zeros(len(keys), np.bool_)
    first[np.unique(keys, return_index=True)[1]] = True
    return first
