"""Lines to bulletins, items and sections: which paragraph stands under which headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from retrieval.documents import Document, Line
from retrieval.places import find_places, place_of
from retrieval.text import first_sentence
from retrieval.types import Finding, Place, Section

_BULLETIN_MARK = re.compile(r"^(?P<title>.{0,40}?)\s*(?P<label>篇[0-90-9一二三四五六七八九十百]+)$")
_HEADING_LINE = re.compile(r"^(?P<label>[一二三四五六七八九十百]+)、(?P<title>.{1,60}?)[。.]?$")
_OPENING_MARK = re.compile(r"^(?P<label>[一二三四五六七八九十]+)是(?P<title>[^。]{1,80})。")
_FURNITURE = re.compile(r"^(?:當前位置|当前位置|[•·]?\s*文章版[權权]|專題$|专题$|.*[>›]\s*$|上一篇|下一篇)")
_SENTENCE_MARK = re.compile(r"[。!?;!?]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph with the path it stands under; an empty path is the lead of its item."""

    line: Line
    section_path: tuple[Section, ...]


@dataclass(slots=True)
class Item:
    """A report about one place: its lead paragraph and the paragraphs of its sections."""

    place: Place | None
    paragraphs: list[Paragraph] = field(default_factory=list)

    @property
    def lead(self) -> str:
        first = self.paragraphs[0] if self.paragraphs else None
        return first_sentence(first.line.text) if first and not first.section_path else ""


@dataclass(slots=True)
class Bulletin:
    label: str
    title: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """The tree of one document."""

    collection: str
    bulletins: tuple[Bulletin, ...]
    findings: tuple[Finding, ...]


def outline_document(document: Document) -> Outline:
    """The bulletins of a document in order, every body paragraph in exactly one item of one of them."""
    body, collection = _without_furniture(document.lines)
    bulletins: list[Bulletin] = []
    findings: list[Finding] = []
    heading: Section | None = None
    for line in body:
        mark = _BULLETIN_MARK.match(line.text)
        heading_line = _HEADING_LINE.match(line.text)
        if mark:
            bulletins.append(Bulletin(mark["label"], line.text))
            heading = None
        elif not bulletins:
            findings.append(
                Finding(document.file, line.number, f"text before the first bulletin: {line.text[:30]}")
            )
            bulletins.append(Bulletin(collection or document.file, collection or document.file))
            _add_paragraph(bulletins[-1], line, None)
        elif heading_line and not _OPENING_MARK.match(line.text):
            heading = Section(heading_line["label"], heading_line["title"])
        else:
            _add_paragraph(bulletins[-1], line, heading)
    if document.lines and not bulletins:
        findings.append(
            Finding(document.file, document.lines[0].number, "no bulletin heading and no text found")
        )
    return Outline(collection, tuple(bulletins), tuple(findings))


def _without_furniture(lines: Iterable[Line]) -> tuple[list[Line], str]:
    """The lines that are text, and the repeated title that was taken out of them."""
    lines = list(lines)
    counts = Counter(line.text for line in lines)
    repeated = [line.text for line in lines if counts[line.text] > 1 and not _SENTENCE_MARK.search(line.text)]
    title = repeated[0] if repeated else ""
    return [line for line in lines if line.text not in repeated and not _FURNITURE.match(line.text)], title


def _add_paragraph(bulletin: Bulletin, line: Line, heading: Section | None) -> None:
    opening = _OPENING_MARK.match(line.text)
    section = Section(opening["label"], opening["title"]) if opening else heading
    place = None if section else _place_of_lead(line.text)
    starts_item = not bulletin.items or (section is None and place is not None)
    if starts_item:
        bulletin.items.append(Item(place))
    bulletin.items[-1].paragraphs.append(Paragraph(line, (section,) if section else ()))


def _place_of_lead(text: str) -> Place | None:
    """The first place of the first sentence that stands outside titles and quotation marks."""
    sentence = first_sentence(text)
    return next((place_of(mention, sentence) for mention in _outside_quotes(sentence)), None)


def _outside_quotes(sentence: str) -> Iterator:  # type: ignore[type-arg]
    for mention in find_places(sentence):
        before = sentence[: mention.start]
        if before.count("《") == before.count("》") and before.count("“") == before.count("”"):
            yield mention
