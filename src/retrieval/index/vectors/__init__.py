"""Vectors of paragraphs, sentences and tokens: exact ones, and the protocols that quantized ones share with them.

In: unit vectors. Out: inner products, rankings and MaxSim scores.
"""

from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.index.vectors.int8_tokens import Int8Tokens, TokenCodes
from retrieval.index.vectors.maxsim import Products, maxsim, token_maxima
from retrieval.index.vectors.protocols import TokenIndex, VectorIndex, VectorParts

__all__ = [
    "FaissIndex",
    "Int8Tokens",
    "Products",
    "TokenCodes",
    "TokenIndex",
    "VectorIndex",
    "VectorParts",
    "maxsim",
    "token_maxima",
]
