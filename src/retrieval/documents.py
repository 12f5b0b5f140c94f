"""Files to plain lines with their kind. What cannot be read is named, never skipped in silence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from charset_normalizer import from_bytes

from retrieval.types import BulletinBotError, Finding

SUFFIXES = frozenset({".txt"})


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line that is not blank; `number` counts from 1, None where the format has no lines."""

    number: int | None
    text: str
    kind: Kind = Kind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Document:
    """One file as lines in the order of the text."""

    file: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = ()


def find_files(folder: Path) -> list[Path]:
    """Every file below the folder that can be read, sorted; raises if the folder is not there."""
    if not folder.is_dir():
        raise BulletinBotError(
            f"No folder of bulletins at {folder}: create it and put text files in, or set BULLETINS_DIR."
        )
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def read_document(path: Path, name: str) -> Document:
    """The document in the file, under the name by which it is cited. Never raises for its content."""
    if path.suffix.lower() not in SUFFIXES:
        return _unread(name, f"{path.suffix or 'this kind of file'} is not a format that is read; skipped")
    try:
        content = path.read_bytes()
    except OSError as error:
        return _unread(name, f"the file cannot be opened ({error.strerror}); skipped")
    if not content.strip():
        return _unread(name, "the file is empty; skipped")
    text, encoding = _decode(content)
    if text is None:
        return _unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    findings = () if encoding == "utf-8" else (Finding(name, None, f"decoded as {encoding}"),)
    lines = (Line(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return Document(name, tuple(line for line in lines if line.text), findings)


def _unread(name: str, message: str) -> Document:
    return Document(name, (), (Finding(name, None, message),))


def _decode(content: bytes) -> tuple[str | None, str]:
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(content, cp_isolation=["utf_16", "gb18030", "big5"]).best()
        return (str(best), best.encoding) if best else (None, "")
