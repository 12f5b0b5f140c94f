"""The lines of print of a PDF, read by a process of its own: `python -m` this module with the file as input.

A drawing that draws itself keeps the PDF library busy for ever, and a damaged file may take down the process that reads
it: neither may happen to a rebuild. The process takes a tenth of a second more than reading here would.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from retrieval.reading import sandbox

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MOST_PAGES = 2_000
_ON_A_BUSY_MACHINE = 4  # as long as the processor time that is allowed


class UnreadablePdfError(Exception):
    """What it says is said to the operator, after the name of the file."""


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
    """What is printed on the pages, if that takes no more than so many seconds of processor time.

    Raises UnreadablePdfError for a file that is locked or damaged, or takes longer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very program, and a number
            [sys.executable, "-m", __spec__.name, str(seconds)],
            input=content,
            stdout=subprocess.PIPE,
            timeout=_ON_A_BUSY_MACHINE * seconds,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise UnreadablePdfError("takes too much time or memory to read") from error
    found = json.loads(done.stdout)
    if "reason" in found:
        raise UnreadablePdfError(found["reason"])
    return PdfText(tuple(tuple(Row(*row) for row in rows) for rows in found["pages"]), found["title"])


def main() -> None:
    """Read a PDF from standard input and write its rows, or why there are none, as JSON to standard output."""
    with sandbox.limited(int(sys.argv[1])):
        sys.stdout.write(json.dumps(_found_in(sys.stdin.buffer.read())))


def _found_in(content: bytes) -> dict[str, object]:
    try:
        read = _read(content)
    except UnreadablePdfError as error:
        return {"reason": str(error)}
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises whatever it met in a damaged file
        return {"reason": f"cannot be read ({type(error).__name__}: {str(error)[:80]})"}
    return {"title": read.title, "pages": [[astuple(row) for row in rows] for rows in read.pages]}


def _read(content: bytes) -> PdfText:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(content)
        if len(pdf) > MOST_PAGES:
            raise UnreadablePdfError(f"more than {MOST_PAGES} pages")
        title = pdf.get_metadata_dict().get("Title") or ""
        return PdfText(tuple(_rows(pdf, page) for page in range(len(pdf))), title.strip())
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise UnreadablePdfError(
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


if __name__ == "__main__":
    main()
