"""Locks with the name of their holder: one builder an index folder. The operating system releases them at a death."""

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
# Seconds; longer than `status` holds the lock to see whether a build is running.
_TIMEOUT = 1.0


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the lock."""

    work: str
    """rebuild, rollback or run."""
    pid: int
    host: str
    since: str
    """UTC, ISO 8601."""

    def __str__(self) -> str:
        return f"{self.work}, process {self.pid} on {self.host}, since {self.since}"


class IndexBusyError(BulletinBotError):
    """Another process holds the lock; the message names it."""

    def __init__(self, index_folder: Path, holder: Holder | None) -> None:
        who = str(holder) if holder else "it has not said who it is"
        super().__init__(
            f"Another process works on {index_folder} ({who}): wait until it is done, or stop it and try again."
        )
        self.holder = holder


@contextmanager
def only_builder(index_folder: Path, work: str) -> Iterator[None]:
    """Hold the lock of the folder, which is created if missing.

    Raises IndexBusyError if another process holds it, BulletinBotError if the folder cannot be written.
    """
    path = index_folder / LOCK_FILE
    lock = signed_lock(path, _TIMEOUT, work)
    try:
        index_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise IndexBusyError(index_folder, read_holder(path)) from None
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
    """The current holder of the lock, None if it is free; a file left by a crash is removed."""
    path = index_folder / LOCK_FILE
    if not path.exists():
        return None
    holder = read_holder(path)
    try:
        with FileLock(path, timeout=0, fallback_to_soft=False):
            path.unlink(missing_ok=True)
            return None
    except Timeout:
        return holder
    except OSError:
        return None


def signed_lock(path: Path, timeout: float, work: str) -> FileLock:
    """A lock, not held yet, whose file tells who holds it; `acquire` raises filelock.Timeout after the seconds."""

    def sign(descriptor: int) -> None:
        holder = Holder(work, os.getpid(), platform.node(), datetime.now(UTC).isoformat(timespec="seconds"))
        with suppress(
            OSError
        ):  # a full disk: the lock works without a name in it, and the build will report the disk
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)

    return FileLock(path, timeout=timeout, thread_local=False, fallback_to_soft=False, on_acquired=sign)


def read_holder(path: Path) -> Holder | None:
    """The process that signed the file last, whether or not it still holds the lock."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
