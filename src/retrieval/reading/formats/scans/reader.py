"""Pages of a PDF that are pictures to rows of print, with findings and the lines that cannot be read well enough."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.reading.formats.conversion import source_of
from retrieval.reading.formats.pdf import RecognizedRows, pages_without_text
from retrieval.reading.formats.scans.engine import INSTALL, ocr_tool
from retrieval.reading.formats.scans.layout import rows_of_page
from retrieval.reading.formats.scans.recognition import MOST_PAGES, recognized_pages
from retrieval.types import LeftOut, LeftOutReason

# Lines with a lower score are left out: on pages made worse step by step, 0.6 % of the characters are wrong in lines from
# 0.95 on, 5 % from 0.9 on, 21 % from 0.7 to 0.8, 49 to 82 % below (`python -m benchmarks.quality.read_scans`).
LOWEST_SCORE = 0.8


def recognize_pages(content: bytes, name: str, numbers: Sequence[int]) -> RecognizedRows:
    """The rows of these pages; for those that could not be recognised, what to do."""
    pages = recognized_pages(content, name, numbers)
    source = source_of(content)
    rows, left_out = {}, []
    for number, page in pages.items():
        legible = [line for line in page.lines if line.score >= LOWEST_SCORE and line.text.strip()]
        rows[number] = rows_of_page(page, legible, source) if legible else []
        left_out += [
            LeftOut(name, number + 1, line.text, LeftOutReason.ILLEGIBLE)
            for line in page.lines
            if line.score < LOWEST_SCORE and line.text.strip()
        ]
    return RecognizedRows(rows, tuple(left_out), _remedy(len(numbers)))


def recognize_file(content: bytes, name: str) -> None:
    """Recognise the pages without text of a PDF, so that reading it later finds them kept."""
    if ocr_tool().version is not None:
        recognized_pages(content, name, pages_without_text(content))


def _remedy(count: int) -> str:
    """The advice, or the reason, for pages that were not recognised."""
    if ocr_tool().version is None:
        return INSTALL
    return (
        f"of one file {MOST_PAGES} pages are recognised"
        if count > MOST_PAGES
        else "OCR found nothing legible"
    )
