"""Writes a backup while the bot serves: bulletins, state, the index in service, and settings without secrets."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot.maintenance import archive
from bot.maintenance.archive import Backup
from bot.operations import uploads
from bot.settings import Settings
from bot.state import homes
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.storage import current_pointer, durable_files, manifests

_PRIVATE = 0o600  # the state holds questions, and ids of people
_TRIES = 3


def write_backup(settings: Settings, target: Path, *, with_index: bool = True) -> Backup:
    """Write the backup with mode 0600, in one step at the end, and return its contents.

    The bot may serve and rebuild meanwhile, and people may change bulletins: these are copied beside the target before
    they are hashed, the state is a snapshot of SQLite's, and a file or a generation that disappears while it is read
    makes the backup begin anew. Raises BulletinBotError if the target exists, or if something cannot be read or written.
    """
    if target.exists():
        raise BulletinBotError(f"{target} exists: name another file, a backup never replaces one.")
    scratch = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        for attempt in range(1, _TRIES + 1):
            try:
                with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as copies:
                    backup = _write(settings, scratch, Path(copies), with_index=with_index)
                break
            except FileNotFoundError:
                if attempt == _TRIES:
                    raise
        durable_files.sync(scratch)
        os.link(scratch, target)
        durable_files.sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BulletinBotError(
            f"The backup {target} could not be written ({getattr(error, 'strerror', None) or error}): "
            "mend that or name another file."
        ) from error
    finally:
        scratch.unlink(missing_ok=True)
    return backup


def _snapshot(settings: Settings, target: Path) -> Path | None:
    """A consistent copy of the state in one file, without a write-ahead log; None if there is none in a file."""
    state_db = settings.state_db
    if settings.state_url or not homes.FileHome(state_db).exists():
        return None
    with (
        closing(sqlite3.connect(f"{state_db.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    return target


def _write(settings: Settings, target: Path, copies: Path, *, with_index: bool) -> Backup:
    generation, digest = _generation(settings.index_dir)
    members = dict(_bulletins(settings.bulletins_dir, copies))
    if state := _snapshot(settings, copies / "bot.sqlite3"):
        members[archive.STATE] = state
    if with_index and generation:
        members |= dict(_index(settings.index_dir, generation))
    files = {name: manifests.file_hash(path) for name, path in sorted(members.items())}
    if with_index and generation:
        pointer = f"{generation}\n".encode()
        files[f"{archive.INDEX}/{current_pointer.POINTER}"] = hashlib.sha256(pointer).hexdigest()
    backup = Backup(
        archive.VERSION,
        datetime.now(UTC).isoformat(timespec="seconds"),
        generation,
        digest,
        _settings(settings),
        files,
    )
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with (
        os.fdopen(descriptor, "wb") as file,
        tarfile.open(fileobj=file, mode="w:gz", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add(tar, archive.CONTENTS, archive.contents_as_json(backup))
        for name in files:
            if name in members:
                tar.add(members[name], name, recursive=False)
            else:
                _add(tar, name, pointer)
    return backup


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), _PRIVATE
    tar.addfile(member, io.BytesIO(content))


def _generation(index_dir: Path) -> tuple[str | None, str | None]:
    try:
        name = generations.served(index_dir)[0]
    except BulletinBotError:
        return None, None
    return name, manifests.file_hash(index_dir / name / manifests.MANIFEST_FILE)


def _bulletins(folder: Path, copies: Path) -> Iterator[tuple[str, Path]]:
    """The name of each bulletin in the backup, and a copy of it, which nobody changes."""
    for number, path in enumerate(sorted(folder.rglob("*"))):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] != uploads.INCOMING:
            copy = Path(shutil.copy2(path, copies / str(number)))
            yield f"{archive.BULLETINS}/{relative.as_posix()}", copy


def _index(index_dir: Path, generation: str) -> Iterator[tuple[str, Path]]:
    folder = index_dir / generation
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield f"{archive.INDEX}/{path.relative_to(index_dir).as_posix()}", path


def _settings(settings: Settings) -> dict[str, str]:
    """The settings that were given, without secrets, by the names of the environment."""
    given = {name: getattr(settings, name) for name in sorted(settings.model_fields_set)}
    return {
        name.upper(): ",".join(map(str, sorted(value))) if isinstance(value, frozenset) else str(value)
        for name, value in given.items()
        if value is not None and not _is_secret(value)
    }


def _is_secret(value: object) -> bool:
    values = value.values() if isinstance(value, dict) else (value,)
    return any(isinstance(each, SecretStr) for each in values)
