"""One builder at a time in an index folder. The lock is the operating system's: no crash can leave it behind."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import BulletinBotError

LOCK_FILE = ".lock"
# Long enough for `status` to look whether somebody builds without getting in a builder's way.
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who works on the index folder."""

    work: str
    """rebuild or rollback."""
    pid: int
    host: str
    since: str
    """UTC, ISO 8601."""

    def __str__(self) -> str:
        return f"{self.work}, process {self.pid} on {self.host}, since {self.since}"


class IndexBusyError(BulletinBotError):
    """Somebody else is building; the sentence says who."""

    def __init__(self, index_folder: Path, holder: Holder | None) -> None:
        who = str(holder) if holder else "it has not said who it is"
        super().__init__(
            f"Another process works on {index_folder} ({who}): wait until it is done, or stop it and try again."
        )
        self.holder = holder


@contextmanager
def only_builder(index_folder: Path, work: str) -> Iterator[None]:
    """Hold the folder, made if missing; raises IndexBusyError where another does, BulletinBotError if it cannot be written."""
    path = index_folder / LOCK_FILE
    lock = _lock(path, _PATIENCE, work)
    try:
        index_folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IndexBusyError(index_folder, _read(path)) from None
    except OSError as error:
        raise BulletinBotError(
            f"The index folder {index_folder} cannot be written ({error.strerror}): "
            "mend that or set INDEX_DIR to another; what was in service before stays."
        ) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def holder_of(index_folder: Path) -> Holder | None:
    """Who holds the folder at this moment; None if nobody does, whatever a crash left there."""
    path = index_folder / LOCK_FILE
    if not path.exists():
        return None
    found = _read(path)
    try:
        with FileLock(path, timeout=0, fallback_to_soft=False):
            path.unlink(missing_ok=True)
            return None
    except Timeout:
        return found
    except OSError:
        return None


def _lock(path: Path, patience: float, work: str) -> FileLock:
    def sign(descriptor: int) -> None:
        holder = Holder(work, os.getpid(), platform.node(), datetime.now(UTC).isoformat(timespec="seconds"))
        with suppress(OSError):  # a full disk: the lock holds without a name in it, and the build will say so
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)

    return FileLock(path, timeout=patience, thread_local=False, fallback_to_soft=False, on_acquired=sign)


def _read(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
