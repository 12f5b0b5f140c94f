"""Extracts the glyphs of a PDF page with their boxes.

PDFium's own text (`get_text_range`) follows the content stream and guesses blanks: in files exported by LibreOffice
quotation marks leave their words and blanks appear around figures. The boxes say what the page shows.
"""

from __future__ import annotations

import ctypes
import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pypdfium2 as pdfium

# Characters of the text layer that show nothing: a byte order mark, zero-width joints.
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060"
# PDFium writes U+FFFE (for one character U+0002) for a hyphen that ends a line; a soft hyphen that is drawn is seen too.
_SEEN = str.maketrans({"\ufffe": "-", "\x02": "-", "\xad": "-", **dict.fromkeys(_UNSEEN, "\x00")})
_LAST_CONTROL = 0x1F
UNKNOWN = "\ufffd"
"""Stands for a glyph whose character the file does not say (a font without a table of its characters)."""
# A base line further from a right angle than this (radians) is slanted, as that of a watermark is.
_SLANTED = 0.1
# A watermark without a slant: print so many times as high as most of the page, of so many glyphs at least, that covers
# so many of the text. Titles cover none.
_ACROSS, _FEWEST_ACROSS, _FEWEST_COVERED = 1.5, 2, 3

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Printed characters in the order of drawing, with their boxes."""

    texts: npt.NDArray[np.object_]
    """One character each; the value of a form field is one wide glyph."""
    boxes: Numbers
    """(glyphs, 4): left, bottom, right, top in points, from the left and from the bottom of the page."""

    @classmethod
    def of(cls, texts: list[str], boxes: Any) -> Glyphs:
        """Glyphs of these texts; `boxes` holds four numbers for each."""
        objects = np.empty(len(texts), dtype=object)
        objects[:] = texts
        return cls(objects, np.asarray(boxes, dtype=np.float64).reshape(-1, 4))

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, which: Any) -> Glyphs:
        return Glyphs(self.texts[which], self.boxes[which])

    def __add__(self, other: Glyphs) -> Glyphs:
        return Glyphs(np.concatenate([self.texts, other.texts]), np.concatenate([self.boxes, other.boxes]))

    @property
    def left(self) -> Numbers:
        return self.boxes[:, 0]

    @property
    def right(self) -> Numbers:
        return self.boxes[:, 2]

    @property
    def height(self) -> Numbers:
        return np.maximum(self.boxes[:, 3] - self.boxes[:, 1], 0.1)

    @property
    def middle(self) -> Numbers:
        """Half-way up: the same for the large and the small glyphs of a line."""
        return (self.boxes[:, 1] + self.boxes[:, 3]) / 2

    @property
    def is_blank(self) -> Mask:
        return np.fromiter(map(str.isspace, self.texts), dtype=bool, count=len(self))

    def turned(self, quarters: int, size: tuple[float, float]) -> Glyphs:
        """The glyphs on the page of that size turned clockwise by so many right angles."""
        left, bottom, right, top = self.boxes.T
        width, height = size
        boxes = [
            (left, bottom, right, top),
            (bottom, width - right, top, width - left),
            (width - right, height - top, width - left, height - bottom),
            (height - top, left, height - bottom, right),
        ][quarters % 4]
        return Glyphs(self.texts, np.stack(boxes, axis=1))


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """The glyphs of a page by the direction of their base line."""

    directions: tuple[Glyphs, ...]
    """Base lines to the right, up, to the left, down. Blanks are glyphs where the file draws them."""
    slanted: tuple[tuple[str, float], ...]
    """Texts with a slanted base line or printed across smaller text, as watermarks are, and the size of their print."""

    def with_typed(self, typed: Glyphs) -> PageGlyphs:
        """These and what is typed onto the page, in the direction that most of it is printed in."""
        main = max(range(len(self.directions)), key=lambda quarter: len(self.directions[quarter]))
        directions = (
            glyphs + typed if quarter == main else glyphs for quarter, glyphs in enumerate(self.directions)
        )
        return PageGlyphs(tuple(directions), self.slanted)


def page_glyphs(page: pdfium.PdfPage) -> PageGlyphs:
    """The glyphs of a page, without the blanks and line ends that PDFium makes up."""
    text_page = page.get_textpage()
    try:
        texts, boxes, numbers = _drawn(text_page)
        angles = _Angles(text_page.raw).of(numbers, boxes)
    finally:
        text_page.close()
    left, bottom, *_ = page.get_bbox()
    glyphs = Glyphs.of(texts, boxes - (left, bottom, left, bottom))
    quarters = np.round(angles / (math.pi / 2))
    slanted = np.abs(angles - quarters * (math.pi / 2)) > _SLANTED
    slanted |= _is_across_text(glyphs, numbers)
    directions = tuple(glyphs[~slanted & (quarters % 4 == quarter)] for quarter in range(4))
    return PageGlyphs(directions, _slanted_texts(glyphs, slanted, numbers))


def _drawn(text_page: pdfium.PdfTextPage) -> tuple[list[str], Numbers, Indices]:
    """The characters that the file draws, their boxes, and their numbers in the text page."""
    from pypdfium2 import raw

    count, handle = text_page.count_chars(), text_page.raw
    texts = list(_characters(text_page, count))
    codes = np.fromiter(map(ord, texts), dtype=np.uint32, count=count)
    drawn = codes > _LAST_CONTROL
    for number in np.flatnonzero(codes == ord(" ")).tolist():
        drawn[number] = raw.FPDFText_IsGenerated(handle, number) != 1
    has_no_code = raw.FPDFText_HasUnicodeMapError
    unknown = np.fromiter((has_no_code(handle, number) for number in range(count)), dtype=np.int32) == 1
    for number in np.flatnonzero(unknown).tolist():
        texts[number] = UNKNOWN
    numbers = np.flatnonzero(drawn | unknown)
    return [texts[number] for number in numbers.tolist()], _boxes(handle, count)[numbers], numbers


def _characters(text_page: pdfium.PdfTextPage, count: int) -> str:
    """The character of each number; a control character where none is seen."""
    from pypdfium2 import raw

    text = str(text_page.get_text_range(errors="replace"))
    if len(text) != count:  # PDFium leaves control characters out of the text
        codes = [raw.FPDFText_GetUnicode(text_page.raw, number) for number in range(count)]
        text = "".join(
            chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\x00" for code in codes
        )
    return text.translate(_SEEN)


def _boxes(handle: Any, count: int) -> Numbers:
    """The boxes as wide as the advance and as high as the font, so that those of one line are equally high."""
    from pypdfium2 import raw

    if not count:
        return np.empty((0, 4))
    rectangles = (raw.FS_RECTF * count)()
    first, step, box_of = rectangles[0], ctypes.sizeof(raw.FS_RECTF), raw.FPDFText_GetLooseCharBox
    for number in range(count):
        box_of(handle, number, ctypes.byref(first, number * step))
    left_top_right_bottom = np.frombuffer(rectangles, dtype=np.float32).reshape(-1, 4)
    return left_top_right_bottom[:, [0, 3, 2, 1]].astype(np.float64)


class _Angles:
    """The angles of base lines, from the matrix of each glyph; `FPDFText_GetCharAngle` takes sheared letters for turned."""

    def __init__(self, handle: Any) -> None:
        from pypdfium2 import raw

        self._handle = handle
        self._get = raw.FPDFText_GetMatrix
        self._matrix = raw.FS_MATRIX()

    def of(self, numbers: Indices, boxes: Numbers) -> Numbers:
        """The angles in radians; asked for only where the line changes, as glyphs of one upright line lie at one height."""
        changes = np.ones(len(numbers), dtype=bool)
        changes[1:] = (boxes[1:, [1, 3]] != boxes[:-1, [1, 3]]).any(axis=1)
        angles = np.fromiter((self._angle(number) for number in numbers[changes].tolist()), dtype=np.float64)
        repeated: Numbers = angles[np.cumsum(changes) - 1]
        return repeated

    def _angle(self, number: int) -> float:
        self._get(self._handle, number, ctypes.byref(self._matrix))
        return math.atan2(self._matrix.b, self._matrix.a)


def _is_across_text(glyphs: Glyphs, numbers: Indices) -> Mask:
    """True for glyphs in large print, drawn one after the other in one line, that cover smaller ones."""
    across = np.zeros(len(glyphs), dtype=bool)
    visible = ~glyphs.is_blank
    if not visible.any():
        return across
    large = glyphs.height >= _ACROSS * np.median(glyphs.height[visible])
    indices = np.flatnonzero(large)
    small = glyphs[visible & ~large]
    if len(indices) < _FEWEST_ACROSS or not len(small):
        return across
    is_apart = (np.diff(numbers[indices]) != 1) | (np.abs(np.diff(glyphs.middle[indices])) > 1)
    for run in np.split(indices, np.flatnonzero(is_apart) + 1):
        if (
            len(run) >= _FEWEST_ACROSS
            and sum(map(functools.partial(_covered, small), glyphs.boxes[run])) >= _FEWEST_COVERED
        ):
            across[run] = True
    return across


def _covered(small: Glyphs, box: Numbers) -> int:
    """The number of glyphs that have their middle inside a box."""
    left, bottom, right, top = box
    inside = (left < small.right) & (small.left < right) & (bottom < small.middle) & (small.middle < top)
    return int(inside.sum())


def _slanted_texts(glyphs: Glyphs, slanted: Mask, numbers: Indices) -> tuple[tuple[str, float], ...]:
    """Those glyphs that were drawn one after the other, as texts, each with the size of its print."""
    if not slanted.any():
        return ()
    indices = np.flatnonzero(slanted)
    breaks = np.flatnonzero(np.diff(numbers[indices]) != 1) + 1
    texts = [
        ("".join(glyphs.texts[part]).strip(), float(np.median(glyphs.height[part])))
        for part in np.split(indices, breaks)
    ]
    return tuple((text, size) for text, size in texts if text)
