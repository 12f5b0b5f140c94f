"""Reads presentations (.pptx): the shapes of each slide in the order of reading, titles as headings, tables as rows.

In: the bytes of one file. Out: a `Document`; speaker's notes, comments, hidden slides and running feet in the ledger.
"""

from retrieval.reading.formats.slides.reader import read_presentation

__all__ = ["read_presentation"]
