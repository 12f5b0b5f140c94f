"""One reader a file format, chosen by the loader.

In: files, or bytes with a name. Out: `Document`s; nothing raises for what a file holds.
"""

from retrieval.reading.formats.archives import oversize
from retrieval.reading.formats.limited import read_limited
from retrieval.reading.formats.loader import cited_name, find_files, read_documents
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.formats.preparation import convert_files, convert_scan, reporting_pages
from retrieval.reading.formats.signatures import Format, format_of

__all__ = [
    "Format",
    "cited_name",
    "convert_files",
    "convert_scan",
    "find_files",
    "format_of",
    "oversize",
    "read_documents",
    "read_limited",
    "read_text",
    "reporting_pages",
]
