"""The index: passages with BM25, vectors and places, as one immutable generation, and where generations are kept.

In: a folder. Out: `Index`, safe to read from any number of threads.
"""

from retrieval.index import collections, context_text, generations, homes, index_files, remote_contents
from retrieval.index.filters import Filter
from retrieval.index.index import Index, Parts
from retrieval.index.index_cache import cached_per_index

__all__ = [
    "Filter",
    "Index",
    "Parts",
    "cached_per_index",
    "collections",
    "context_text",
    "generations",
    "homes",
    "index_files",
    "remote_contents",
]
