"""The form of a backup: a gzipped tar file whose first member lists the others with their hashes.

Members are `bulletins/…`, `state/bot.sqlite3`, `index/current` and `index/<generation>/…`, below the folders that the
settings name. File names that are not UTF-8 keep their bytes (PAX headers).
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from retrieval.errors import BulletinBotError

VERSION = 1
CONTENTS = "backup.json"
BULLETINS, STATE, INDEX = "bulletins", "state/bot.sqlite3", "index"


@dataclass(frozen=True, slots=True)
class Backup:
    """The contents of a backup."""

    version: int
    created_at: str
    """UTC, ISO 8601."""
    generation: str | None
    """The generation in service; None if nothing was built."""
    index_digest: str | None
    """SHA-256 of its manifest, also where the index itself is left out."""
    settings: dict[str, str]
    """Settings that differ from the defaults, without secrets, as lines of `.env`."""
    files: dict[str, str]
    """SHA-256 of each member by its name, in order of the names."""

    def count(self, part: str) -> int:
        """The number of files of a part: BULLETINS, STATE or INDEX."""
        return sum(name == part or name.startswith(f"{part}/") for name in self.files)


def contents_as_json(backup: Backup) -> bytes:
    """The first member."""
    return (json.dumps(asdict(backup), ensure_ascii=True, indent=2) + "\n").encode()


@contextmanager
def opened(path: Path) -> Iterator[tuple[tarfile.TarFile, Backup]]:
    """The archive and its contents; raises BulletinBotError if it is no backup, is cut short, or of another version."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            yield archive, _contents(archive, path)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, OSError) and error.filename not in (None, str(path)):
            raise  # of a folder that is written to
        raise BulletinBotError(
            f"{path} is no whole backup of bulletin-bot: take another one; nothing was restored from it."
        ) from error


def _contents(archive: tarfile.TarFile, path: Path) -> Backup:
    first = archive.next()
    member = archive.extractfile(first) if first is not None and first.name == CONTENTS else None
    if member is None:
        raise ValueError(CONTENTS)
    backup = Backup(**json.loads(member.read()))
    if backup.version != VERSION:
        raise BulletinBotError(
            f"{path} is a backup of form {backup.version} and this program reads {VERSION}: "
            "restore it with the version that wrote it."
        )
    if not all(_is_below_a_part(name) for name in backup.files):
        raise ValueError("names")
    return backup


def _is_below_a_part(name: str) -> bool:
    steps = PurePosixPath(name).parts
    inside = not name.startswith("/") and ".." not in steps and "\x00" not in name and "\\" not in name
    return inside and (name == STATE or (len(steps) > 1 and steps[0] in {BULLETINS, INDEX}))
