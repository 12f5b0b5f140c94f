"""PDF files to documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from retrieval.reading import sandbox
from retrieval.reading.formats.pdf.glyphs import UNKNOWN
from retrieval.reading.formats.pdf.margins import sort_out
from retrieval.reading.formats.pdf.paragraphs import paragraphs_of
from retrieval.reading.formats.pdf.printed_text import PrintedText, read_printed_text
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

SECONDS = 30
"""Of processor time for one file; 2,000 full pages take 9."""
# A page of a scan may carry a stamp or a caption; less than this a page is no text layer.
_FEWEST_CHARACTERS = 12


def read_pdf(content: bytes, name: str) -> Document:
    """The paragraphs of a PDF with a text layer; a file without one, or with a password, is named and skipped."""
    try:
        printed = read_printed_text(content, SECONDS)
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    text, around = sort_out([row for page in printed.pages for row in page])
    left_out = _left_out(around, name)
    if not text:
        reason = "no text layer: a scan has to be read by OCR first; skipped"
        return replace(unread(name, reason), left_out=left_out)
    findings = tuple(Finding(name, None, message) for message in _messages(printed, text))
    return Document(name, tuple(paragraphs_of(text)), findings, _usable(printed.title), left_out=left_out)


def document_of_rows(rows: Sequence[Row], name: str, title: str) -> Document:
    """The paragraphs of printed rows; what is printed around the text is in the ledger."""
    text, around = sort_out(rows)
    lines = tuple(paragraphs_of(text, may_be_ragged=True))
    return Document(name, lines, (), _usable(title), left_out=_left_out(around, name))


def _left_out(around: Sequence[tuple[Row, LeftOutReason]], name: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(name, row.page + 1, row.text, reason) for row, reason in around)


def _messages(printed: PrintedText, text: Sequence[Row]) -> Iterator[str]:
    """Messages to the operator about single pages."""
    characters = Counter[int]()
    for row in text:
        characters[row.page] += len(row.text)
    pages = enumerate(zip(printed.pages, printed.pictured, strict=True))
    empty = [
        number
        for number, (rows, is_picture) in pages
        if characters[number] < _FEWEST_CHARACTERS and (is_picture or not rows)
    ]
    for named, has in _runs(empty):
        yield f"{named} {has} no text: a scan or a picture"
    for number, rows in enumerate(printed.pages, start=1):
        if unknown := sum(row.text.count(UNKNOWN) for row in rows):
            yield (
                f"page {number} has {unknown} characters that the file does not name (shown as {UNKNOWN}): "
                "save the PDF anew from its source, or have it read by OCR"
            )


def _runs(numbers: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Pages as an operator calls them, each run of them together, with the verb that follows."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        yield (
            (f"page {run[0] + 1}", "has")
            if len(run) == 1
            else (f"pages {run[0] + 1} to {run[-1] + 1}", "have")
        )


def _usable(title: str) -> str:
    """A title a person gave, not the name of a file or of a template."""
    return title if len(re.findall("[一-鿿]", title)) >= 4 and len(title) <= 60 and "." not in title else ""
