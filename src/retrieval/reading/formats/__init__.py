"""One reader a file format, chosen by the loader.

In: files, or bytes with a name. Out: `Document`s; nothing raises for what a file holds.
"""

from retrieval.reading.formats.loader import SUFFIXES, find_files, read_document, read_documents

__all__ = [
    "SUFFIXES",
    "find_files",
    "read_document",
    "read_documents",
]
