"""BM25 over an inverted index.

In: terms of every passage. Out: scores and a ranking for the terms of a query.
"""

from retrieval.index.lexical.bm25 import BM25Index

__all__ = [
    "BM25Index",
]
