"""Reads PDF files with a text layer by the boxes of their glyphs.

In: the bytes of one file. Out: a `Document` of paragraphs, headings and table rows; findings for pages without text.
The stages: `glyphs` (what PDFium finds, in a sandbox), `lines`, `blocks` (columns, tables), `rows`, `margins` (running
heads out), `paragraphs`. Other formats whose characters have positions go the same way from their glyphs and rules on.
"""

from retrieval.reading.formats.pdf.glyphs import Glyphs, PageGlyphs
from retrieval.reading.formats.pdf.printed_text import rows_by_direction
from retrieval.reading.formats.pdf.reader import (
    RecognizedRows,
    document_of_rows,
    pages_without_text,
    read_pdf,
)
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.formats.pdf.rules import THICKEST_RULE, upright_rules

__all__ = [
    "THICKEST_RULE",
    "Glyphs",
    "PageGlyphs",
    "RecognizedRows",
    "Row",
    "document_of_rows",
    "pages_without_text",
    "read_pdf",
    "rows_by_direction",
    "upright_rules",
]
