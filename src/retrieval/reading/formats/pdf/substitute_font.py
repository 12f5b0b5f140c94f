"""A font that PDFium takes for every font that a file names and does not embed.

PDFium drops a text object whose box is empty: a single character in a Chinese font that is neither embedded nor
installed, as 。 alone in the last line of a paragraph, or 男 in the head of a table. It also takes equal lines for one
line printed twice where their boxes have no height. In this font every code point has a glyph with a box, so that
nothing is dropped, and a file is read alike whether or not the machine has Chinese fonts. Widths come from the file.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from typing import Any

_UNITS, _ASCENT, _DESCENT = 1000, 880, -120
# Side of the square that every glyph is: narrower than any character, as PDFium's boxes hold the advance and the glyph.
_SIDE = 100
# The fonts that every PDF reader has, and the names that PDFium takes for them: it knows their glyphs and widths itself.
_STANDARD = (
    b"Helvetica", b"Arial", b"Times", b"Courier", b"Symbol", b"ZapfDingbats",
)  # fmt: skip
_FONT = 1


@functools.cache
def install() -> list[Any]:
    """Makes PDFium use the font, once a process; returns what has to live as long as PDFium does."""
    from pypdfium2 import raw

    font = font_file()
    information = raw.FPDF_SYSFONTINFO()
    information.version = 1
    types = dict(information._fields_)
    callbacks = {
        "Release": lambda _info: None,
        "EnumFonts": lambda _info, _mapper: None,
        "MapFont": lambda _info, _weight, _italic, _charset, _pitch, face, _exact: _mapped(face),
        "GetFont": lambda _info, face: _mapped(face),
        "GetFontData": lambda _info, _font, table, buffer, size: _copied(font, table, buffer, size),
        "GetFaceName": lambda _info, _font, _buffer, _size: 0,
        "GetFontCharset": lambda _info, _font: raw.FXFONT_ANSI_CHARSET,
        "DeleteFont": lambda _info, _font: None,
    }
    for name, callback in callbacks.items():
        setattr(information, name, types[name](callback))
    raw.FPDF_SetSystemFontInfo(ctypes.byref(information))
    return [information, font]


def _mapped(face: Any) -> int | None:
    name = ctypes.string_at(face) if face else b""
    return None if name.startswith(_STANDARD) else _FONT


def _copied(font: bytes, table: int, buffer: Any, size: int) -> int:
    """The length of the whole font (table 0), copied where the buffer has room; 0 for a table or a collection."""
    if table:
        return 0
    if buffer and size >= len(font):
        ctypes.memmove(buffer, font, len(font))
    return len(font)


def font_file() -> bytes:
    """A TrueType font in 412 bytes: glyph 1, a small square, for every code point (`cmap` format 13).

    The tables: https://learn.microsoft.com/en-us/typography/opentype/spec/otff
    """
    square = _square()
    box = (0, 0, _SIDE, _SIDE)
    tables = {
        b"cmap": struct.pack(">HHHHL", 0, 1, 3, 10, 12)
        + struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, 0, 0x10FFFF, 1),
        b"glyf": square,
        b"head": struct.pack(
            ">LLLLHHqqhhhhHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 3, _UNITS, 0, 0, *box, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(">LhhhHhhhhhhhhhhhH", 0x10000, _ASCENT, _DESCENT, 0, _UNITS, 0, 0, _UNITS, *([0] * 8), 1),
        b"hmtx": struct.pack(">Hhh", _UNITS, 0, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(square) // 2),
        b"maxp": struct.pack(">L14H", 0x10000, 2, 4, 1, 0, 0, 2, *([0] * 8)),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">LLhhLLLLL", 0x30000, *([0] * 8)),
    }  # fmt: skip
    return _with_directory(tables)


def _square() -> bytes:
    """A simple glyph of one contour with four points, each on the curve, as differences of two bytes."""
    glyph = struct.pack(">hhhhhHH", 1, 0, 0, _SIDE, _SIDE, 3, 0) + b"\x01" * 4
    glyph += struct.pack(">8h", 0, _SIDE, 0, -_SIDE, 0, 0, _SIDE, 0)
    return glyph + b"\x00" * (-len(glyph) % 4)


def _with_directory(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory, each at a multiple of four bytes; check sums are 0, as nobody checks them."""
    directory, body = struct.pack(">LHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128), b""
    start = len(directory) + 16 * len(tables)
    for name, table in sorted(tables.items()):
        directory += struct.pack(">4sLLL", name, 0, start + len(body), len(table))
        body += table + b"\x00" * (-len(table) % 4)
    return directory + body
