"""The index: passages with BM25, vectors and places, as one immutable generation, and the folder of generations.

In: a folder. Out: `Index`, safe to read from any number of threads.
"""

from retrieval.index import collections, context_text, generations
from retrieval.index.filters import Filter
from retrieval.index.index import Index, Parts, TextKeys, load_index, save_parts
from retrieval.index.index_cache import cached_per_index

__all__ = [
    "Filter",
    "Index",
    "Parts",
    "TextKeys",
    "cached_per_index",
    "collections",
    "context_text",
    "generations",
    "load_index",
    "save_parts",
]
