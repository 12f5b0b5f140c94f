"""Documents and their lines, as every format reader returns them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.types import Finding, LeftOut, Recognition


class LineKind(StrEnum):
    """The kind that the format gives a line; plain text has paragraphs only."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    NOTE = "note"
    """A foot- or endnote, behind the line that refers to it: text beside the text, which gives it no structure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph that is not blank; `number` counts from 1, None where the format has no lines."""

    number: int | None
    text: str
    kind: LineKind = LineKind.PARAGRAPH
    level: int = 0
    """The level of a heading, 1 outermost; 0 if the format does not say."""
    recognized: Recognition | None = None
    """Set where the line was read from a picture."""
    notes: tuple[Line, ...] = ()
    """The notes that belong behind the line, once they are set apart from the text."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as lines in the order of the text."""

    file: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    title: str = ""
    """The title that the format gives: front matter, `<title>`, the properties of a Word file."""
    about: str = ""
    """Other metadata of the file that may name its place or date: front matter, the date of a web page."""
    left_out: tuple[LeftOut, ...] = ()
    """The text that the reader of the format left out: page heads, hidden text, menus."""


def unread(file: str, message: str) -> Document:
    """A document without lines, with one finding that says why."""
    return Document(file, (), (Finding(file, None, message),))
