"""Files to passages: formats, then lines, then structure.

In: a folder or files. Out: `Reading`: passages with their whole path, and findings to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.reading import collections, sandbox
from retrieval.reading.formats import preparation
from retrieval.reading.formats.loader import SUFFIXES, find_files, source_files
from retrieval.reading.lines.bulletin_headings import date_of
from retrieval.reading.structure.passage_builder import read_collection, read_files

if TYPE_CHECKING:
    from retrieval.reading.upload_reader import read_upload

__all__ = [
    "SUFFIXES",
    "collections",
    "date_of",
    "find_files",
    "preparation",
    "read_collection",
    "read_files",
    "read_upload",
    "sandbox",
    "source_files",
]


def __getattr__(name: str) -> object:
    """Imports `read_upload` on first use: it needs asyncio and pydantic, which take as long as all the rest."""
    if name == "read_upload":
        from retrieval.reading.upload_reader import read_upload

        return read_upload
    raise AttributeError(name)
