"""The vectors of a generation as they are kept: exact in a small collection, a few bytes each in a large one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.building.embed_passages import EmbeddedTexts
from retrieval.index.vectors import (
    FaissIndex,
    ProductQuantizer,
    ProgressCallback,
    QuantizedSentences,
    QuantizedTokens,
    TokenIndex,
    no_callback,
    quantize_vectors,
)
from retrieval.storage import row_ranges
from retrieval.types import FloatMatrix

EXACT_UP_TO = 20_000
"""Passages whose vectors are kept exact: 1 GB, of which 0.9 are tokens. A million would take 60 GB."""

# Bytes a vector, behind the two of its centroid: with both 280 of 316 development questions have an answer first, as many
# as without codes; with twice as many bytes a sentence 279 (`python -m benchmarks.quality.coded_quality`).
TOKEN_CENTROIDS, TOKEN_PARTS = 2048, 8
SENTENCE_CENTROIDS, SENTENCE_PARTS = 256, 24
# Tokens to learn the codes from: 200 MB.
_TOKENS_LEARNT_FROM = 1 << 17


@dataclass(frozen=True, slots=True)
class VectorParts:
    """Vectors of paragraphs and sentences, and the tokens of the sentences."""

    paragraphs: FaissIndex
    sentences: FaissIndex | QuantizedSentences
    tokens: TokenIndex | QuantizedTokens

    @property
    def are_exact(self) -> bool:
        return isinstance(self.tokens, TokenIndex)


def exact_parts(embedded: EmbeddedTexts) -> VectorParts:
    """Float32, the tokens in int8; every search compares with every vector."""
    positions = np.arange(len(embedded.paragraphs), dtype=np.int64)
    return VectorParts(
        paragraphs=FaissIndex.build(embedded.paragraphs, positions),
        sentences=FaissIndex.build(embedded.sentences, embedded.owners),
        tokens=TokenIndex(embedded.codes, embedded.scales, embedded.starts),
    )


def quantized_parts(
    embedded: EmbeddedTexts, like: VectorParts | None = None, told: ProgressCallback = no_callback
) -> VectorParts:
    """In a fifteenth of the space; `told` hears how many token vectors are coded, which takes most of the time.

    What was learnt of the vectors of other coded parts is taken from them: a vector that was decoded from those gets
    its code back, so that nothing wears off from rebuild to rebuild.
    """
    positions = np.arange(len(embedded.paragraphs), dtype=np.int64)
    sentence_book, token_book = _books_of(like) if like else _learn_books(embedded)
    tokens = TokenIndex(embedded.codes, embedded.scales, embedded.starts)
    sentences = quantize_vectors(
        lambda rows: embedded.sentences[rows], len(embedded.sentences), sentence_book
    )
    return VectorParts(
        paragraphs=FaissIndex.build_lists(embedded.paragraphs, positions, like.paragraphs if like else None),
        sentences=QuantizedSentences(sentences, embedded.owners),
        tokens=QuantizedTokens(
            quantize_vectors(tokens.block, len(embedded.codes), token_book, told), embedded.starts
        ),
    )


def _books_of(like: VectorParts) -> tuple[ProductQuantizer, ProductQuantizer]:
    if not isinstance(like.sentences, QuantizedSentences) or not isinstance(like.tokens, QuantizedTokens):
        raise TypeError("exact parts have no codes")
    return like.sentences.book, like.tokens.book


def _learn_books(embedded: EmbeddedTexts) -> tuple[ProductQuantizer, ProductQuantizer]:
    """For the sentences, and for the tokens."""
    return (
        ProductQuantizer.train(embedded.sentences, SENTENCE_CENTROIDS, SENTENCE_PARTS),
        ProductQuantizer.train(_some_tokens(embedded), TOKEN_CENTROIDS, TOKEN_PARTS),
    )


def _some_tokens(embedded: EmbeddedTexts) -> FloatMatrix:
    """Tokens from everywhere, the same ones every time."""
    rows = row_ranges.evenly_spread(len(embedded.codes), _TOKENS_LEARNT_FROM)
    return TokenIndex(embedded.codes, embedded.scales, embedded.starts).block(rows)
