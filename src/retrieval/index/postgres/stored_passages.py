"""What `contents` holds of a passage, made from a generation in files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from retrieval.index import Index
from retrieval.index.lexical import TermCounts
from retrieval.types import IntVector, Passage

if TYPE_CHECKING:
    from retrieval.index.quantized import QuantizedSentences, QuantizedTokens

TOKEN_COUNT = np.dtype("<u2")
TERM_NUMBER = np.dtype("<u4")
VECTOR = np.dtype("<f4")
KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """The vectors of a passage and of its sentences."""

    paragraph: bytes | None
    """float32, where vectors are kept exactly."""
    token_counts: bytes
    """The number of tokens of each sentence, two bytes each."""
    sentences: bytes
    """float32, or codes."""
    tokens: bytes
    """The tokens of all sentences: bytes and then their scales, or codes."""
    keys: bytes
    """16 bytes for the paragraph and for each sentence: hashes of the texts that were embedded."""


_Vectors = Callable[[int, IntVector], tuple[bytes | None, bytes, bytes, bytes]]


def vectors_of(index: Index) -> Callable[[int], StoredVectors]:
    """A function from a position to the vectors of its passage, of an index in files."""
    read = _quantized(index) if index.tokens.is_quantized else _exact(index)

    def stored(position: int) -> StoredVectors:
        rows = index.sentence_rows(position)
        keys = index.keys.paragraphs[position].tobytes() + index.keys.sentences[rows].tobytes()
        return StoredVectors(*read(position, rows), keys)

    return stored


def _exact(index: Index) -> _Vectors:
    def read(position: int, rows: IntVector) -> tuple[bytes, bytes, bytes, bytes]:
        texts = [index.tokens.codes(row) for row in rows.tolist()]
        counts = np.asarray([len(text.codes) for text in texts], TOKEN_COUNT)
        codes = b"".join(text.codes.tobytes() for text in texts)
        scales = b"".join(np.asarray(text.scales, VECTOR).tobytes() for text in texts)
        paragraph = np.asarray(index.paragraphs.vectors(np.asarray([position])), VECTOR).tobytes()
        sentences = np.asarray(index.sentences.vectors(rows), VECTOR).tobytes()
        return paragraph, counts.tobytes(), sentences, codes + scales

    return read


def _quantized(index: Index) -> _Vectors:
    sentences, tokens = cast("QuantizedSentences", index.sentences), cast("QuantizedTokens", index.tokens)

    def read(_position: int, rows: IntVector) -> tuple[None, bytes, bytes, bytes]:
        codes, counts = tokens.codes_of_texts(rows)
        return None, counts.astype(TOKEN_COUNT).tobytes(), sentences.codes(rows).tobytes(), codes.tobytes()

    return read


def term_text(terms: TermCounts) -> str:
    """The terms for the server's own index: t12 t507 t507.

    Numbers in place of words: the server's parser would cut 2018-2020 and 100% into other terms than ours.
    """
    repeated = np.repeat(terms.numbers, terms.counts)
    return " ".join(f"t{number}" for number in repeated.tolist())


def path_text(passage: Passage) -> str:
    """The path of a passage for whoever reads the table."""
    parts = (passage.collection, passage.bulletin, passage.place_name, passage.heading)
    return " · ".join(part for part in parts if part)
