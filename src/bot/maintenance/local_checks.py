"""Checks of what is on this machine: settings, folders, bulletins, model, index, state, space, programs."""

from __future__ import annotations

import functools
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.maintenance.diagnosis import Diagnosis, Level
from bot.settings import Settings
from bot.state import homes
from retrieval.embedding import load_encoder
from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.reading import find_files, preparation, source_files
from retrieval.storage import manifests
from retrieval.types import Encoder

# A rebuild writes a second generation beside the first and needs as much again while it builds.
_SPACE_OF_GENERATIONS = 3
_LEAST_SPACE = 500 * 2**20
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_settings_file(settings: Settings) -> Iterator[Diagnosis]:
    """`.env` is readable by its owner alone, private mode serves somebody, and citations can open the page."""
    path = Path(".env")
    if path.is_file() and path.stat().st_mode & _OTHERS:
        yield Diagnosis(
            "settings", Level.FAULT, ".env holds the token and other users may read it: run `chmod 600 .env`."
        )
    if settings.bot_mode == "private" and not settings.allowed_chats | settings.admin_ids:
        yield Diagnosis(
            "settings",
            Level.FAULT,
            "BOT_MODE is private and nobody is served: name chats in ALLOWED_CHATS or people in ADMIN_IDS.",
        )
    if settings.web_url and settings.linked_web_url is None:
        yield Diagnosis(
            "settings",
            Level.NOTE,
            f"Telegram takes no button to {settings.web_url}: citations open the page if WEB_URL has a name with a dot.",
        )
    if not settings.admin_ids:
        yield Diagnosis(
            "settings", Level.NOTE, "No admin: set ADMIN_IDS to add bulletins and rebuild from the chat."
        )
    else:
        yield Diagnosis("settings", Level.OK, f"{len(settings.admin_ids)} admins, mode {settings.bot_mode}")


def check_folders(settings: Settings) -> Iterator[Diagnosis]:
    """The index, the state and the model can be written, and there is room for a rebuild."""
    folders = {"INDEX_DIR": settings.index_dir, "MODEL_CACHE": settings.model_cache}
    if settings.state_db != homes.IN_MEMORY and settings.state_url is None:
        folders["STATE_DB"] = settings.state_db.parent
    faults = {name: fault for name, folder in folders.items() if (fault := _write_fault(folder))}
    if not faults:
        yield Diagnosis("folders", Level.OK, "index, state and model can be written")
    for name, fault in faults.items():
        yield Diagnosis(
            "folders",
            Level.FAULT,
            f"{folders[name]} cannot be written ({fault}): let this user write there, or set {name} to another.",
        )
    yield from _space(settings.index_dir)


def _write_fault(folder: Path) -> str | None:
    """Why nothing can be written to the folder, or to the nearest one above it that exists; None if it can."""
    try:
        with tempfile.TemporaryFile(dir=_present(folder)) as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def _present(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())


def _space(index_dir: Path) -> Iterator[Diagnosis]:
    present = _present(index_dir)
    free = shutil.disk_usage(present).free
    size = _size_of_generation(index_dir)
    needed = max(_LEAST_SPACE, _SPACE_OF_GENERATIONS * size)
    if free < needed:
        yield Diagnosis(
            "space",
            Level.FAULT,
            f"{free / 2**20:,.0f} MB are free at {present} and a rebuild may need {needed / 2**20:,.0f}: make room there, "
            "or set INDEX_DIR to a larger disk.",
        )
    else:
        yield Diagnosis("space", Level.OK, f"{free / 2**30:,.1f} GB free at {present}")


def _size_of_generation(index_dir: Path) -> int:
    try:
        folder = index_dir / generations.served(index_dir)[0]
    except BulletinBotError:
        return 0
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def check_bulletins(settings: Settings) -> Iterator[Diagnosis]:
    """There are bulletins and each can be opened."""
    if not settings.bulletins_dir.is_dir():
        raise BulletinBotError(
            f"{settings.bulletins_dir} is no folder: put the bulletins there, or set BULLETINS_DIR."
        )
    files = find_files(settings.bulletins_dir)
    if not files:
        raise BulletinBotError(
            f"{settings.bulletins_dir} holds no bulletin that can be read: put files there, or set BULLETINS_DIR."
        )
    unreadable = [path for path in files if not os.access(path, os.R_OK)]
    for path in unreadable:
        yield Diagnosis(
            "bulletins", Level.FAULT, f"{path} cannot be read: let this user read it, or move it away."
        )
    if not unreadable:
        yield Diagnosis("bulletins", Level.OK, f"{len(files)} files in {settings.bulletins_dir}")


def check_model(settings: Settings) -> Iterator[Diagnosis]:
    """The model loads: its files are whole, and it gives the known vector of a fixed sentence."""
    encoder = _encoder(settings.embedding_model, settings.model_cache)
    encoder.encode_queries(["志願服務"])
    yield Diagnosis("model", Level.OK, f"{encoder.name}, {encoder.dimension} dimensions")


@functools.lru_cache(maxsize=1)
def _encoder(model: str, cache: Path) -> Encoder:
    """The encoder, loaded once for both checks that need it."""
    return load_encoder(model, cache, threads=1)


def check_index(settings: Settings) -> Iterator[Diagnosis]:
    """The index in service is whole, was built with this encoder, and from the bulletins as they are."""
    home = settings.index_home()
    manifest = home.manifest()
    checks = home.check()
    encoder = _encoder(settings.embedding_model, settings.model_cache)
    if not manifests.is_served_by(manifest.encoder, encoder.name):
        raise BulletinBotError(
            f"The index was built with {manifest.encoder} and EMBEDDING_MODEL gives {encoder.name}: "
            "run `bulletin-bot rebuild`."
        )
    yield from _staleness(settings, manifest)
    if settings.index_url:
        yield Diagnosis("index", Level.OK, f"on {home.shown}: {checks}")
    holder = home.builder()
    if holder:
        yield Diagnosis("index", Level.NOTE, f"Being built now: {holder}.")


def _staleness(settings: Settings, manifest: manifests.Manifest) -> Iterator[Diagnosis]:
    now = manifests.hash_sources(source_files(settings.bulletins_dir))
    different = sorted(name for name in manifest.sources | now if manifest.sources.get(name) != now.get(name))
    if different:
        names = ", ".join(different[:3]) + (" …" if len(different) > 3 else "")
        yield Diagnosis(
            "index",
            Level.NOTE,
            f"{len(different)} files are new, changed or gone since it was built ({names}): run `bulletin-bot rebuild`.",
        )
    else:
        yield Diagnosis(
            "index", Level.OK, f"{manifest.generation}, {manifest.passages} passages, all parts whole"
        )


def check_state(settings: Settings) -> Iterable[Diagnosis]:
    """The state can be opened, belongs to this program, and is not damaged; it is read alone, never migrated."""
    if settings.state_url is None and settings.state_db == homes.IN_MEMORY:
        return [Diagnosis("state", Level.NOTE, "STATE_DB is :memory:, so nothing survives a restart.")]
    return [Diagnosis("state", Level.OK, settings.state_home().check())]


def check_programs(_settings: Settings) -> Iterator[Diagnosis]:
    """The programs that only some formats need; a note, with what to install, where one is missing."""
    for program in preparation.optional_programs():
        if program.found:
            yield Diagnosis("programs", Level.OK, f"{program.name}: {program.found}")
        else:
            yield Diagnosis(
                "programs", Level.NOTE, f"{program.name} is missing, for {program.formats}: {program.remedy}"
            )
