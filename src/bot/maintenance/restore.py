"""Restores a backup: into empty folders, or beside what is there, which is put aside and never deleted."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.maintenance import archive
from bot.maintenance.archive import Backup
from bot.settings import Settings
from bot.state import homes
from retrieval.errors import BulletinBotError
from retrieval.storage import durable_files, lock

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """The outcome of a restore."""

    backup: Backup
    put_aside: tuple[Path, ...]
    """The new paths of the earlier folders and the earlier state."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    target: Path


def restore_backup(settings: Settings, path: Path, *, replace: bool = False) -> Restored:
    """Check every file of the backup, then put bulletins, state and index where the settings say.

    Everything is written beside its target first, so that a cut or damaged backup changes nothing. With `replace`
    what is there is renamed to `NAME.before-<time>`. Raises BulletinBotError if the backup is not whole, if something
    is there and `replace` is off, and if a bot serves from the state or a rebuild writes the index.
    """
    with archive.opened(path) as (tar, backup):
        parts = [part for part in _parts(settings) if backup.count(part.name)]
        taken = [part.target for part in parts if _is_taken(part.target)]
        if taken and not replace:
            raise BulletinBotError(
                f"{', '.join(map(str, taken))} is there already: stop the bot and use --replace, which puts it aside, "
                "or set other folders."
            )
        scratches = {part.name: part.target.with_name(f".{part.target.name}-restore") for part in parts}
        try:
            _extract(tar, backup, scratches)
            with homes.FileHome(settings.state_db).only_server(seconds=0.0):
                _check_no_build(settings.index_dir)
                moved = [_exchange(scratches[part.name], part.target) for part in parts]
        except OSError as error:
            raise BulletinBotError(
                f"The backup could not be restored to {error.filename or settings.bulletins_dir} "
                f"({error.strerror or error}): mend that and restore again."
            ) from error
        finally:
            for scratch in scratches.values():
                _remove(scratch)
    return Restored(backup, tuple(aside for aside in moved if aside))


def _check_no_build(index_dir: Path) -> None:
    """Raises BulletinBotError if a process builds below the folder: it would go on in what is put aside."""
    if holder := lock.holder_of(index_dir):
        raise lock.IndexBusyError(index_dir, holder)


def _parts(settings: Settings) -> list[_Part]:
    return [
        _Part(archive.BULLETINS, settings.bulletins_dir),
        _Part(archive.STATE, settings.state_db),
        _Part(archive.INDEX, settings.index_dir),
    ]


def _is_taken(target: Path) -> bool:
    return target.is_file() or (target.is_dir() and any(target.iterdir()))


def _extract(tar: tarfile.TarFile, backup: Backup, scratches: dict[str, Path]) -> None:
    """Write each listed file below the scratch folder of its part; raises ValueError if one is missing or altered."""
    missing = dict(backup.files)
    for member in tar:
        expected = missing.pop(member.name, None)
        content = tar.extractfile(member)
        if expected is None or content is None or not member.isreg():
            continue
        part = next(name for name in scratches if member.name == name or member.name.startswith(f"{name}/"))
        target = scratches[part] / member.name[len(part) + 1 :] if member.name != part else scratches[part]
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with target.open("wb") as file:
            target.chmod(0o600)
            while block := content.read(_BLOCK):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != expected:
            raise ValueError(member.name)
    if missing:
        raise ValueError(next(iter(missing)))


def _exchange(scratch: Path, target: Path) -> Path | None:
    """Move what was restored to its place; the earlier content is renamed, and its new name returned."""
    if scratch.is_dir():
        durable_files.sync_tree(scratch)
    else:
        durable_files.sync(scratch)
    aside = None
    if _is_taken(target):
        aside = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        target.rename(aside)
    elif target.is_dir():
        target.rmdir()
    for suffix in ("-wal", "-shm"):  # the log of an earlier state would be applied to the restored one
        log = target.with_name(target.name + suffix)
        if log.exists() and aside:
            log.rename(aside.with_name(aside.name + suffix))
    scratch.rename(target)
    durable_files.sync(target.parent)
    return aside


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
