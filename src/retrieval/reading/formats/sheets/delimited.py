"""Tables as text: values divided by commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
import re

from retrieval.reading.formats import read_in_child
from retrieval.reading.formats.sheets.blocks import SheetRow, sheet_lines
from retrieval.reading.lines import Document, encodings, unread

_DELIMITERS = (",", "\t", ";", "|", "\uff0c")
# The first line by which a file tells Excel its delimiter.
_NAMED = re.compile(r"\ufeff?sep=([^\w\s]|\t)\r?\n", re.IGNORECASE)
_SAMPLE = 50
_LONGEST_FIELD = 1_000_000


def read_delimited(content: bytes, name: str) -> Document:
    """The rows of a .csv file, each value behind its heading; `number` is the line where a row ends."""
    return read_in_child(read_rows, content, name)


def read_rows(content: bytes, name: str) -> Document:
    """As `read_delimited`, in this process."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    text, left_out = encodings.without_controls(decoded.text, name)
    csv.field_size_limit(_LONGEST_FIELD)
    named = _NAMED.match(text)
    delimiter = named[1] if named else _delimiter(text)
    reader = csv.reader(io.StringIO(text[named.end() :] if named else text, newline=""), delimiter=delimiter)
    above = 1 if named else 0
    rows = [SheetRow(reader.line_num + above, tuple(cell.strip() for cell in row), {}) for row in reader]
    width = max((len(row.cells) for row in rows), default=0)
    even = [SheetRow(row.number, (*row.cells, *[""] * (width - len(row.cells))), {}) for row in rows]
    findings = encodings.decoding_findings(name, decoded.encoding)
    return Document(name, tuple(sheet_lines(_counted(even))), findings, left_out=left_out)


def _counted(rows: list[SheetRow]) -> list[SheetRow]:
    """The rows with one number a row: one that spans lines is no blank row."""
    numbers = [row.number for row in rows]
    spans = {number for before, number in zip([0, *numbers], numbers, strict=False) if number > before + 1}
    return [row for row in rows if any(row.cells) or row.number not in spans]


def _delimiter(text: str) -> str:
    """The delimiter that divides most of the first lines into equally many values; a comma if none does.

    A full-width comma stands in sentences too: one line alone is none of a table.
    """
    lines = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]
    possible = _DELIMITERS if len(lines) > 1 else _DELIMITERS[:-1]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(common) if common else 0, common)

    return max(possible, key=evenness) if lines else ","
