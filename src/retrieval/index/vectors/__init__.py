"""Vectors of paragraphs, sentences and tokens: exact ones, and the protocols that quantized ones share with them.

In: unit vectors. Out: inner products, rankings and MaxSim scores.
"""

from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.index.vectors.int8_products import ByteRows, products_with_bytes
from retrieval.index.vectors.int8_tokens import Int8Tokens, TokenCodes
from retrieval.index.vectors.maxsim import maxsim, token_maxima
from retrieval.index.vectors.protocols import TokenIndex, VectorIndex, VectorParts

__all__ = [
    "ByteRows",
    "FaissIndex",
    "Int8Tokens",
    "TokenCodes",
    "TokenIndex",
    "VectorIndex",
    "VectorParts",
    "maxsim",
    "products_with_bytes",
    "token_maxima",
]
