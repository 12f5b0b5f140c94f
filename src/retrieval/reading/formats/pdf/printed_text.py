"""Extracts the printed rows of a PDF with their positions, in a child process (0.1 s more than in this one)."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from retrieval.reading import sandbox
from retrieval.reading.formats.pdf import substitute_font
from retrieval.reading.formats.pdf.annotations import typed_texts
from retrieval.reading.formats.pdf.glyphs import Glyphs, PageGlyphs, page_glyphs
from retrieval.reading.formats.pdf.rows import SLANTED, Row, Size, in_order, page_rows
from retrieval.reading.formats.pdf.rules import page_rules

if TYPE_CHECKING:
    import pypdfium2 as pdfium

MOST_PAGES = 2_000
# The places of the tuples of a row among its fields.
_CELLS, _MERGED = ([field.name for field in fields(Row)].index(name) for name in ("cells", "merged"))
# Of a field on a page without other text, in points: the body size of office documents.
_BODY_HEIGHT = 10.5
# A page with a picture and less text than this may be a scan with a stamp or a caption.
_FEWEST_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A PDF as it is printed: the rows of each page, and the title that the file gives itself."""

    pages: tuple[tuple[Row, ...], ...]
    title: str
    pictured: tuple[bool, ...]
    """For each page whether it holds a picture and hardly any text."""


def read_printed_text(content: bytes, seconds: int) -> PrintedText:
    """The printed text of a PDF, extracted in a child process with that much processor time.

    Raises UnreadableFileError for a file that is locked or damaged, or reaches the limits.
    """
    extracted = json.loads(sandbox.run(text_as_json, content, sandbox.Limits(seconds)))
    pages = tuple(
        tuple(replace(Row(*row), cells=tuple(row[_CELLS]), merged=tuple(row[_MERGED])) for row in rows)
        for rows in extracted["pages"]
    )
    return PrintedText(pages, extracted["title"], tuple(extracted["pictured"]))


def text_as_json(content: bytes) -> bytes:
    """The sandbox's job: `PrintedText` as JSON."""
    try:
        printed = printed_text(content)
    except (sandbox.UnreadableFileError, MemoryError):
        raise
    except Exception as error:  # pypdfium2 raises whatever it met in a damaged file
        raise sandbox.UnreadableFileError(sandbox.DAMAGED) from error
    pages = [[astuple(row) for row in rows] for rows in printed.pages]
    return json.dumps({"title": printed.title, "pages": pages, "pictured": printed.pictured}).encode()


def printed_text(content: bytes) -> PrintedText:
    """As `read_printed_text`, in this process."""
    import pypdfium2 as pdfium

    substitute_font.install()
    try:
        pdf = pdfium.PdfDocument(content)
        if len(pdf) > MOST_PAGES:
            raise sandbox.UnreadableFileError(f"more than {MOST_PAGES} pages")
        title = pdf.get_metadata_dict().get("Title") or ""
        pages = [_page(pdf, number) for number in range(len(pdf))]
        return PrintedText(
            tuple(rows for rows, _ in pages), title.strip(), tuple(pictured for _, pictured in pages)
        )
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise sandbox.UnreadableFileError(
            "encrypted: save it without a password" if locked else "a damaged PDF"
        ) from error


def _page(pdf: pdfium.PdfDocument, number: int) -> tuple[tuple[Row, ...], bool]:
    """The rows of a page, and whether it is a picture."""
    page = pdf[number]
    try:
        glyphs = page_glyphs(page)
        left, bottom, right, top = page.get_bbox()
        heights = np.concatenate([direction.height for direction in glyphs.directions])
        typed = typed_texts(page, float(np.median(heights)) if len(heights) else _BODY_HEIGHT)
        is_picture = len(heights) + len(typed) < _FEWEST_CHARACTERS and _has_picture(page)
        rows = rows_by_direction(
            glyphs.with_typed(typed), number, (right - left, top - bottom), page_rules(page)
        )
        return tuple(rows), is_picture
    finally:
        page.close()


def _has_picture(page: pdfium.PdfPage) -> bool:
    from pypdfium2 import raw

    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None


def rows_by_direction(glyphs: PageGlyphs, number: int, size: Size, rules: Glyphs) -> list[Row]:
    """The rows of the direction in which most of the page is printed, then those of the others, then slanted texts."""
    parts = []
    for quarter in sorted(range(4), key=lambda quarter: -len(glyphs.directions[quarter])):
        upright, upright_rules = (part.turned(quarter, size) for part in (glyphs.directions[quarter], rules))
        rows = page_rows(upright, number, size[::-1] if quarter % 2 else size, upright_rules)
        parts.append([replace(row, direction=quarter) for row in rows])
    slanted = [
        Row(text, number, 0, 0, 0, height, size[1], direction=SLANTED) for text, height in glyphs.slanted
    ]
    return in_order(*parts, slanted)
