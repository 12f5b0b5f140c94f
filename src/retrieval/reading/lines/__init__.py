"""Lines of a document: their kind, encoding, section marks, bulletin headings, tables and boilerplate.

In: bytes or text of one file. Out: `Document` with its `Line`s, and findings for what could not be read.
"""

from retrieval.reading.lines import boilerplate, bulletin_headings, encodings, line_joining, section_marks
from retrieval.reading.lines.document import Document, Line, LineKind, unread
from retrieval.reading.lines.tables import table_lines

__all__ = [
    "Document",
    "Line",
    "LineKind",
    "boilerplate",
    "bulletin_headings",
    "encodings",
    "line_joining",
    "section_marks",
    "table_lines",
    "unread",
]
