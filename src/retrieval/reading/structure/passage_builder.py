"""Bulletins to passages. The citation is attached here and never looked up later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from retrieval.reading.formats import cited_name, find_files, read_documents, reason_not_to_follow
from retrieval.reading.lines import Document, unread
from retrieval.reading.structure.bulletin_parser import Bulletin, Outline, outline_document, paragraphs_of
from retrieval.reading.structure.place_assignment import PlacedParagraph
from retrieval.types import Finding, LeftOut, Passage, Reading


def read_collection(folder: Path) -> Reading:
    """The passages of every file below the folder, files in sorted order, and what was unsure in them."""
    return read_files(find_files(folder), folder)


def read_files(paths: Iterable[Path], folder: Path) -> Reading:
    """The passages of these files; names are relative to the folder where they lie below it."""
    passages: list[Passage] = []
    findings: list[Finding] = []
    left_out: list[LeftOut] = []
    seen: Counter[str] = Counter()
    for path in paths:
        for document in _documents(path, folder):
            outline = outline_document(document)
            passages.extend(_passages_of(document, outline, seen))
            findings.extend((*document.findings, *outline.findings))
            left_out.extend(outline.left_out)
    return Reading(tuple(passages), tuple(findings), tuple(left_out))


def _documents(path: Path, folder: Path) -> Iterable[Document]:
    name = cited_name(path, folder)
    reason = reason_not_to_follow(path, folder)
    return (unread(name, reason),) if reason else read_documents(path, name)


def _passages_of(document: Document, outline: Outline, seen: Counter[str]) -> Iterator[Passage]:
    for bulletin, paragraph in paragraphs_of(outline):
        yield Passage(
            passage_id=_passage_id(bulletin, paragraph, seen),
            file=document.file,
            line=paragraph.line.number,
            collection=outline.collection,
            bulletin=bulletin.label,
            bulletin_title=bulletin.title,
            place=paragraph.place,
            section_path=paragraph.section_path,
            lead=paragraph.lead,
            text=paragraph.line.text,
            date=bulletin.date,
            issue=bulletin.issue,
        )


def _passage_id(bulletin: Bulletin, paragraph: PlacedParagraph, seen: Counter[str]) -> str:
    """16 hex digits of a hash of path and text; a repetition of both gets an id of its own by its ordinal."""
    place_name = paragraph.place.name if paragraph.place else ""
    path = (bulletin.label, place_name, *(section.full for section in paragraph.section_path))
    key = "\x1f".join((*path, paragraph.line.text))
    seen[key] += 1
    ordinal = f"\x1f{seen[key]}" if seen[key] > 1 else ""
    return hashlib.sha256((key + ordinal).encode(errors="replace")).hexdigest()[:16]
