"""Parses a document into bulletins: their labels and titles, and their paragraphs with sections and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from retrieval.reading.lines import (
    Document,
    Line,
    boilerplate,
    bulletin_headings,
    section_marks,
)
from retrieval.reading.structure import notes
from retrieval.reading.structure.bulletin_splitter import BulletinPart, is_prose, split_bulletins
from retrieval.reading.structure.document_title import LONGEST_TITLE, is_title, title_of, with_whole_title
from retrieval.reading.structure.headings import date_rank
from retrieval.reading.structure.ledger import Ledger
from retrieval.reading.structure.place_assignment import (
    NamedPlace,
    PlacedParagraph,
    PlacesAround,
    first_named,
    place_paragraphs,
)
from retrieval.reading.structure.section_parser import read_sections
from retrieval.types import Finding, LeftOut, LeftOutReason, Section

_HEAD_LINES = 12
_FOOT_LINES = 8


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One bulletin: its label (篇1, 第12期) as cited, its heading, and its paragraphs in order."""

    label: str
    title: str
    paragraphs: tuple[PlacedParagraph, ...]
    date: str | None = None
    """ISO as far as the source goes, masked where the source is."""
    issue: str | None = None
    """第12期, or the number of an official paper: 常文明〔2023〕12号."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The bulletins of one document, what was doubtful in it, and what of it is in no passage."""

    title: str
    bulletins: tuple[Bulletin, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()


def outline_document(document: Document) -> Outline:
    """The bulletins of a document in order, every body paragraph in exactly one of them."""
    document = replace(document, lines=notes.set_apart(document.lines))
    ledger = Ledger(document)
    around = boilerplate.left_out(document.lines)
    for index, reason in around.items():
        ledger.leave_out([document.lines[index]], reason)
    text_lines = with_whole_title([line for index, line in enumerate(document.lines) if index not in around])
    title = title_of(document, text_lines)
    body = [line for line in text_lines if not is_title(line, title)]
    ledger.leave_out([line for line in text_lines if is_title(line, title)][1:], LeftOutReason.REPEATED_TITLE)
    parts = split_bulletins(body)
    ledger.compare(body, [line for part in parts for line in part.all_lines], LeftOutReason.CONTENTS)
    findings: list[Finding] = []
    bulletins: list[Bulletin] = []
    about = first_named((title, document.title, document.about, _chinese_name(document.file)))
    positions = {id(line): index for index, line in enumerate(document.lines)}
    context = _Context(document, title, about, ledger, any(part.mark for part in parts), positions)
    for part in parts:
        part_bulletins, part_findings = _bulletins(part, context)
        bulletins.extend(part_bulletins)
        findings.extend(part_findings)
    if not bulletins and (document.lines or not document.findings):
        first = document.lines[0].number if document.lines else None
        findings.append(Finding(document.file, first, "no body text found"))
    left_out = ledger.entries(_texts(bulletins), [title, document.title, *_headings(bulletins)])
    return Outline(title, tuple(bulletins), tuple(findings), left_out)


def _texts(bulletins: Iterable[Bulletin]) -> Iterator[str]:
    for bulletin in bulletins:
        yield from (paragraph.line.text for paragraph in bulletin.paragraphs)


def _headings(bulletins: Iterable[Bulletin]) -> Iterator[str]:
    for bulletin in bulletins:
        yield from (bulletin.label, bulletin.title)
        for paragraph in bulletin.paragraphs:
            for section in paragraph.section_path:
                yield from (section.full, section.title)


def _chinese_name(file: str) -> str:
    """The name of the file if it is Chinese, else an empty text: in Latin letters it is as often a word as a place."""
    stem = PurePosixPath(file).stem
    return stem if re.search("[一-鿿]", stem) else ""


@dataclass(frozen=True, slots=True)
class _Context:
    """The data that the bulletins of one document share."""

    document: Document
    title: str
    about: NamedPlace | None
    ledger: Ledger
    has_marks: bool
    """Whether a bulletin mark begins one of them."""
    positions: dict[int, int]
    """The position of each line in the document, by its identity."""


def _bulletins(part: BulletinPart, context: _Context) -> tuple[list[Bulletin], list[Finding]]:
    """The bulletin of a part, or none if the part has no paragraphs, and what was doubtful in it."""
    document = context.document
    name = context.title or PurePosixPath(document.file).stem
    head = _head(part, context)
    heading = part.mark.title if part.mark else name
    lines = _without_head(part.lines)
    context.ledger.compare(part.lines, lines, LeftOutReason.HEAD)
    items, section_findings = read_sections(lines)
    if not items:
        context.ledger.leave_out([part.heading] if part.heading else [], LeftOutReason.CONTENTS)
        return [], []
    below = _below(part, context)
    issuers = [*map(bulletin_headings.issuer_of, head), *filter(_names_issuer, (*head, *below))]
    sources = [boilerplate.forms.source_office(boilerplate.forms.plain(line)) for line in (*head, *below)]
    around = PlacesAround(first_named((heading, *issuers)), context.about, first_named(sources))
    paragraphs, place_findings = place_paragraphs(items, around)
    findings = [
        Finding(document.file, line, message) for line, message in (*section_findings, *place_findings)
    ]
    if part.mark is None and context.has_marks:
        first = paragraphs[0].line
        findings.append(Finding(document.file, first.number, f"text under no bulletin: {first.text[:30]}"))
    if part.mark is None and (own := _own_title(paragraphs, document.title)):
        heading = own.title
        paragraphs = [replace(paragraph, section_path=paragraph.section_path[1:]) for paragraph in paragraphs]
    label = part.mark.label if part.mark else _label(heading, head, document.about)
    sources = [*head, *below, document.about, heading, context.title]
    date = bulletin_headings.read_date(sources, PurePosixPath(document.file).stem)
    issue = bulletin_headings.read_issue([heading, *sources])
    return [Bulletin(label, heading, tuple(notes.put_back(paragraphs)), date, issue)], findings


def _own_title(paragraphs: Sequence[PlacedParagraph], given: str) -> Section | None:
    """The heading over all paragraphs of a page whose given title is another, as that of its column; None without one.

    A given title with the number of an issue is the bulletin's own.
    """
    outermost = [next(iter(paragraph.section_path), None) for paragraph in paragraphs]
    first = outermost[0]
    if first is None or first.label or any(section is not first for section in outermost):
        return None
    is_issue = bulletin_headings.issue_of(given) or bulletin_headings.total_issue_of(given)
    return first if given and not is_issue else None


def _names_issuer(text: str) -> bool:
    """Whether a line is the name of the office that issued a paper, or of its series: …委员会文件."""
    plain = boilerplate.forms.plain(text)
    return boilerplate.forms.is_office(plain) or (
        boilerplate.forms.is_red_head(plain) and plain.endswith("文件")
    )


def _below(part: BulletinPart, context: _Context) -> list[str]:
    """The lines of the head and the signature of a bulletin wherever they stand: 落款, 印发日期."""
    lines, positions = context.document.lines, context.positions
    start = positions.get(id(part.heading), -1) + 1
    # Where the next bulletin begins is not known here: the text of this one ends it.
    ends = [positions[id(line)] for line in part.lines if id(line) in positions]
    end = (max(ends) if ends else start) + _FOOT_LINES
    return [line.text for line in lines[start:end] if context.ledger.is_head(line)]


def _head(part: BulletinPart, context: _Context) -> list[str]:
    """The lines above the prose of a bulletin, notices included: its number, its date, its issuer."""
    start = context.positions.get(id(part.heading), -1) + 1
    head: list[str] = []
    for line in context.document.lines[start : start + _HEAD_LINES]:
        if is_prose(line) and not bulletin_headings.date_of(line.text):
            break
        is_day = any(line is below and date_rank(line.text) for below in part.lines[:_HEAD_LINES])
        if not is_day and not boilerplate.forms.is_event_field(boilerplate.forms.plain(line.text)):
            head.append(line.text)
    return head


def _without_head(lines: Sequence[Line]) -> list[Line]:
    """The lines without those above the prose that only say number and issuer."""
    head = next((index for index, line in enumerate(lines) if is_prose(line)), len(lines))
    return [
        line
        for index, line in enumerate(lines)
        if index >= min(head, _HEAD_LINES)
        or section_marks.opening_mark(line.text)
        or not _says_issue(line.text)
    ]


def _says_issue(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and bool(
        bulletin_headings.issue_of(text)
        or bulletin_headings.total_issue_of(text)
        or bulletin_headings.issuer_of(text)
    )


def _label(name: str, head: Sequence[str], about: str) -> str:
    """The name with the first issue number and date in the head of the file: 工作簡報 第12期 2023年5月6日."""
    texts = [about, *(text for text in head if len(text) < 160)]
    numbers = (
        of(text) for of in (bulletin_headings.issue_of, bulletin_headings.total_issue_of) for text in texts
    )
    issue = next(filter(None, numbers), "")
    date = next(filter(None, map(bulletin_headings.date_of, texts)), "")
    return " ".join([name, *(extra for extra in (issue, date) if extra and extra not in name)])


def paragraphs_of(outline: Outline) -> Iterator[tuple[Bulletin, PlacedParagraph]]:
    """Every paragraph with its bulletin, in the order of the text."""
    for bulletin in outline.bulletins:
        for paragraph in bulletin.paragraphs:
            yield bulletin, paragraph
