"""Extracts the lines that a PDF page draws: rules, and the sides of boxes."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.reading.formats.pdf.glyphs import Glyphs

if TYPE_CHECKING:
    import pypdfium2 as pdfium

Segment = tuple[tuple[float, float], tuple[float, float]]
_Point = tuple[float, float]
# A page that draws more is a map or a diagram.
_MOST_SEGMENTS = 8_000
THICKEST_RULE = 2.5
"""In points: a filled shape is a line if it is thinner; else it is a ground."""


def page_rules(page: pdfium.PdfPage) -> Glyphs:
    """The upright lines as boxes without text, in points from the corner of the page."""
    left, bottom, *_ = page.get_bbox()
    return upright_rules(_segments(page), (left, bottom))


def upright_rules(segments: Iterable[Segment], corner: _Point) -> Glyphs:
    """Those of the straight pieces that are upright or level, from the lower left corner of the page; none of a drawing."""
    drawn = list(itertools.islice(segments, _MOST_SEGMENTS + 1))
    if not drawn or len(drawn) > _MOST_SEGMENTS:
        return Glyphs.of([], [])
    ends = np.asarray(drawn, dtype=np.float64).reshape(-1, 2, 2) - corner
    boxes = np.concatenate([ends.min(axis=1), ends.max(axis=1)], axis=1)
    upright = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) < 1.0
    return Glyphs.of([""] * int(upright.sum()), boxes[upright])


def _segments(page: pdfium.PdfPage) -> Iterator[Segment]:
    """The straight pieces of all paths of the page that are seen as lines."""
    from pypdfium2 import raw

    for number in range(raw.FPDFPage_CountObjects(page.raw)):
        drawing = raw.FPDFPage_GetObject(page.raw, number)
        if raw.FPDFPageObj_GetType(drawing) == raw.FPDF_PAGEOBJ_PATH and _is_line(drawing):
            yield from _pieces(drawing)


def _is_line(drawing: Any) -> bool:
    """Whether a path is stroked, or so thin that its filling is a line."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawing, fill, stroke)
    if stroke.value:
        return True
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(drawing, left, bottom, right, top)
    return min(right.value - left.value, top.value - bottom.value) <= THICKEST_RULE


def _pieces(drawing: Any) -> Iterator[Segment]:
    from pypdfium2 import raw

    matrix, x, y = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    raw.FPDFPageObj_GetMatrix(drawing, ctypes.byref(matrix))
    start = last = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(drawing)):
        segment = raw.FPDFPath_GetPathSegment(drawing, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, point
        if raw.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point
