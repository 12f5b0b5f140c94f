"""BM25 over an inverted index.

In: terms of every passage. Out: scores and a ranking for the terms of a query.
"""

from retrieval.index.lexical.bm25 import BM25Index, length_norms, term_gains
from retrieval.index.lexical.forward import TermCounts, index_of_terms, terms_by_text, vocabulary_of
from retrieval.index.lexical.inverted_index import Hashes, hash_terms
from retrieval.index.lexical.protocols import KeywordIndex

__all__ = [
    "BM25Index",
    "Hashes",
    "KeywordIndex",
    "TermCounts",
    "hash_terms",
    "index_of_terms",
    "length_norms",
    "term_gains",
    "terms_by_text",
    "vocabulary_of",
]
