"""The quantizers of an index, for the vectors of sentences and for those of their tokens, and texts coded by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from retrieval.index.quantized.product_quantizer import Codes, ProductQuantizer
from retrieval.types import FloatMatrix, IntVector

_ARRAYS = tuple(part.name for part in fields(ProductQuantizer))


# Bytes a vector, besides the two of its header. Of 300 questions whose paragraphs are hidden among 100,000, 269 find theirs
# first with 4 bytes a token as with 8 (`python -m benchmarks.scale.million`); with twice as many bytes a sentence one
# development question fewer of 316 (`python -m benchmarks.quality.coded_quality`).
TOKEN_CENTROIDS, TOKEN_PARTS = 2048, 4
SENTENCE_CENTROIDS, SENTENCE_PARTS = 256, 24


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """Sentences as codes."""

    vectors: Codes
    """(sentences, bytes of a sentence)"""
    tokens: Codes
    """(tokens, bytes of a token) of all sentences, one after the other."""
    counts: IntVector
    """(sentences,) the number of tokens of each."""


@dataclass(frozen=True, slots=True)
class Quantizers:
    """Both quantizers of an index."""

    sentences: ProductQuantizer
    tokens: ProductQuantizer

    @classmethod
    def train(cls, sentences: FloatMatrix, tokens: FloatMatrix) -> Quantizers:
        """Quantizers fitted to vectors of sentences and of tokens."""
        return cls(
            ProductQuantizer.train(sentences, SENTENCE_CENTROIDS, SENTENCE_PARTS),
            ProductQuantizer.train(tokens, TOKEN_CENTROIDS, TOKEN_PARTS),
        )

    def encode(self, vectors: FloatMatrix, tokens: Sequence[FloatMatrix]) -> CodedTexts:
        """The vectors of sentences and the token vectors of each."""
        dimension = self.tokens.centroids.shape[1]
        together = np.concatenate([np.zeros((0, dimension), np.float32), *tokens])
        counts = np.asarray([len(rows) for rows in tokens], np.int64)
        return CodedTexts(self.sentences.encode(vectors), self.tokens.encode(together), counts)

    def codes_as(self, other: Quantizers) -> bool:
        """Whether both give every vector the same code."""
        pairs = ((self.sentences, other.sentences), (self.tokens, other.tokens))
        return all(
            np.array_equal(getattr(one, name), getattr(two, name)) for one, two in pairs for name in _ARRAYS
        )
