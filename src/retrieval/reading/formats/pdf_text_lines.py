"""Extracts the printed lines of a PDF with their positions, in a child process (0.1 s more than in this one)."""

from __future__ import annotations

import json
import re
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from retrieval.reading import sandbox

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print: where it lies on its page in points, from the left and from the bottom."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    page_height: float

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class PdfText:
    """A PDF as it is printed: the rows of each page, and the title that the file gives itself."""

    pages: tuple[tuple[Row, ...], ...]
    title: str


def read_pdf_text(content: bytes, seconds: int) -> PdfText:
    """The printed text of a PDF, extracted in a child process with that much processor time.

    Raises UnreadableFileError for a file that is locked or damaged, or reaches the limits.
    """
    extracted = json.loads(sandbox.run(text_as_json, content, sandbox.Limits(seconds)))
    pages = tuple(tuple(Row(*row) for row in rows) for rows in extracted["pages"])
    return PdfText(pages, extracted["title"])


def text_as_json(content: bytes) -> bytes:
    """The sandbox's job: `PdfText` as JSON."""
    try:
        printed = _read(content)
    except (sandbox.UnreadableFileError, MemoryError):
        raise
    except Exception as error:  # pypdfium2 raises whatever it met in a damaged file
        reason = f"cannot be read ({type(error).__name__}: {str(error)[:80]})"
        raise sandbox.UnreadableFileError(reason) from error
    pages = [[astuple(row) for row in rows] for rows in printed.pages]
    return json.dumps({"title": printed.title, "pages": pages}).encode()


def _read(content: bytes) -> PdfText:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(content)
        if len(pdf) > MOST_PAGES:
            raise sandbox.UnreadableFileError(f"more than {MOST_PAGES} pages")
        title = pdf.get_metadata_dict().get("Title") or ""
        return PdfText(tuple(_rows(pdf, page) for page in range(len(pdf))), title.strip())
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise sandbox.UnreadableFileError(
            "encrypted: save it without a password" if locked else "a damaged PDF"
        ) from error


def _rows(pdf: pdfium.PdfDocument, number: int) -> tuple[Row, ...]:
    page = pdf[number]
    text_page = page.get_textpage()
    height = float(page.get_height())
    rows: list[Row] = []
    cursor = 0
    for piece in re.split(r"(\r\n|\r|\n)", text_page.get_text_range()):
        if piece.strip():
            rows.append(_row(text_page, piece, cursor, (number, height)))
        cursor += len(piece)
    text_page.close()
    page.close()
    return tuple(_merged(rows))


def _row(text_page: pdfium.PdfTextPage, piece: str, cursor: int, page: tuple[int, float]) -> Row:
    start = cursor + len(piece) - len(piece.lstrip())
    end = cursor + len(piece.rstrip()) - 1
    count = text_page.count_chars()
    left, bottom, _, top = text_page.get_charbox(min(start, count - 1), loose=True)
    _, low, right, high = text_page.get_charbox(min(max(end, start), count - 1), loose=True)
    text = piece.strip().replace("\ufffe", "").replace("\x02", "").replace("\xad", "")
    return Row(text, page[0], left, max(right, left), min(bottom, low), max(top, high), page[1])


def _merged(rows: list[Row]) -> list[Row]:
    """Pieces of one printed line, which wide gaps divide, as one row."""
    merged: list[Row] = []
    for row in rows:
        before = merged[-1] if merged else None
        if (
            before
            and abs(before.bottom - row.bottom) < 0.4 * row.height
            and 0 <= row.left - before.right < 40 * row.height
        ):
            gap = "" if row.left - before.right < 0.6 * row.height else " "
            merged[-1] = replace(
                before, text=f"{before.text}{gap}{row.text}", right=row.right, top=max(before.top, row.top)
            )
        else:
            merged.append(row)
    return merged
