"""Texts to unit vectors: one a text and one a token.

In: texts. Out: `Encoding`. The libraries are loaded with the first encoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.embedding.batching_encoder import BatchingEncoder
    from retrieval.embedding.encoder import SentenceEncoder, load_encoder, load_rebuild_encoder

__all__ = [
    "BatchingEncoder",
    "SentenceEncoder",
    "load_encoder",
    "load_rebuild_encoder",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "BatchingEncoder": "batching_encoder",
            "SentenceEncoder": "encoder",
            "load_encoder": "encoder",
            "load_rebuild_encoder": "encoder",
        },
    )
