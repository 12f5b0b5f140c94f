"""Reads e-books (.epub): the chapters in the order of the book, each as a web page.

The format: https://www.w3.org/TR/epub-33/ (a zip with a package document that lists the parts and their order).
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from lxml import etree

from retrieval.reading import sandbox
from retrieval.reading.formats.archives import oversize
from retrieval.reading.formats.child_process import read_in_child
from retrieval.reading.formats.html import read_web_page
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_MOST_CHAPTERS = 2_000
_PAGES = ("application/xhtml+xml", "text/html")


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A part of the book: its name in the archive, and whether it is the list of contents."""

    path: str
    is_contents: bool


def read_ebook(content: bytes, name: str) -> Document:
    """The lines of an e-book, read in a child process; a protected or damaged one is named."""
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    return read_in_child(read_chapters, content, name)


def read_chapters(content: bytes, name: str) -> Document:
    """As `read_ebook`, in this process. Raises UnreadableFileError for what cannot be read."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = set(archive.namelist())
        package_path = next(
            (str(root.get("full-path")) for root in _parsed(archive, _CONTAINER).iter("{*}rootfile")), ""
        )
        if package_path not in parts:
            raise sandbox.UnreadableFileError("a damaged e-book (it names no package document)")
        package = _parsed(archive, package_path)
        chapters = [*_chapters(package, posixpath.dirname(package_path))]
        if len(chapters) > _MOST_CHAPTERS:
            raise sandbox.UnreadableFileError(f"an e-book of more than {_MOST_CHAPTERS} parts")
        locked = _locked(archive) if _ENCRYPTION in parts else set()
        documents = [_read(archive, chapter, name, locked) for chapter in chapters]
    findings = [finding for document in documents for finding in document.findings]
    lines = tuple(line for document in documents for line in document.lines)
    if not lines:
        findings.append(Finding(name, None, "the e-book holds no text; skipped"))
    left_out = tuple(entry for document in documents for entry in document.left_out)
    about = _metadata(package, "date")
    return Document(name, lines, tuple(findings), _metadata(package, "title"), about, left_out)


def _parsed(archive: zipfile.ZipFile, part: str) -> etree._Element:
    """The root of a part; entities are not resolved and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(archive.read(part), parser)
    except (KeyError, etree.XMLSyntaxError) as error:
        raise sandbox.UnreadableFileError(f"a damaged e-book ({part} is missing or damaged)") from error


def _chapters(package: etree._Element, folder: str) -> Iterator[_Chapter]:
    """The pages in the order of the spine, then those that the book names and does not order."""
    items = {str(item.get("id")): item for item in package.iter("{*}item")}
    order = [str(reference.get("idref")) for reference in package.iter("{*}itemref")]
    for key in dict.fromkeys([*order, *items]):
        item = items.get(key)
        if item is not None and item.get("media-type") in _PAGES:
            path = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href")))))
            yield _Chapter(path, "nav" in str(item.get("properties")).split())


def _locked(archive: zipfile.ZipFile) -> set[str]:
    """The parts that are encrypted: those of a book with a protection against copying, or only its fonts."""
    references = _parsed(archive, _ENCRYPTION).iter("{*}CipherReference")
    return {unquote(str(reference.get("URI"))) for reference in references}


def _read(archive: zipfile.ZipFile, chapter: _Chapter, name: str, locked: set[str]) -> Document:
    """The lines of a chapter; those of a list of contents are in the ledger. It has no line numbers of its own."""
    if chapter.path in locked:
        return unread(
            name, f"{chapter.path} is protected against copying; ask for a file without that; skipped"
        )
    try:
        document = read_web_page(archive.read(chapter.path), name)
    except KeyError:
        return unread(name, f"{chapter.path} is missing in the e-book")
    # A cover or a page with a picture alone holds no text, which is no fault.
    findings = tuple(replace(finding, line=None) for finding in document.findings if document.lines)
    lines = tuple(replace(line, number=None) for line in document.lines)
    left_out = tuple(replace(entry, line=None) for entry in document.left_out)
    if chapter.is_contents:
        contents = tuple(LeftOut(name, None, line.text, LeftOutReason.CONTENTS) for line in lines)
        lines, left_out = (), (*left_out, *contents)
    return Document(name, lines, findings, left_out=left_out)


def _metadata(package: etree._Element, field: str) -> str:
    """The title or the date that the book gives itself, or an empty text."""
    element = next(package.iter(f"{{*}}{field}"), None)
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""
