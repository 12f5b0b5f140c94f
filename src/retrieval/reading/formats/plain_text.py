"""Reads plain text in any of the supported encodings."""

from __future__ import annotations

from retrieval.reading.lines import Document, Line, encodings, unread


def read_text(content: bytes, name: str) -> Document:
    """The lines of a text file, one a paragraph."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    lines = (Line(number, line.strip()) for number, line in enumerate(_lines_of(decoded.text), start=1))
    return Document(
        name, tuple(line for line in lines if line.text), encodings.decoding_findings(name, decoded.encoding)
    )


def _lines_of(text: str) -> list[str]:
    return (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\x0c", "\n")
        .split("\n")
    )
