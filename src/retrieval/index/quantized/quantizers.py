"""The quantizers of an index, for the vectors of sentences and for those of their tokens, and texts coded by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from retrieval.index.quantized.product_quantizer import Codes, ProductQuantizer
from retrieval.types import FloatMatrix, IntVector

_ARRAYS = tuple(part.name for part in fields(ProductQuantizer))


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
