"""The cache of conversions: `<folder>/<program>/<version>/<digest>/<part>`; each part is written in one step."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

# A conversion that no reading has used for so long belongs to a file that is gone.
_DAYS_KEPT = 180


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that converts files; another version may convert otherwise."""

    program: str
    version: str | None
    """None where it is not installed: what any version of it made is still used."""


def cache_folder() -> Path:
    """The folder of all conversions."""
    configured = os.environ.get("CONVERSION_CACHE")
    return Path(configured) if configured else platformdirs.user_cache_path("bulletin-bot") / "conversions"


def source_of(content: bytes) -> str:
    """The digest by which the conversions of a file are found."""
    return hashlib.sha256(content).hexdigest()[:40]


def entry_folder(source: str, tool: Tool) -> Path | None:
    """The folder of what the tool made of the file; where it is missing, of what any version of it made, else None."""
    if tool.version is not None:
        return cache_folder() / tool.program / tool.version / source
    kept = (cache_folder() / tool.program).glob(f"*/{source}")
    return max(kept, key=lambda folder: folder.stat().st_mtime, default=None)


def find_kept(source: str, tool: Tool, part: str) -> bytes | None:
    """A part of what was made of the file, or None; using it keeps it for another while."""
    folder = entry_folder(source, tool)
    if folder is None:
        return None
    with contextlib.suppress(OSError):
        content = (folder / part).read_bytes()
        os.utime(folder)
        return content
    return None


def keep(source: str, tool: Tool, part: str, content: bytes) -> None:
    """Write a part in one step; a cache that cannot be written is no fault, only slow."""
    folder = entry_folder(source, tool)
    if folder is None:
        return
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_part(folder, part, content)
        _drop_unused(folder.parent)


def drop_conversions(sources: Iterable[str]) -> int:
    """Delete all that any tool made of these files, by their digests; returns the number of entries."""
    entries = [entry for source in sources for entry in sorted(cache_folder().glob(f"*/*/{source}"))]
    for entry in entries:
        shutil.rmtree(entry, ignore_errors=True)
    return len(entries)


def write_part(folder: Path, part: str, content: bytes) -> None:
    """Write a file beside its goal and rename it, so that a killed writer leaves no half part."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        file.write(content)
    Path(file.name).replace(folder / part)


def _drop_unused(folder: Path) -> None:
    oldest = time.time() - _DAYS_KEPT * 24 * 60 * 60
    for entry in folder.iterdir():
        if entry.stat().st_mtime < oldest:
            shutil.rmtree(entry, ignore_errors=True)
