"""The generations in an index folder: the one in service, those before it, those refused; load, install, roll back."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.index.index import Index
from retrieval.index.index_files import load_index
from retrieval.storage import current_pointer, lock, manifests

logger = logging.getLogger(__name__)

_RETAINED = 3
REFUSED = "refused-"
"""Prefix of the folder of a generation that the regression gate refused."""
SCRATCH = ".building-"
"""Prefix of the folder of a generation while it is written."""


def generation_folders(index_folder: Path) -> list[Path]:
    """The folders of all finished generations, oldest first."""
    return [folder for folder in _folders(index_folder) if current_pointer.is_generation_name(folder.name)]


def refused_folder(index_folder: Path, name: str) -> Path:
    """The folder for a generation that may not serve."""
    return index_folder / f"{REFUSED}{name}"


def refused_folders(index_folder: Path) -> list[Path]:
    """The folders of the generations that the regression gate refused."""
    return [folder for folder in _folders(index_folder) if folder.name.startswith(REFUSED)]


def _folders(index_folder: Path) -> list[Path]:
    return sorted(path for path in index_folder.iterdir() if path.is_dir()) if index_folder.is_dir() else []


def served(index_folder: Path) -> tuple[str, ...]:
    """The names of the present generations that are or were in service, the current one first.

    A generation that was rolled back is not among them. Raises BulletinBotError if nothing was built yet,
    DamagedIndexError if the pointer names a generation that is missing.
    """
    names = current_pointer.read_pointer(index_folder)
    present = [folder.name for folder in generation_folders(index_folder)]
    if names[0] not in present:
        raise DamagedIndexError(
            f"{index_folder / current_pointer.POINTER} names no generation that is there: run `bulletin-bot rebuild`."
        )
    if len(names) == 1:  # written by a person, or the first build: older generations came before
        return (names[0], *(name for name in reversed(present) if name < names[0]))
    return tuple(name for name in names if name in present)


def put_in_service(index_folder: Path, name: str) -> None:
    """Point to the generation in one atomic step, and delete all but the last three that were in service."""
    history = (name, *(earlier for earlier in _history(index_folder) if earlier != name))[:_RETAINED]
    current_pointer.write_pointer(index_folder, history)
    for folder in generation_folders(index_folder):
        if folder.name not in history:
            shutil.rmtree(folder, ignore_errors=True)


def _history(index_folder: Path) -> tuple[str, ...]:
    """As `served`, or every generation, newest first, if the pointer is lost."""
    try:
        return served(index_folder)
    except BulletinBotError:
        return tuple(folder.name for folder in reversed(generation_folders(index_folder)))


def remove_leftovers(index_folder: Path) -> None:
    """Delete what a killed build left behind; the caller must hold the lock of the folder."""
    for path in index_folder.iterdir():
        if path.name.startswith(SCRATCH):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(f".{current_pointer.POINTER}-"):
            path.unlink(missing_ok=True)


def current_folder(index_folder: Path) -> Path:
    """The folder of the generation in service; raises BulletinBotError if nothing was built yet."""
    return index_folder / served(index_folder)[0]


def has_current(index_folder: Path) -> bool:
    """Whether a generation is in service that this version of the program can read."""
    try:
        folder = current_folder(index_folder)
    except BulletinBotError:
        return False
    try:
        manifests.read_manifest(folder)
    except DamagedIndexError:
        return True  # the damage is reported when it is loaded
    except BulletinBotError:
        return False
    return True


def load_current(index_folder: Path, encoder_name: str) -> Index:
    """The generation in service; raises BulletinBotError if there is none or it has another encoder."""
    return _load(current_folder(index_folder), encoder_name)


def load_serving(index_folder: Path, encoder_name: str) -> Index:
    """The generation in service or, if it is damaged, the last intact one before it.

    The damage is logged. Raises BulletinBotError if there is none, and for an index of another encoder or another
    version of this program, which are never replaced silently.
    """
    try:
        return load_current(index_folder, encoder_name)
    except DamagedIndexError as damage:
        for folder in (index_folder / name for name in _history(index_folder)):
            index = _load_if_intact(folder, encoder_name)
            if index:
                logger.error("%s The generation %s is served instead.", damage, index.name)
                return index
        raise


def _load(folder: Path, encoder_name: str) -> Index:
    manifest = manifests.read_manifest(folder)
    if not manifests.is_served_by(manifest.encoder, encoder_name):
        raise BulletinBotError(
            f"The index was built with the encoder {manifest.encoder} but {encoder_name} is configured: "
            "run `bulletin-bot rebuild`, or set EMBEDDING_MODEL back."
        )
    return load_index(folder)


def _load_if_intact(folder: Path, encoder_name: str) -> Index | None:
    try:
        return _load(folder, encoder_name)
    except BulletinBotError:
        return None


def whole_generations(index_folder: Path, encoder_name: str, but: str | None = None) -> Iterator[Index]:
    """Every readable generation of the encoder except `but`, each loaded on demand; those that were in service first."""
    others = (folder.name for folder in reversed(generation_folders(index_folder)))
    refused = (folder.name for folder in refused_folders(index_folder))
    for name in dict.fromkeys((*_history(index_folder), *others, *refused)):
        index = None if name == but else _load_if_intact(index_folder / name, encoder_name)
        if index:
            yield index


def last_whole(index_folder: Path) -> Index | None:
    """The generation in service or, if it cannot be read, the last readable one before it; of any encoder."""
    for name in _history(index_folder):
        try:
            return load_index(index_folder / name)
        except BulletinBotError as error:
            logger.warning("%s", error)
    return None


def roll_back(index_folder: Path) -> str:
    """Put the generation before the current one into service again; returns its name.

    A damaged one is skipped if there is an intact one before it. Raises BulletinBotError if there is none.
    """
    current, *earlier = served(index_folder)
    if not earlier:
        raise BulletinBotError(f"There is no generation before {current} in {index_folder} to go back to.")
    with lock.only_builder(index_folder, "rollback"):
        names = served(index_folder)
        name = _last_intact(index_folder, names[1:]).name
        current_pointer.write_pointer(index_folder, names[names.index(name) :])
    return name


def rollback_target(index_folder: Path) -> Index | None:
    """The generation that `roll_back` would put into service; None if there is none before the current one.

    Raises BulletinBotError if nothing is in service, or if those before it are all damaged.
    """
    earlier = served(index_folder)[1:]
    return _last_intact(index_folder, earlier) if earlier else None


def _last_intact(index_folder: Path, names: tuple[str, ...]) -> Index:
    """The first of the generations that can be loaded; raises BulletinBotError if none can."""
    *others, last = names
    for name in others:
        try:
            return load_index(index_folder / name)
        except BulletinBotError as error:
            logger.warning("%s The one before it is taken.", error)
    return load_index(index_folder / last)


def drop(index_folder: Path, names: Collection[str]) -> None:
    """Delete generations whole, refused ones too; the one in service is not among them. The caller holds the lock.

    The pointer is written first: it never names a generation that is half deleted.
    """
    history = tuple(name for name in served(index_folder) if name not in names)
    current_pointer.write_pointer(index_folder, history)
    for name in names:
        shutil.rmtree(index_folder / name, ignore_errors=True)
