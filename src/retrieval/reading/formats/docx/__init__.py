"""Reads Word files: paragraphs with automatic numbers, tables, notes, text boxes and embedded parts.

In: the bytes of one file. Out: a `Document`; comments, page heads and hidden or struck-out text are left out with their reason.
"""

from retrieval.reading.formats.docx.numbering import written_count
from retrieval.reading.formats.docx.reader import read_word_file

__all__ = ["read_word_file", "written_count"]
