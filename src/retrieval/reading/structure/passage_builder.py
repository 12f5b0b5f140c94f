"""Bulletins to passages. The citation is attached here and never looked up later."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.progress import Progress, Stage, no_progress
from retrieval.reading import collections
from retrieval.reading.formats import (
    cited_name,
    find_files,
    preparation,
    read_documents,
    reason_not_to_follow,
)
from retrieval.reading.lines import Document, unread
from retrieval.reading.structure import taken_out
from retrieval.reading.structure.bulletin_parser import Bulletin, Outline, outline_document, paragraphs_of
from retrieval.reading.structure.place_assignment import PlacedParagraph
from retrieval.types import DEFAULT_COLLECTION, Finding, LeftOut, Passage, Reading


def read_collection(folder: Path, progress: Progress = no_progress) -> Reading:
    """The passages of every file below the folder, files in sorted order, and what was unsure in them."""
    return read_files(find_files(folder), folder, progress)


def read_files(paths: Sequence[Path], folder: Path, progress: Progress = no_progress) -> Reading:
    """The passages of these files; names are relative to the folder where they lie below it."""
    preparation.convert_files([path for path in paths if not reason_not_to_follow(path, folder)])
    with preparation.reporting_pages(progress):
        return _read(_one_by_one(paths, progress), folder)


def _one_by_one(paths: Sequence[Path], progress: Progress) -> Iterator[Path]:
    """Yield the paths and report progress before each."""
    for done, path in enumerate(paths):
        progress(Stage.READING, done, len(paths))
        yield path
    progress(Stage.READING, len(paths), len(paths))


def _read(paths: Iterable[Path], folder: Path) -> Reading:
    passages: list[Passage] = []
    findings: list[Finding] = []
    left_out: list[LeftOut] = []
    seen: Counter[str] = Counter()
    in_collections = collections.Collections.in_folder(folder)
    for path in paths:
        if in_collections.describes(path) or path == folder / taken_out.TAKEN_OUT_FILE:
            continue
        collection = _Membership.of(path, in_collections)
        for document in _documents(path, folder):
            outline = outline_document(document)
            passages.extend(_passages_of(document, outline, collection, seen))
            findings.extend((*document.findings, *outline.findings))
            left_out.extend(outline.left_out)
    kept, removed = taken_out.without(passages, taken_out.read_entries(folder))
    return Reading(tuple(kept), (*findings, *removed), tuple(left_out))


def _documents(path: Path, folder: Path) -> Iterable[Document]:
    name = cited_name(path, folder)
    reason = reason_not_to_follow(path, folder)
    return (unread(name, reason),) if reason else read_documents(path, name)


@dataclass(frozen=True, slots=True)
class _Membership:
    """The collection of a file, for its passages."""

    name: str | None
    path: tuple[str, ...]
    """Put before the path of each passage in the hash of its id; empty for the default collection."""

    @classmethod
    def of(cls, path: Path, known: collections.Collections) -> _Membership:
        collection = known.of(path)
        if collection is None:
            return cls(DEFAULT_COLLECTION if known.all else None, ())
        return cls(collection.name, ("collection", cited_name(collection.folder, known.root)))


def _passages_of(
    document: Document, outline: Outline, collection: _Membership, seen: Counter[str]
) -> Iterator[Passage]:
    for bulletin, paragraph in paragraphs_of(outline):
        yield Passage(
            passage_id=_passage_id(bulletin, paragraph, collection, seen),
            file=document.file,
            line=paragraph.line.number,
            collection=collection.name,
            bulletin=bulletin.label,
            bulletin_title=bulletin.title,
            place=paragraph.place,
            section_path=paragraph.section_path,
            lead=paragraph.lead,
            text=paragraph.line.text,
            date=bulletin.date,
            issue=bulletin.issue,
            recognized=paragraph.line.recognized,
        )


def _passage_id(
    bulletin: Bulletin, paragraph: PlacedParagraph, collection: _Membership, seen: Counter[str]
) -> str:
    """16 hex digits of a hash of path and text; a repetition of both gets an id of its own by its ordinal."""
    place_name = paragraph.place.name if paragraph.place else ""
    path = (
        *collection.path,
        bulletin.label,
        place_name,
        *(section.full for section in paragraph.section_path),
    )
    key = "\x1f".join((*path, paragraph.line.text))
    seen[key] += 1
    ordinal = f"\x1f{seen[key]}" if seen[key] > 1 else ""
    return hashlib.sha256((key + ordinal).encode(errors="replace")).hexdigest()[:16]
