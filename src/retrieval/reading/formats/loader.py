"""Reads files of any supported format; a file that cannot be read gives a document with a finding that says why."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.errors import BulletinBotError
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.formats.signatures import SUFFIXES, Format, Unread, format_of
from retrieval.reading.lines import Document, Line, LineKind, encodings, unread
from retrieval.types import Finding

if TYPE_CHECKING:
    from retrieval.reading.formats.archives import Member

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
]

# Bytes of one file. A year of bulletins as text is under 5 MB; larger files are scans without text.
LARGEST_FILE = 64 * 1024 * 1024
# Archives and e-mails inside one another that are opened.
_DEEPEST = 2


def find_files(folder: Path) -> list[Path]:
    """Every file below the folder, sorted; raises if the folder is not there."""
    if not folder.is_dir():
        raise BulletinBotError(
            f"No folder of bulletins at {folder}: create it and put text files in, or set BULLETINS_DIR."
        )
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder))
    )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)


def read_document(path: Path, name: str) -> Document:
    """The document in the file, under the name by which it is cited. Never raises for its content."""
    documents = [*read_documents(path, name)]
    return documents[0] if len(documents) == 1 else unread(name, "an archive of several files")


def read_documents(path: Path, name: str) -> Iterator[Document]:
    """The documents in the file: one, or those of an archive. Never raises for its content."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            yield unread(name, f"larger than {LARGEST_FILE // 2**20} MB; skipped")
            return
        content = path.read_bytes()
    except OSError as error:
        yield unread(name, f"the file cannot be opened ({error.strerror}); skipped")
        return
    yield from read_contents(content, name)


def read_contents(content: bytes, name: str, depth: int = 0) -> Iterator[Document]:
    """The documents in these bytes; their signature decides the format, else the suffix of the name."""
    form = format_of(content, _suffix(name))
    if form not in (Format.ARCHIVE, Format.EMAIL):
        yield read_content(content, name)
        return
    for inner in _members(form, content, name):
        if isinstance(inner, Document):
            yield inner
        elif depth < _DEEPEST:
            yield from read_contents(inner.content, inner.name, depth + 1)
        else:
            yield read_content(inner.content, inner.name)


def _members(form: Format, content: bytes, name: str) -> Iterator[Member | Document]:
    """The files in an archive or an e-mail; a document for each that says why it is skipped."""
    from retrieval.reading.formats.archives import unpacked
    from retrieval.reading.formats.mail import mail_files

    return unpacked(content, name) if form is Format.ARCHIVE else mail_files(content, name)


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
        document = reader(content, name)
    except Exception as error:  # noqa: BLE001 - libraries raise whatever they meet in a damaged file
        return unread(name, f"cannot be read ({type(error).__name__}: {str(error)[:80]}); skipped")
    is_as_named = form is format_of(b"", suffix) or not document.lines
    return document if is_as_named else _under_another_ending(document, form)


def _under_another_ending(document: Document, form: Format) -> Document:
    finding = Finding(document.file, None, f"read as what it is: {form.value}")
    return replace(document, findings=(finding, *document.findings))


def cited_name(path: Path, folder: Path) -> str:
    """The name by which a file is cited: relative to the folder where it lies below it, decoded where it is not UTF-8."""
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
    return encodings.readable_name(name)


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _reader_of(form: Format) -> Callable[[bytes, str], Document] | None:
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
    if form is Format.WORKBOOK:
        from retrieval.reading.formats.sheets import read_workbook

        return read_workbook
    if form is Format.DELIMITED:
        from retrieval.reading.formats.sheets import read_delimited

        return read_delimited
    return None
