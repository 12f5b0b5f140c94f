"""PDF files to documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class RecognizedRows:
    """The rows that OCR found on pages without text."""

    pages: dict[int, list[Row]]
    """The rows of the pages that were recognised, by number from 0."""
    left_out: tuple[LeftOut, ...] = ()
    remedy: str = ""
    """The advice for the pages that were not recognised."""


Recognize = Callable[[bytes, str, Sequence[int]], RecognizedRows]
"""From a file, its cited name and the numbers of its pages without text to their rows."""


def read_pdf(content: bytes, name: str, recognize: Recognize | None = None) -> Document:
    """The paragraphs of a PDF; pages without a text layer are recognised, else named. A locked file is skipped."""
    try:
        printed = read_printed_text(content, SECONDS)
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    empty = _pages_without_text(printed)
    recognized = recognize(content, name, empty) if recognize and empty else RecognizedRows({})
    rows = [
        row for number, page in enumerate(printed.pages) for row in (*page, *recognized.pages.get(number, ()))
    ]
    text, around = sort_out(rows)
    left_out = (*_left_out(around, name), *recognized.left_out)
    if not text:
        remedy = recognized.remedy or "a scan has to be read by OCR first"
        return replace(unread(name, f"no text layer: {remedy}; skipped"), left_out=left_out)
    findings = tuple(Finding(name, None, message) for message in _messages(printed, empty, recognized))
    lines = tuple(paragraphs_of(text, may_be_ragged=bool(recognized.pages)))
    return Document(name, lines, findings, _usable(printed.title), left_out=left_out)


def pages_without_text(content: bytes) -> list[int]:
    """The numbers, from 0, of the pages that have to be recognised; none where the file cannot be read."""
    try:
        return _pages_without_text(read_printed_text(content, SECONDS))
    except sandbox.UnreadableFileError:
        return []


def _pages_without_text(printed: PrintedText) -> list[int]:
    text, _ = sort_out([row for page in printed.pages for row in page])
    characters = Counter[int]()
    for row in text:
        characters[row.page] += len(row.text)
    return [
        number
        for number, (rows, is_picture) in enumerate(zip(printed.pages, printed.pictured, strict=True))
        if characters[number] < _FEWEST_CHARACTERS and (is_picture or not rows)
    ]


def document_of_rows(rows: Sequence[Row], name: str, title: str) -> Document:
    """The paragraphs of printed rows; what is printed around the text is in the ledger."""
    text, around = sort_out(rows)
    lines = tuple(paragraphs_of(text, may_be_ragged=True))
    return Document(name, lines, (), _usable(title), left_out=_left_out(around, name))


def _left_out(around: Sequence[tuple[Row, LeftOutReason]], name: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(name, row.page + 1, row.text, reason) for row, reason in around)


def _messages(printed: PrintedText, empty: Sequence[int], recognized: RecognizedRows) -> Iterator[str]:
    """Messages to the operator about single pages."""
    for named, has in _runs(number for number in empty if not recognized.pages.get(number)):
        remedy = recognized.remedy and f"; {recognized.remedy}"
        yield f"{named} {has} no text: a scan or a picture{remedy}"
    for named, _ in _runs(number for number in empty if recognized.pages.get(number)):
        yield f"{named}: read from a picture by OCR; what is quoted from there is as recognised"
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
