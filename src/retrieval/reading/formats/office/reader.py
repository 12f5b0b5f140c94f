"""Office files to documents: the kind of an old Office file, its conversion, the reader of .docx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from retrieval.reading.formats import read_in_child
from retrieval.reading.formats.conversion import find_kept, source_of
from retrieval.reading.formats.docx import read_word_file
from retrieval.reading.formats.office.conversion import DOCX, convert_all
from retrieval.reading.formats.office.open_document import formulas_in, has_formulas
from retrieval.reading.formats.office.program import INSTALL, libreoffice
from retrieval.reading.formats.office.rich_text import read_rich_text
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The stream of a formula in a .doc.
_EQUATION = "Equation Native\0".encode("utf-16-le")
# Names of streams in an OLE file, in the order in which they decide: a text may hold a table of Excel.
_STREAMS = (
    ("EncryptedPackage", "encrypted: save it without a password"),
    ("WordDocument", ""),
    ("PowerPoint Document", "an old PowerPoint file (.ppt); save it as .pptx or .pdf"),
    ("Workbook", "an old Excel workbook (.xls); save it as .xlsx"),
    ("Book", "an old Excel workbook (.xls); save it as .xlsx"),
)


def read_office(content: bytes, name: str) -> Document:
    """The lines of a .doc, .wps, .rtf or .odt as LibreOffice converts it; what to install where it is missing."""
    if reason := other_kind(content):
        return unread(name, f"{reason}; skipped")
    program = libreoffice()
    source, suffix = source_of(content), suffix_of(content, name)
    convert_all([(content, suffix)], program)
    converted = find_kept(source, program.tool, DOCX)
    if converted is not None:
        document = read_in_child(read_word_file, converted, name)
        return replace(
            document, findings=(*document.findings, *_lost_formulas(content, suffix, converted, name))
        )
    if program.path is None:
        return _without_program(content, name, suffix)
    return unread(name, "LibreOffice cannot read it: damaged, or saved with a password; skipped")


def convertible(content: bytes, name: str) -> tuple[bytes, str] | None:
    """The content with the ending by which LibreOffice knows it; None for a file that is no text."""
    return None if other_kind(content) else (content, suffix_of(content, name))


def other_kind(content: bytes) -> str:
    """The kind of an old Office file that holds no text, with its remedy; empty for any other file."""
    if not content.startswith(_OLD):
        return ""
    held = (reason for stream, reason in _STREAMS if (stream + "\0").encode("utf-16-le") in content)
    return next(held, "an old Office file without text")


def suffix_of(content: bytes, name: str) -> str:
    """The ending of the format that the content shows."""
    if content.lstrip().startswith(b"{\\rtf"):
        return ".rtf"
    suffix = PurePosixPath(name).suffix.lower()
    old = ".wps" if suffix == ".wps" else ".doc"
    return old if content.startswith(_OLD) else ".odt"


def _lost_formulas(content: bytes, suffix: str, converted: bytes, name: str) -> Iterator[Finding]:
    """A finding for the formulas of a file of which the conversion holds none."""
    count = formulas_in(content) if suffix == ".odt" else content.count(_EQUATION)
    if count and not has_formulas(converted):
        message = f"{count} formulas are not read: LibreOffice needs its part Math (Debian: libreoffice-math) for them"
        yield Finding(name, None, message)


def _without_program(content: bytes, name: str, suffix: str) -> Document:
    if suffix != ".rtf":
        return unread(name, f"needs LibreOffice: {INSTALL}, or save it as .docx; skipped")
    document = read_in_child(read_rich_text, content, name)
    message = f"read without LibreOffice: tables and readings may be incomplete; {INSTALL}"
    return replace(document, findings=(*document.findings, Finding(name, None, message)))
