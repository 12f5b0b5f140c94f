"""Late interaction: every token of a query against every token of a text (MaxSim).

ColBERT, Khattab & Zaharia 2020, arXiv:2004.12832: a text scores the sum, over the tokens of the query, of the
cosine of the nearest token of the text; here the mean, so that scores of short and long questions compare.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from retrieval.types import FloatMatrix, FloatVector, IntVector

# Query tokens whose products with all candidates are held at a time: 1.5 MB with 11,393 tokens of texts. Sixteen
# questions of some 400 tokens in four threads left 80 MB held, with 64 at a time 110, with all at once 430. One of 20
# tokens takes 1.2 ms (all at once 1.3), one of 40 2.3 (1.9), one of 450 22 (46).
_QUERY_TOKENS_AT_ONCE = 32

Products = Callable[[FloatMatrix], FloatMatrix]
"""Query tokens to their products with certain tokens of texts: (tokens of texts, query tokens)."""


def token_maxima(
    products_of: Callable[[IntVector, IntVector], Products],
    starts: IntVector,
    ends: IntVector,
    query: FloatMatrix,
) -> FloatMatrix:
    """(texts, query tokens) the largest product over the tokens of each text, 0 for a text without any.

    The tokens of a text run from its start to its end. `products_of` is called once, with the starts and ends of all
    texts that have tokens; the function it returns is called for a few query tokens at a time.
    """
    lengths = ends - starts
    maxima = np.zeros((len(lengths), len(query)), np.float32)
    filled = np.flatnonzero(lengths > 0)
    if len(query) and len(filled):
        boundaries = np.cumsum(lengths[filled]) - lengths[filled]
        products = products_of(starts[filled], ends[filled])
        for start in range(0, len(query), _QUERY_TOKENS_AT_ONCE):
            batch = slice(start, start + _QUERY_TOKENS_AT_ONCE)
            maxima[filled, batch] = np.maximum.reduceat(products(query[batch]), boundaries, axis=0)
    return maxima


def maxsim(maxima: FloatMatrix) -> FloatVector:
    """(texts,) the mean of `token_maxima` over the query's tokens; 0 for a query without tokens."""
    if not maxima.shape[-1]:
        return np.zeros(len(maxima), np.float32)
    return np.asarray(maxima.mean(axis=-1), np.float32)
