"""Archives: the files inside a .zip, within limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.reading.lines import Document, unread

# Bytes an archive may hold once unpacked; a collection of bulletins is far below.
LARGEST_UNPACKED = 256 * 1024 * 1024
LARGEST_MEMBER = 64 * 1024 * 1024
MOST_MEMBERS = 5_000
# Text packs at most some 30 to one; a file that unpacks to more than so many times its size is a bomb.
STEEPEST_RATIO = 400
_DEEPEST = 2
_SMALL = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive, named below the archive's own name."""

    name: str
    content: bytes


@dataclass(slots=True)
class Budget:
    """The remainder of the limits that an archive or an e-mail shares with all those inside it: bytes and files."""

    size: int = LARGEST_UNPACKED
    members: int = MOST_MEMBERS

    def take(self, size: int) -> str:
        """Take a file of this size; the reason why it is too much, or an empty text."""
        self.members -= 1
        self.size -= size
        if self.members < 0:
            return f"one of more than {MOST_MEMBERS} files, with those of archives inside"
        if self.size < 0:
            return f"beyond {LARGEST_UNPACKED // 2**20} MB, with what archives inside hold"
        return ""


def unpacked(
    content: bytes, name: str, depth: int = 1, budget: Budget | None = None
) -> Iterator[Member | Document]:
    """The files of an archive in sorted order; a file that is skipped comes as a document that says why."""
    budget = budget or Budget()
    if reason := oversize(content):
        yield unread(name, f"{reason}; skipped")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = sorted(((_name_of(info), info) for info in archive.infolist()), key=lambda pair: pair[0])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        yield unread(name, "a damaged archive: download or pack it again; skipped")
        return
    for inner, info in members:
        if not info.is_dir() and not _is_hidden(inner):
            if budget.members < 0 or budget.size < 0:
                return  # said at the file before
            yield from _opened(archive, info, f"{name}/{inner}", depth, budget)


def _opened(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int, budget: Budget
) -> Iterator[Member | Document]:
    if info.flag_bits & 0x1:
        yield unread(name, "encrypted; unpack it with its password first; skipped")
        return
    try:
        with archive.open(info) as opened:
            content = opened.read(LARGEST_MEMBER + 1)
    except Exception:  # noqa: BLE001 - a damaged member raises whatever its compression does
        yield unread(name, "a damaged file of an archive; skipped")
        return
    if len(content) > LARGEST_MEMBER:
        yield unread(name, f"larger than {LARGEST_MEMBER // 2**20} MB; skipped")
    elif reason := budget.take(len(content)):
        yield unread(name, f"{reason}; skipped with all after it")
    elif not name.lower().endswith(".zip"):
        yield Member(name, content)
    elif depth < _DEEPEST:
        yield from unpacked(content, name, depth + 1, budget)
    else:
        yield unread(name, "an archive inside an archive inside an archive; skipped")


def oversize(content: bytes) -> str:
    """The reason why an archive (a .docx is one) is too large to unpack, or an empty text."""
    try:
        infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception:  # noqa: BLE001 - unpacking it says what is wrong
        return ""
    total = sum(info.file_size for info in infos)
    if len(infos) > MOST_MEMBERS:
        return f"holds more than {MOST_MEMBERS} files"
    if total > LARGEST_UNPACKED:
        return f"unpacks to more than {LARGEST_UNPACKED // 2**20} MB"
    if total > _SMALL and total > STEEPEST_RATIO * max(len(content), 1):
        return f"unpacks to more than {STEEPEST_RATIO} times its size"
    return ""


def _name_of(info: zipfile.ZipInfo) -> str:
    """The file's name; without the flag for UTF-8, Chinese archives hold GB18030."""
    if info.flag_bits & 0x800:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "~$", "__MACOSX")) for part in name.split("/"))
