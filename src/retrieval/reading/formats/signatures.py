"""The format of a file by its own first bytes: endings lie, and codes of a format are never text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The formats that are read; the values name them to operators."""

    TEXT = "plain text"
    MARKDOWN = "Markdown"
    WEB_PAGE = "a web page"
    WEB_ARCHIVE = "a web archive (MHT)"
    WORD = "a Word file (.docx)"
    PDF = "a PDF"
    OFFICE = "a file of an office program (.doc, .wps, .rtf, .odt)"
    OFD = "an OFD file"
    WORKBOOK = "an Excel workbook (.xlsx)"
    DELIMITED = "a table as text (.csv)"
    PRESENTATION = "a presentation (.pptx)"
    EBOOK = "an e-book (.epub)"
    EMAIL = "an e-mail"
    ARCHIVE = "an archive (.zip)"


@dataclass(frozen=True, slots=True)
class Unread:
    """A format that is not read, as findings name it."""

    name: str


_BY_SUFFIX = {
    Format.TEXT: (".txt", ".text"),
    Format.MARKDOWN: (".md", ".markdown"),
    Format.WEB_PAGE: (".html", ".htm", ".xhtml", ".shtml"),
    Format.WEB_ARCHIVE: (".mht", ".mhtml"),
    Format.EMAIL: (".eml",),
    Format.DELIMITED: (".csv", ".tsv"),
    Format.WORKBOOK: (".xlsx", ".xlsm"),
    Format.WORD: (".docx", ".docm", ".dotx", ".dotm"),
    Format.PDF: (".pdf",),
    Format.OFFICE: (".doc", ".wps", ".rtf", ".odt"),
    Format.OFD: (".ofd",),
    Format.PRESENTATION: (".pptx", ".pptm", ".ppsx"),
    Format.EBOOK: (".epub",),
    Format.ARCHIVE: (".zip",),
}
SUFFIXES = frozenset(suffix for suffixes in _BY_SUFFIX.values() for suffix in suffixes)
_OF_SUFFIX = {suffix: form for form, suffixes in _BY_SUFFIX.items() for suffix in suffixes}
# https://en.wikipedia.org/wiki/List_of_file_signatures
_UNREAD = (
    (b"\x89PNG\r\n", "a picture (PNG); save it as a PDF to have it read by OCR"),
    (b"\xff\xd8\xff", "a picture (JPEG); save it as a PDF to have it read by OCR"),
    (b"GIF8", "a picture (GIF); save it as a PDF to have it read by OCR"),
    (b"II*\x00", "a picture (TIFF); save it as a PDF to have it read by OCR"),
    (b"MM\x00*", "a picture (TIFF); save it as a PDF to have it read by OCR"),
    (b"RIFF", "a picture or a recording (RIFF)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z); unpack it"),
    (b"Rar!\x1a\x07", "an archive (RAR); unpack it"),
    (b"\x1f\x8b\x08", "an archive (gzip); unpack it"),
    (b"BZh9", "an archive (bzip2); unpack it"),
    (b"%!PS-Adobe", "PostScript; save it as PDF"),
    (b"SQLite format 3\x00", "a database"),
    (b"ID3\x03", "a recording (MP3)"),
    (b"\x7fELF", "a program"),
    (b"\x78\x9f\x3e\x22", "attachments in Outlook's own form (winmail.dat); ask for them as files"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_PARTS = (
    ("word/document", Format.WORD),
    ("xl/workbook.bin", Unread("an Excel workbook in binary form (.xlsb); save it as .xlsx")),
    ("xl/", Format.WORKBOOK),
    ("ppt/", Format.PRESENTATION),
    ("content.xml", Format.OFFICE),
    ("meta-inf/container.xml", Format.EBOOK),
    ("ofd.xml", Format.OFD),
)
# Of OpenDocument: what its member `mimetype` ends with.
_OPEN_DOCUMENTS = (
    (b"spreadsheet", Unread("an OpenDocument spreadsheet (.ods); save it as .xlsx")),
    (b"presentation", Unread("an OpenDocument presentation (.odp); save it as .pptx")),
    (b"graphics", Unread("an OpenDocument drawing (.odg); save it as .pdf")),
)
_WEB_ARCHIVE = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,12}?mime-version:", re.IGNORECASE)
_EMAIL = re.compile(rb"^(?:received|return-path|message-id|to|delivered-to):", re.IGNORECASE | re.MULTILINE)
_WEB_PAGE = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->)){0,2000}-->\s*)*(?:<!doctype\s+html|<html[\s>])",
    re.IGNORECASE,
)
_WORD_XML = re.compile(rb"<w:worddocument|<pkg:package|mso-application", re.IGNORECASE)
_HEAD = 4096


def format_of(content: bytes, suffix: str) -> Format | Unread | None:
    """The format that the first bytes show, else that of the ending; None for an ending that says nothing."""
    head = content[:_HEAD]
    named = _OF_SUFFIX.get(suffix)
    if head.startswith(b"PK\x03\x04"):
        form = named if named is Format.ARCHIVE else _packed(content, named)
        return named if named is Format.WORD and form in (Format.ARCHIVE, None) else form
    if named is Format.WORD:
        return named
    if head.startswith(_OLD_OFFICE):
        return Format.OFFICE
    for signature, name in _UNREAD:
        if head.startswith(signature):
            return Unread(name)
    return _written(head, named)


def _packed(content: bytes, named: Format | None) -> Format | Unread | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()[:200]
        kind = archive.open("mimetype").read(_HEAD) if "mimetype" in names else b""
    except Exception:  # noqa: BLE001 - a damaged archive raises whatever it meets
        return Format.ARCHIVE if named else None
    for ending, unread in _OPEN_DOCUMENTS:
        if kind.startswith(b"application/vnd.oasis.opendocument.") and kind.strip().endswith(ending):
            return unread
    for part, form in _OFFICE_PARTS:
        if any(name.lower().startswith(part) for name in names):
            return form
    return Format.ARCHIVE if named else None


def _written(head: bytes, named: Format | None) -> Format | Unread | None:
    """Of a file that begins with none of the signatures; UTF-16 shows its letters between zeros."""
    plain = (
        head.replace(b"\x00", b"")
        .removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
    )
    opening = plain.lstrip()
    if opening.startswith(b"{\\rtf"):
        return Format.OFFICE
    if opening.startswith(b"%PDF-"):
        return Format.PDF
    if _WEB_ARCHIVE.match(opening) or named is Format.EMAIL:
        headers = opening.replace(b"\r", b"").partition(b"\n\n")[0]
        return Format.EMAIL if named is Format.EMAIL or _EMAIL.search(headers) else Format.WEB_ARCHIVE
    if named is Format.WEB_PAGE:
        return named
    if _WEB_PAGE.match(opening):
        return Format.WEB_PAGE
    if opening.startswith(b"<?xml"):
        return Unread("Word XML; save it as .docx" if _WORD_XML.search(plain) else "XML")
    return named
