"""The quantizers of a large collection, and its vectors as an index keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from retrieval.index import Index
from retrieval.index.quantized import (
    Codes,
    IVFIndex,
    QuantizedSentences,
    QuantizedTokens,
    QuantizedVectors,
    Quantizers,
)
from retrieval.index.vectors import VectorParts
from retrieval.types import FloatMatrix, IntMatrix, IntVector, TextKeys


@dataclass(frozen=True, slots=True)
class CodedPassages:
    """All vectors of some passages, in their order; the arrays are mapped from spill files."""

    paragraphs: FloatMatrix
    """(passages, dimension), unit length."""
    quantizers: Quantizers
    sentences: Codes
    """(sentences, bytes of a sentence)"""
    tokens: Codes
    """(tokens, bytes of a token) of all sentences, one after the other."""
    starts: IntVector
    """(sentences + 1,) the first token of each sentence, and the end of the last."""
    owners: IntVector
    """(sentences,) the position of the passage of each."""
    spans: IntMatrix
    """(sentences, 2): start and end of each in the text of its passage."""
    keys: TextKeys
    like: Index | None
    """A quantized index whose training is used again."""


def train_quantizers(sentences: FloatMatrix, tokens: FloatMatrix) -> Quantizers:
    """Quantizers fitted to vectors of sentences and of tokens."""
    return Quantizers.train(sentences, tokens)


def quantized_parts(coded: CodedPassages) -> VectorParts:
    """The vectors as an index keeps them.

    A paragraph decoded from the index before gets its code back, so that quality does not decline from rebuild to rebuild.
    """
    trained = cast("IVFIndex", coded.like.paragraphs) if coded.like else None
    positions = np.arange(len(coded.paragraphs), dtype=np.int64)
    sentences = QuantizedVectors(coded.quantizers.sentences, coded.sentences)
    tokens = QuantizedVectors(coded.quantizers.tokens, coded.tokens)
    return VectorParts(
        paragraphs=IVFIndex.build(coded.paragraphs, positions, trained),
        sentences=QuantizedSentences(sentences, coded.owners),
        tokens=QuantizedTokens(tokens, coded.starts),
    )
