"""Extracts what is typed onto a PDF page: the values of form fields, and free text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from retrieval.reading.formats.pdf.glyphs import Glyphs

if TYPE_CHECKING:
    import pypdfium2 as pdfium

# Annotation flags (PDF 32000-1, table 165): hidden, not shown on a screen.
_HIDDEN = 0x02 | 0x20


def typed_texts(page: pdfium.PdfPage, height: float) -> Glyphs:
    """Each line of a field's value or of a free text as one wide glyph of that height in the box of the annotation."""
    from pypdfium2 import raw

    texts: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    left, bottom, *_ = page.get_bbox()
    for annotation in _annotations(page):
        box = raw.FS_RECTF()
        lines = [line.strip() for line in _value(annotation).splitlines() if line.strip()]
        if lines and raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
            room = box.top - box.bottom
            # One line is printed half-way up, several from the top.
            top = box.top - bottom - (max(room - height, 0) / 2 if len(lines) == 1 else 0)
            for number, line in enumerate(lines):
                texts.append(line)
                upper = top - 1.2 * height * number
                boxes.append((box.left - left, upper - height, box.right - left, upper))
    return Glyphs.of(texts, boxes)


def _annotations(page: pdfium.PdfPage) -> Iterator[Any]:
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        try:
            if annotation and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                yield annotation
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _value(annotation: Any) -> str:
    """The text that an annotation shows: not of a button, whose value is the name of a state."""
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind == raw.FPDF_ANNOT_FREETEXT:
        return _string(annotation, b"Contents")
    return (
        _string(annotation, b"V")
        if kind == raw.FPDF_ANNOT_WIDGET and _string(annotation, b"FT") != "Btn"
        else ""
    )


def _string(annotation: Any, key: bytes) -> str:
    from pypdfium2 import raw

    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
