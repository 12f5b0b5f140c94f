"""Reads files of any supported format; a file that cannot be read gives a document with a finding that says why."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from retrieval.errors import BulletinBotError
from retrieval.reading import collections, sandbox
from retrieval.reading.formats.archives import Budget, Member, unpacked
from retrieval.reading.formats.child_process import Reader, read_within_limits
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.formats.signatures import SUFFIXES, Format, Unread, format_of
from retrieval.reading.lines import Document, Line, LineKind, encodings, unread
from retrieval.types import Finding

__all__ = [
    "SUFFIXES",
    "Document",
    "Line",
    "LineKind",
    "cited_name",
    "find_files",
    "read_content",
    "read_document",
    "read_documents",
    "reason_not_to_follow",
    "source_files",
]

logger = logging.getLogger(__name__)

# Bytes of one file. A year of bulletins as text is under 5 MB; larger files are scans without text.
LARGEST_FILE = 64 * 1024 * 1024
MOST_LINES = 500_000
"""Of one file, or of all files of an archive or an e-mail: a year of bulletins has some 20,000."""
# Archives and e-mails inside one another that are opened.
_DEEPEST = 2
# Formats whose libraries may not end and whose readers start no process of their own.
_READ_WITHIN_LIMITS = frozenset({Format.MARKDOWN, Format.WEB_PAGE, Format.WEB_ARCHIVE, Format.WORD})


def find_files(folder: Path) -> list[Path]:
    """Every file below the folder, and every link to a folder, sorted; the default collection first, each other together.

    Raises BulletinBotError if the folder is not there, and for a `collection.toml` that cannot be used.
    """
    if not folder.is_dir():
        raise BulletinBotError(
            f"No folder of bulletins at {folder}: create it and put text files in, or set BULLETINS_DIR."
        )
    in_collections = collections.Collections.in_folder(folder)
    paths = (path for path in folder.rglob("*") if path.is_file() or _is_link_to_folder(path))

    def by_collection(path: Path) -> tuple[Path, Path]:
        collection = in_collections.of(path)
        return (collection.folder if collection else Path()), path

    return sorted((path for path in paths if not _is_hidden(path.relative_to(folder))), key=by_collection)


def source_files(folder: Path) -> dict[str, Path]:
    """The files of the bulletins by the names under which they are cited; raises BulletinBotError without the folder."""
    files: dict[str, Path] = {}
    for path in find_files(folder):
        if reason_not_to_follow(path, folder):
            continue
        # Names in two encodings may read the same: the second is told apart, or its changes would not be noticed.
        name = cited_name(path, folder)
        files[f"{name} ({os.fsencode(path.name).hex()})" if name in files else name] = path
    return files


def reason_not_to_follow(path: Path, folder: Path) -> str:
    """Why a link below the folder is not read; empty for a file of the folder, and for one named by itself."""
    if not path.is_relative_to(folder):
        return ""
    if _is_link_to_folder(path):
        return "a link to a folder; put the files themselves here; skipped"
    if not path.resolve().is_relative_to(folder.resolve()):
        return "a link that leads out of the folder; put the file itself here; skipped"
    return ""


def _is_link_to_folder(path: Path) -> bool:
    return path.is_symlink() and path.is_dir()


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)


def read_document(path: Path, name: str) -> Document:
    """The document in the file, under the name by which it is cited. Never raises for its content."""
    documents = [*read_documents(path, name)]
    return documents[0] if len(documents) == 1 else unread(name, "an archive of several files")


def read_documents(path: Path, name: str) -> Iterator[Document]:
    """The documents in the file: one, or those of an archive or an e-mail. Never raises for its content."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            yield unread(name, f"larger than {LARGEST_FILE // 2**20} MB; skipped")
            return
        content = path.read_bytes()
    except OSError as error:
        yield unread(name, f"the file cannot be opened ({error.strerror}); skipped")
        return
    yield from read_contents(content, name)


def read_contents(content: bytes, name: str) -> Iterator[Document]:
    """The documents in these bytes, with at most `MOST_LINES` lines together."""
    left = MOST_LINES
    for document in _documents_in(content, name, Budget()):
        if len(document.lines) > left:
            reason = f"the lines after the first {MOST_LINES:,} of a file, or of an archive, are left out"
            finding = Finding(document.file, None, reason)
            yield replace(document, lines=document.lines[:left], findings=(*document.findings, finding))
            return
        left -= len(document.lines)
        yield document


def _documents_in(content: bytes, name: str, budget: Budget, depth: int = 0) -> Iterator[Document]:
    """The documents in these bytes; their signature decides the format, else the suffix of the name."""
    form = format_of(content, _suffix(name))
    if form not in (Format.ARCHIVE, Format.EMAIL):
        yield read_content(content, name)
        return
    for inner in _members(form, content, name, budget):
        if isinstance(inner, Document):
            yield inner
        elif depth < _DEEPEST:
            yield from _documents_in(inner.content, inner.name, budget, depth + 1)
        else:
            yield read_content(inner.content, inner.name)


def _members(form: Format, content: bytes, name: str, budget: Budget) -> Iterator[Member | Document]:
    """The files in an archive or an e-mail; a document for each that says why it is skipped."""
    if form is Format.ARCHIVE:
        return unpacked(content, name, budget=budget)
    from retrieval.reading.formats.mail import mail_files

    return mail_files(content, name, budget)


def read_content(content: bytes, name: str) -> Document:
    """The document in the bytes of one file that is not an archive."""
    suffix = _suffix(name)
    form = format_of(content, suffix)
    if isinstance(form, Unread):
        return unread(name, f"{form.name}: not a format that is read; skipped")
    if form in (Format.ARCHIVE, Format.EMAIL):
        return unread(name, f"{form.value} deeper inside others than is read; skipped")
    reader = _reader_of(form) if form else None
    if form is None or reader is None:
        return unread(name, f"{suffix or 'this kind of file'} is not a format that is read; skipped")
    if not content.strip(b"\x00 \t\r\n"):
        return unread(name, "the file is empty; skipped")
    try:
        document = _without_controls(_read(form, reader, content, name))
    except Exception:  # libraries raise whatever they meet in a damaged file
        logger.debug("%s cannot be read", name, exc_info=True)
        return unread(name, f"{sandbox.DAMAGED}; skipped")
    is_as_named = form is format_of(b"", suffix) or not document.lines
    return document if is_as_named else _under_another_ending(document, form)


def _read(form: Format, reader: Reader, content: bytes, name: str) -> Document:
    """By a reader that limits itself, or whose time grows with the size alone, here; by others within limits."""
    if form in _READ_WITHIN_LIMITS:
        return read_within_limits(reader, content, name)
    return reader(content, name)


def _without_controls(document: Document) -> Document:
    """The document without characters that are not shown, whatever its format, with an entry for each line that had some."""
    cleaned = [(line, *encodings.without_controls(line.text, document.file)) for line in document.lines]
    entries = tuple(replace(entry, line=line.number) for line, _, found in cleaned for entry in found)
    if not entries:
        return document
    lines = tuple(replace(line, text=text) for line, text, _ in cleaned if text.strip())
    return replace(document, lines=lines, left_out=(*document.left_out, *entries))


def _under_another_ending(document: Document, form: Format) -> Document:
    finding = Finding(document.file, None, f"read as what it is: {form.value}")
    return replace(document, findings=(finding, *document.findings))


def cited_name(path: Path, folder: Path) -> str:
    """The name by which a file is cited: relative to the folder where it lies below it, decoded where it is not UTF-8."""
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return encodings.readable_name(name)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _reader_of(form: Format) -> Reader | None:
    """The reader of a format, whose library is loaded only now."""
    if form is Format.TEXT:
        return read_text
    if form is Format.MARKDOWN:
        from retrieval.reading.formats.markdown import read_markdown

        return read_markdown
    if form is Format.WEB_PAGE:
        from retrieval.reading.formats.html import read_web_page

        return read_web_page
    if form is Format.WEB_ARCHIVE:
        from retrieval.reading.formats.web_archive import read_web_archive

        return read_web_archive
    if form is Format.WORD:
        from retrieval.reading.formats.docx import read_word_file

        return read_word_file
    if form is Format.PDF:
        from retrieval.reading.formats.pdf import read_pdf
        from retrieval.reading.formats.scans import recognize_pages

        return functools.partial(read_pdf, recognize=recognize_pages)
    if form is Format.OFFICE:
        from retrieval.reading.formats.office import read_office

        return read_office
    if form is Format.OFD:
        from retrieval.reading.formats.ofd import read_ofd

        return read_ofd
    if form in (Format.WORKBOOK, Format.DELIMITED):
        from retrieval.reading.formats.sheets import read_delimited, read_workbook

        return read_workbook if form is Format.WORKBOOK else read_delimited
    if form is Format.PRESENTATION:
        from retrieval.reading.formats.slides import read_presentation

        return read_presentation
    if form is Format.EBOOK:
        from retrieval.reading.formats.ebook import read_ebook

        return read_ebook
    return None
