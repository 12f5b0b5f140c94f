"""One reader a file format, chosen by the loader.

In: files, or bytes with a name. Out: `Document`s; nothing raises for what a file holds.
"""

from retrieval.reading.formats import preparation
from retrieval.reading.formats.archives import oversize
from retrieval.reading.formats.child_process import read_in_child
from retrieval.reading.formats.loader import cited_name, find_files, read_documents, reason_not_to_follow
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.formats.signatures import Format, format_of

__all__ = [
    "Format",
    "cited_name",
    "find_files",
    "format_of",
    "oversize",
    "preparation",
    "read_documents",
    "read_in_child",
    "read_text",
    "reason_not_to_follow",
]
