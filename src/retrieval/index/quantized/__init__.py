"""Vectors of a large collection, a few bytes each: inverted lists, product quantization.

In: unit vectors, or the folder of a generation. Out: the same protocols as `index.vectors` has. Nothing else needs this
package: without it, small collections are built and served.
"""

from retrieval.index.quantized.ivf_index import IVFIndex
from retrieval.index.quantized.product_quantizer import Codes, ProductQuantizer
from retrieval.index.quantized.quantized_vectors import QuantizedSentences, QuantizedTokens, QuantizedVectors
from retrieval.index.quantized.quantizers import CodedTexts, Quantizers

__all__ = [
    "CodedTexts",
    "Codes",
    "IVFIndex",
    "ProductQuantizer",
    "QuantizedSentences",
    "QuantizedTokens",
    "QuantizedVectors",
    "Quantizers",
]
