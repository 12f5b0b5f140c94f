"""Reads plain text in any of the supported encodings."""

from __future__ import annotations

from retrieval.reading.lines import Document, Line, encodings, line_joining, unread


def read_text(content: bytes, name: str) -> Document:
    """The lines of a text file, one a paragraph; those that were broken at a number of columns are joined."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    text, left_out = encodings.without_controls(decoded.text, name)
    lines = (Line(index + 1, line) for line, index in line_joining.join_broken_lines(_lines_of(text)))
    findings = encodings.decoding_findings(name, decoded.encoding)
    return Document(name, tuple(line for line in lines if line.text), findings, left_out=left_out)


def _lines_of(text: str) -> list[str]:
    return (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
        .replace("\x85", "\n")
        .replace("\x0b", "\n")
        .replace("\x0c", "\n")
        .split("\n")
    )
