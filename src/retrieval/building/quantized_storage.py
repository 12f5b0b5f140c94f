"""The quantized vectors of a large collection: trained on it, or with the training of an index before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from retrieval.building.embed_passages import EmbeddedTexts
from retrieval.index.quantized import (
    IVFIndex,
    ProductQuantizer,
    QuantizedSentences,
    QuantizedTokens,
    quantize_vectors,
)
from retrieval.index.vectors import Int8Tokens, VectorParts
from retrieval.progress import Progress, no_progress
from retrieval.storage import row_ranges

# Bytes a vector, besides the two of its header: with both, 280 of 316 development questions have an answer first, as many
# as with exact vectors; with twice as many bytes a sentence 279 (`python -m benchmarks.quality.coded_quality`).
TOKEN_CENTROIDS, TOKEN_PARTS = 2048, 8
SENTENCE_CENTROIDS, SENTENCE_PARTS = 256, 24
# Tokens to train on: 200 MB.
_TOKENS_TRAINED_ON = 1 << 17


@dataclass(frozen=True, slots=True)
class _Training:
    """The quantizers of an index, and one whose inverted lists a new one takes over."""

    sentences: ProductQuantizer
    tokens: ProductQuantizer
    paragraphs: IVFIndex | None = None


def quantized_parts(
    embedded: EmbeddedTexts, like: VectorParts | None = None, on_progress: Progress = no_progress
) -> VectorParts:
    """The vectors in a fifteenth of the space; `on_progress` counts token vectors, which take most of the time.

    `like` are the vectors of a quantized index whose training is used again: a vector decoded from them gets its code
    back, so that quality does not decline from rebuild to rebuild.
    """
    exact_tokens = Int8Tokens(embedded.codes, embedded.scales, embedded.starts)
    training = _training_of(like) if like else _train(embedded, exact_tokens)
    positions = np.arange(len(embedded.paragraphs), dtype=np.int64)
    sentences = quantize_vectors(
        lambda rows: embedded.sentences[rows], len(embedded.sentences), training.sentences
    )
    return VectorParts(
        paragraphs=IVFIndex.build(embedded.paragraphs, positions, training.paragraphs),
        sentences=QuantizedSentences(sentences, embedded.owners),
        tokens=QuantizedTokens(
            quantize_vectors(exact_tokens.block, len(embedded.codes), training.tokens, on_progress),
            embedded.starts,
        ),
    )


def _training_of(like: VectorParts) -> _Training:
    """The training of quantized vectors. Raises TypeError for exact ones."""
    if not like.tokens.is_quantized:
        raise TypeError("exact vectors have no quantizers")
    return _Training(
        sentences=cast("QuantizedSentences", like.sentences).quantizer,
        tokens=cast("QuantizedTokens", like.tokens).quantizer,
        paragraphs=cast("IVFIndex", like.paragraphs),
    )


def _train(embedded: EmbeddedTexts, tokens: Int8Tokens) -> _Training:
    sample = row_ranges.evenly_spread(len(embedded.codes), _TOKENS_TRAINED_ON)
    return _Training(
        sentences=ProductQuantizer.train(embedded.sentences, SENTENCE_CENTROIDS, SENTENCE_PARTS),
        tokens=ProductQuantizer.train(tokens.block(sample), TOKEN_CENTROIDS, TOKEN_PARTS),
    )
