"""Extracts the printed lines of a PDF with their positions, in a child process (0.1 s more than in this one)."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

from retrieval.reading import sandbox
from retrieval.reading.formats.pdf_glyphs import field_values, page_glyphs
from retrieval.reading.formats.pdf_layout import Row, page_rows

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class PdfText:
    """A PDF as it is printed: the rows of each page, and the title that the file gives itself."""

    pages: tuple[tuple[Row, ...], ...]
    title: str
    slanted: tuple[str, ...] = ()
    """For each page the text that does not stand upright: a watermark; empty where there is none."""


def read_pdf_text(content: bytes, seconds: int) -> PdfText:
    """The printed text of a PDF, extracted in a child process with that much processor time.

    Raises UnreadableFileError for a file that is locked or damaged, or reaches the limits.
    """
    extracted = json.loads(sandbox.run(text_as_json, content, sandbox.Limits(seconds)))
    pages = tuple(
        tuple(replace(Row(*row), cells=tuple(row[-1])) for row in rows) for rows in extracted["pages"]
    )
    return PdfText(pages, extracted["title"], tuple(extracted["slanted"]))


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
    return json.dumps({"title": printed.title, "pages": pages, "slanted": printed.slanted}).encode()


def _read(content: bytes) -> PdfText:
    import pypdfium2 as pdfium

    try:
        pdf = pdfium.PdfDocument(content)
        if len(pdf) > MOST_PAGES:
            raise sandbox.UnreadableFileError(f"more than {MOST_PAGES} pages")
        title = pdf.get_metadata_dict().get("Title") or ""
        pages = [_page_text(pdf, page) for page in range(len(pdf))]
        return PdfText(
            tuple(rows for rows, _ in pages), title.strip(), tuple(slanted for _, slanted in pages)
        )
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise sandbox.UnreadableFileError(
            "encrypted: save it without a password" if locked else "a damaged PDF"
        ) from error


def _page_text(pdf: pdfium.PdfDocument, number: int) -> tuple[tuple[Row, ...], str]:
    page = pdf[number]
    try:
        glyphs, slanted = page_glyphs(page)
        glyphs.extend(field_values(page))
        return tuple(page_rows(glyphs, number, page.get_size())), slanted
    finally:
        page.close()
