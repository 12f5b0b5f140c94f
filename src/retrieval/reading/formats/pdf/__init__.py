"""Reads PDF files with a text layer by the boxes of their glyphs.

In: the bytes of one file. Out: a `Document` of paragraphs, headings and table rows; findings for pages without text.
The stages: `glyphs` (what PDFium finds, in a sandbox), `lines`, `blocks` (columns, tables), `rows`, `margins` (running
heads out), `paragraphs`.
"""

from retrieval.reading.formats.pdf.reader import read_pdf

__all__ = ["read_pdf"]
