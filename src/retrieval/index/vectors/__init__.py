"""Vectors of paragraphs, sentences and tokens, exact or quantized.

In: unit vectors. Out: inner products, rankings and MaxSim scores.
"""

from retrieval.index.vectors.maxsim import maxsim
from retrieval.index.vectors.product_quantizer import ProductQuantizer
from retrieval.index.vectors.quantized_vectors import (
    ProgressCallback,
    QuantizedSentences,
    QuantizedTokens,
    no_callback,
    quantize_vectors,
)
from retrieval.index.vectors.token_index import TokenCodes, TokenIndex
from retrieval.index.vectors.vector_index import FaissIndex

__all__ = [
    "FaissIndex",
    "ProductQuantizer",
    "ProgressCallback",
    "QuantizedSentences",
    "QuantizedTokens",
    "TokenCodes",
    "TokenIndex",
    "maxsim",
    "no_callback",
    "quantize_vectors",
]
