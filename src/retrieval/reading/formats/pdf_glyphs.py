"""Extracts the glyphs of a PDF page with their boxes, and the values of its form fields.

PDFium's own text (`get_text_range`) follows the content stream and guesses blanks: in files exported by LibreOffice
quotation marks leave their words and blanks appear around figures. The boxes say what the page shows.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pypdfium2 as pdfium

# Characters of the text layer that show nothing: a line-end hyphen, a soft hyphen, a byte order mark, zero-width joints.
_UNSEEN = frozenset("\x02\xad\ufeff\ufffe\u200b\u200c\u200d\u2060")
# Further from upright than this (radians) a glyph is slanted, as the letters of a watermark are.
_SLANTED = 0.1


@dataclass(frozen=True, slots=True)
class Glyph:
    """One printed character; its box in points, from the left and from the bottom of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 0.1)

    @property
    def middle(self) -> float:
        """Half-way up: the same for the large and the small glyphs of a line."""
        return (self.top + self.bottom) / 2

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


def page_glyphs(page: pdfium.PdfPage) -> tuple[list[Glyph], str]:
    """The upright glyphs of a page in the order of drawing, and its slanted text (a watermark), each string once.

    Blanks are glyphs where the file draws them; those that PDFium makes up are left out.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    upright: list[Glyph] = []
    slanted: list[str] = []
    box = raw.FS_RECTF()
    try:
        for number in range(text_page.count_chars()):
            character = _character(raw, text_page, number)
            if not character or raw.FPDFText_IsGenerated(text_page, number) == 1:
                if slanted and slanted[-1]:
                    slanted.append("")
                continue
            angle = raw.FPDFText_GetCharAngle(text_page, number) % (math.pi / 2)
            if min(angle, math.pi / 2 - angle) > _SLANTED:
                slanted = slanted or [""]
                slanted[-1] += character
            elif raw.FPDFText_GetLooseCharBox(text_page, number, ctypes.byref(box)):
                upright.append(Glyph(character, box.left, box.right, box.bottom, box.top))
    finally:
        text_page.close()
    return upright, "\n".join(dict.fromkeys(filter(None, slanted)))


def _character(raw: Any, text_page: pdfium.PdfTextPage, number: int) -> str:
    code = raw.FPDFText_GetUnicode(text_page, number)
    character = chr(code) if 31 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    return "" if character in _UNSEEN else character


def field_values(page: pdfium.PdfPage) -> Iterator[Glyph]:
    """The values typed into the form fields of a page, each as one wide glyph in the box of its field."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                value = _string(raw, annotation, b"V")
                box = raw.FS_RECTF()
                if value.strip() and raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
                    yield Glyph(value.strip(), box.left, box.right, box.bottom, box.top)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _string(raw: Any, annotation: Any, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
