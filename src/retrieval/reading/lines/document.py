"""The nouns of reading: a document is plain lines, each with its kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from retrieval.types import Finding


class LineKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph that is not blank; `number` counts from 1, None where the format has no lines."""

    number: int | None
    text: str
    kind: LineKind = LineKind.PARAGRAPH
    level: int = 0
    """How deep a heading stands, 1 outermost; 0 where the format does not say."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as lines in the order of the text."""

    file: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()
    title: str = ""
    """As the format itself says it: front matter, `<title>`, the properties of a Word file."""
    about: str = ""
    """What the file says of itself and may name its place: front matter and the like."""


def unread(file: str, message: str) -> Document:
    """A document without lines, and the reason why."""
    return Document(file, (), (Finding(file, None, message),))
