"""Files of uploads: stored under a safe name out of sight, then moved among the bulletins in one step.

`handlers.uploading` checks the size before the download.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path

from retrieval.errors import BulletinBotError

# Hidden, so that no reader of the bulletins looks into it; beside them, so that placing a file is one rename.
INCOMING = ".incoming"
_SECONDS_KEPT = 24 * 60 * 60.0
_LONGEST_STEM = 200  # bytes; file systems take 255 for a name
_ID = re.compile(r"[0-9a-f]{16}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*/\\\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


class Placing(StrEnum):
    """Ways to handle an upload; the values are part of callback data."""

    NEW = "p"
    REPLACE = "r"
    BESIDE = "k"
    """Under another name, where the name is taken."""
    CANCEL = "x"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file stored until an admin confirms it."""

    upload_id: str
    path: Path

    @property
    def name(self) -> str:
        return self.path.name


def safe_name(name: str) -> str:
    """The last part of a path without characters that are unsafe in file names; its suffix in lower case."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = _UNSAFE.sub("", last.encode("utf-8", "ignore").decode())
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        stem, suffix = clean, ""
    stem = stem.strip(" .~$")
    short = stem.encode()[:_LONGEST_STEM].decode("utf-8", "ignore").strip() or "bulletin"
    return f"{short}.{suffix.strip().lower()}" if suffix.strip() else short


def set_aside(folder: Path, name: str, content: bytes) -> Upload:
    """Store the content in a hidden folder below that of the bulletins, and delete uploads older than a day.

    Raises BulletinBotError if the folder cannot be written.
    """
    upload = Upload(secrets.token_hex(8), Path())
    target = folder / INCOMING / upload.upload_id / safe_name(name)
    try:
        _drop_old(folder / INCOMING)
        target.parent.mkdir(parents=True)
        with target.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BulletinBotError(
            f"The folder of bulletins {folder} cannot be written ({error.strerror}): let the user of the bot write to it, "
            "or set BULLETINS_DIR to another folder."
        ) from error
    return Upload(upload.upload_id, target)


def upload_of_id(folder: Path, upload_id: str) -> Upload | None:
    """The upload of that id, or None if it was placed, cancelled or has expired."""
    if not _ID.fullmatch(upload_id):
        return None
    inside = folder / INCOMING / upload_id
    files = sorted(inside.iterdir()) if inside.is_dir() else []
    return Upload(upload_id, files[0]) if files else None


def rival_of(folder: Path, upload: Upload) -> Path | None:
    """The bulletin file that already has the name of the upload, or None."""
    target = folder / upload.name
    return target if target.exists() else None


def is_same(upload: Upload, rival: Path) -> bool:
    """Whether both hold the same bytes."""
    return rival.is_file() and upload.path.read_bytes() == rival.read_bytes()


def place(folder: Path, upload: Upload, placing: Placing) -> Path | None:
    """Move the upload among the bulletins in one step and return its path; None if `Placing.NEW` meets a taken name.

    Only `Placing.REPLACE` overwrites a file. Raises BulletinBotError if the folder cannot be written.
    """
    try:
        target = _moved(folder, upload, placing)
    except OSError as error:
        raise BulletinBotError(
            f"The folder of bulletins {folder} cannot be written ({error.strerror}): let the user of the bot write to it, "
            "or set BULLETINS_DIR to another folder."
        ) from error
    if target:
        discard(upload)
    return target


def discard(upload: Upload) -> None:
    """Delete the stored file."""
    shutil.rmtree(upload.path.parent, ignore_errors=True)


def _moved(folder: Path, upload: Upload, placing: Placing) -> Path | None:
    target = folder / upload.name
    match placing:
        case Placing.REPLACE:
            upload.path.replace(target)
            return target
        case Placing.BESIDE:
            names = (f"{upload.path.stem} ({number}){upload.path.suffix}" for number in count(2))
            return next(path for path in (folder / name for name in names) if _is_linked(upload.path, path))
        case _:
            return target if _is_linked(upload.path, target) else None


def _is_linked(source: Path, target: Path) -> bool:
    """Whether the target now holds the source; False if a file of that name exists.

    By a hard link or, on a file system without them, by an empty file that reserves the name and is then replaced.
    """
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return False
    except OSError:
        return _is_moved(source, target)
    return True


def _is_moved(source: Path, target: Path) -> bool:
    try:
        target.touch(exist_ok=False)
    except FileExistsError:
        return False
    try:
        source.replace(target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return True


def _drop_old(incoming: Path) -> None:
    folders = list(incoming.iterdir()) if incoming.is_dir() else []
    for folder in folders:
        if time.time() - folder.stat().st_mtime > _SECONDS_KEPT:
            shutil.rmtree(folder, ignore_errors=True)
