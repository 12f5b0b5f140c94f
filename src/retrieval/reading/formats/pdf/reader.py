"""PDF files to documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.reading import sandbox
from retrieval.reading.formats.pdf.glyphs import UNKNOWN
from retrieval.reading.formats.pdf.margins import sort_out
from retrieval.reading.formats.pdf.paragraphs import paragraphs_of
from retrieval.reading.formats.pdf.printed_text import PrintedText, read_printed_text
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding

SECONDS = 30
"""Of processor time for one file; 2,000 full pages take 5."""
# A page of a scan may carry a stamp or a page number; less than this a page is no text layer.
_FEWEST_CHARACTERS = 12


def read_pdf(content: bytes, name: str) -> Document:
    """The paragraphs of a PDF with a text layer; a file without one, or with a password, is named and skipped."""
    try:
        printed = read_printed_text(content, SECONDS)
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    rows = [row for page in printed.pages for row in page]
    text, _around = sort_out(rows)
    if sum(len(row.text) for row in text) < _FEWEST_CHARACTERS:
        return unread(name, "no text layer: a scan has to be read by OCR first; skipped")
    findings = tuple(Finding(name, None, message) for message in _messages(printed, text))
    return Document(name, tuple(paragraphs_of(text)), findings, _usable(printed.title))


def _messages(printed: PrintedText, text: Sequence[Row]) -> Iterator[str]:
    """What an operator should know of single pages."""
    texts = Counter[int]()
    for row in text:
        texts[row.page] += len(row.text)
    for number, (rows, is_picture) in enumerate(zip(printed.pages, printed.pictured, strict=True)):
        if texts[number] < _FEWEST_CHARACTERS and (is_picture or not rows):
            yield f"page {number + 1} has no text: a scan or a picture"
        if unknown := sum(row.text.count(UNKNOWN) for row in rows):
            yield (
                f"page {number + 1} has {unknown} characters that the file does not name (shown as {UNKNOWN}): "
                "save the PDF anew from its source, or read it by OCR"
            )


def _usable(title: str) -> str:
    """A title a person gave, not the name of a file or of a template."""
    return title if len(re.findall("[一-鿿]", title)) >= 4 and len(title) <= 60 and "." not in title else ""
