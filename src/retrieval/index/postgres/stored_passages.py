"""Rows of `contents`, one a passage, made from a generation in files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from retrieval.index import Index
from retrieval.index.lexical import TermCounts
from retrieval.storage import row_ranges
from retrieval.types import IntVector, Passage

if TYPE_CHECKING:
    from retrieval.index.quantized import QuantizedSentences, QuantizedTokens, Quantizers

TOKEN_COUNT = np.dtype("<u2")
TERM_NUMBER = np.dtype("<u4")
VECTOR = np.dtype("<f4")
KEY_BYTES = 16
HELD_UP_TO = 512
"""Up to so many passages are held whole by a reader, in some 70 MB: then answers go on without the server, and are those of
a folder. Of more, candidates are read: their tokens as bytes (100 KB a passage of long sentences) would take 60 ms of the
client's processor a question (`python -m benchmarks.scale.two_homes`), so that they are coded."""
_TRAINED_ON = 2_000  # sentences, with some 80,000 tokens


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
    exact_sentences: bytes | None
    """float32, where questions read codes though vectors are kept exactly."""
    exact_tokens: bytes | None
    keys: bytes
    """16 bytes for the paragraph and for each sentence: hashes of the texts that were embedded."""


_Stored = tuple[bytes | None, bytes, bytes, bytes, bytes | None, bytes | None]
_Vectors = Callable[[int, IntVector], _Stored]


def vectors_of(index: Index, quantizers: Quantizers | None) -> Callable[[int], StoredVectors]:
    """A function from a position to the vectors of its passage, of an index in files."""
    read = _quantized(index) if index.tokens.is_quantized else _exact(index, quantizers)

    def stored(position: int) -> StoredVectors:
        rows = index.sentence_rows(position)
        keys = index.keys.paragraphs[position].tobytes() + index.keys.sentences[rows].tobytes()
        return StoredVectors(*read(position, rows), keys)

    return stored


def _exact(index: Index, quantizers: Quantizers | None) -> _Vectors:
    def read(position: int, rows: IntVector) -> _Stored:
        texts = [index.tokens.codes(row) for row in rows.tolist()]
        counts = np.asarray([len(text.codes) for text in texts], TOKEN_COUNT)
        codes = b"".join(text.codes.tobytes() for text in texts)
        scales = b"".join(np.asarray(text.scales, VECTOR).tobytes() for text in texts)
        paragraph = np.asarray(index.paragraphs.vectors(np.asarray([position])), VECTOR).tobytes()
        vectors = index.sentences.vectors(rows)
        sentences = np.asarray(vectors, VECTOR).tobytes()
        if quantizers is None:
            return paragraph, counts.tobytes(), sentences, codes + scales, None, None
        coded = quantizers.encode(vectors, [text.vectors for text in texts])
        return (
            *(paragraph, counts.tobytes(), coded.vectors.tobytes(), coded.tokens.tobytes()),
            *(sentences, codes + scales),
        )

    return read


def _quantized(index: Index) -> _Vectors:
    sentences, tokens = cast("QuantizedSentences", index.sentences), cast("QuantizedTokens", index.tokens)

    def read(_position: int, rows: IntVector) -> _Stored:
        codes, counts = tokens.codes_of_texts(rows)
        of_sentences = sentences.codes(rows).tobytes()
        return None, counts.astype(TOKEN_COUNT).tobytes(), of_sentences, codes.tobytes(), None, None

    return read


def quantizers_for(index: Index) -> Quantizers | None:
    """The quantizers that a server keeps vectors with: those of the index, or ones fitted to a sample of its vectors.

    None for an index that readers hold whole: nothing of it is coded.
    """
    if not index.tokens.is_quantized and len(index.passages) <= HELD_UP_TO:
        return None
    from retrieval.index.quantized import Quantizers

    if index.tokens.is_quantized:
        sentences, tokens = (
            cast("QuantizedSentences", index.sentences),
            cast("QuantizedTokens", index.tokens),
        )
        return Quantizers(sentences.quantizer, tokens.quantizer)
    rows = row_ranges.evenly_spread(index.sentences.size, _TRAINED_ON)
    tokens_of = np.concatenate([index.tokens.vectors(row) for row in rows.tolist()])
    return Quantizers.train(index.sentences.vectors(rows), tokens_of)


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
