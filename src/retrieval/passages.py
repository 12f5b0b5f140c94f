"""Bulletins to passages. The citation is attached here and never looked up later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from retrieval.bulletins import Bulletin, Outline, outline_document
from retrieval.documents import Document, find_files, read_document
from retrieval.types import Finding, Passage, Reading


def read_collection(folder: Path) -> Reading:
    """The passages of every file below the folder, files in sorted order, and what was unsure in them."""
    return read_files(find_files(folder), folder)


def read_files(paths: Iterable[Path], folder: Path) -> Reading:
    """The passages of these files; names are relative to the folder where they lie below it."""
    passages: list[Passage] = []
    findings: list[Finding] = []
    seen: Counter[str] = Counter()
    for path in paths:
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        document = read_document(path, name)
        outline = outline_document(document)
        passages.extend(_passages_of(document, outline, seen))
        findings.extend((*document.findings, *outline.findings))
    return Reading(tuple(passages), tuple(findings))


def _passages_of(document: Document, outline: Outline, seen: Counter[str]) -> Iterator[Passage]:
    for bulletin in outline.bulletins:
        yield from _passages_of_bulletin(document.file, outline.collection, bulletin, seen)


def _passages_of_bulletin(
    file: str, collection: str, bulletin: Bulletin, seen: Counter[str]
) -> Iterator[Passage]:
    for item in bulletin.items:
        for paragraph in item.paragraphs:
            place_name = item.place.name if item.place else ""
            path = [bulletin.label, place_name, *(section.full for section in paragraph.section_path)]
            yield Passage(
                passage_id=_passage_id(path, paragraph.line.text, seen),
                file=file,
                line=paragraph.line.number,
                collection=collection,
                bulletin=bulletin.label,
                bulletin_title=bulletin.title,
                place=item.place,
                section_path=paragraph.section_path,
                lead=item.lead,
                text=paragraph.line.text,
            )


def _passage_id(path: list[str], text: str, seen: Counter[str]) -> str:
    """16 hex digits of a hash of path and text; a repetition of both gets an id of its own by its ordinal."""
    key = "\x1f".join((*path, text))
    seen[key] += 1
    ordinal = f"\x1f{seen[key]}" if seen[key] > 1 else ""
    return hashlib.sha256((key + ordinal).encode()).hexdigest()[:16]
