"""Files to passages: formats, then lines, then structure.

In: a folder or files. Out: `Reading`: passages with their whole path, and findings to look at.
"""

from retrieval.reading import sandbox
from retrieval.reading.formats.loader import SUFFIXES, find_files
from retrieval.reading.lines.bulletin_headings import date_of
from retrieval.reading.structure.passage_builder import read_collection, read_files

__all__ = [
    "SUFFIXES",
    "date_of",
    "find_files",
    "read_collection",
    "read_files",
    "sandbox",
]
