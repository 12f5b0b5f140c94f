"""The texts of passages that are embedded, identified by keys, so that the texts themselves need not be held."""

from __future__ import annotations

import hashlib
import itertools
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index import context_text
from retrieval.language import sentence_spans
from retrieval.types import IntMatrix, IntVector, Passage, TextKeys

KEY_BYTES = 16
KeyVector = NDArray[np.bytes_]
"""Keys that NumPy can sort and search: a vector of 16 bytes each."""


@dataclass(frozen=True, slots=True)
class PassageTexts:
    """The texts of one passage that are embedded, each with its key."""

    paragraph: str
    sentences: tuple[str, ...]
    paragraph_key: bytes
    sentence_keys: tuple[bytes, ...]

    @classmethod
    def from_passage(cls, passage: Passage) -> PassageTexts:
        paragraph = context_text.paragraph_text(passage)
        sentences = tuple(context_text.sentence_texts(passage))
        return cls(paragraph, sentences, _key(paragraph), tuple(map(_key, sentences)))


def _key(text: str) -> bytes:
    """The key of a text: the same for equal texts under equal paths, in any passage."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


@dataclass(frozen=True, slots=True)
class UniqueTexts:
    """The keys and lengths of the texts of all passages, in their order; about 150 bytes a passage."""

    keys: TextKeys
    owners: IntVector
    """(sentences,) the position of the passage of each."""
    spans: IntMatrix
    """(sentences, 2): start and end of each in the text of its passage."""
    paragraph_lengths: IntVector
    """(passages,) characters, with the path."""
    sentence_lengths: IntVector
    """(sentences,) characters, with the path."""

    @classmethod
    def from_passages(cls, passages: Sequence[Passage]) -> UniqueTexts:
        """The texts of the passages, read one after the other and not kept."""
        paragraphs, sentences = bytearray(), bytearray()
        counts, paragraph_lengths, sentence_lengths, spans = (array("q") for _ in range(4))
        for passage in passages:
            texts = PassageTexts.from_passage(passage)
            paragraphs += texts.paragraph_key
            sentences += b"".join(texts.sentence_keys)
            counts.append(len(texts.sentences))
            paragraph_lengths.append(len(texts.paragraph))
            sentence_lengths.extend(map(len, texts.sentences))
            spans.extend(itertools.chain.from_iterable(sentence_spans(passage.text)))
        return cls(
            keys=TextKeys(_keys(paragraphs), _keys(sentences)),
            owners=np.repeat(np.arange(len(passages), dtype=np.int64), _vector(counts)),
            spans=_vector(spans).astype(np.int32).reshape(-1, 2),
            paragraph_lengths=_vector(paragraph_lengths),
            sentence_lengths=_vector(sentence_lengths),
        )


def _keys(joined: bytearray) -> NDArray[np.uint8]:
    return np.frombuffer(joined, np.uint8).reshape(-1, KEY_BYTES)


def _vector(numbers: array[int]) -> IntVector:
    return np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64)


def key_vector(keys: NDArray[np.uint8]) -> KeyVector:
    """The keys as a vector that can be sorted and searched."""
    return np.ascontiguousarray(keys).view(f"S{KEY_BYTES}").reshape(-1)


def rows_of(keys: KeyVector, table: KeyVector) -> IntVector:
    """(keys,) the row of each key in the table, -1 for a key that is not in it."""
    if not len(table):
        return np.full(len(keys), -1, np.int64)
    order = np.argsort(table, kind="stable")
    ranks = np.minimum(np.searchsorted(table, keys, sorter=order), len(table) - 1)
    rows = order[ranks]
    return np.where(table[rows] == keys, rows, -1).astype(np.int64)


def is_first(keys: KeyVector) -> NDArray[np.bool_]:
    """(keys,) whether no key before it is equal."""
    first = np.zeros(len(keys), np.bool_)
    first[np.unique(keys, return_index=True)[1]] = True
    return first
