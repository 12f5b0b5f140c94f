"""The generations in an index folder and the pointer to the one in service."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from retrieval.generation import Generation, load_generation
from retrieval.manifest import read_manifest
from retrieval.types import BulletinBotError

POINTER = "current"
_KEPT = 3
_GENERATION_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")


def generation_folders(index_folder: Path) -> list[Path]:
    """The folders of all whole generations, oldest first."""
    found = index_folder.iterdir() if index_folder.is_dir() else ()
    return sorted(folder for folder in found if _GENERATION_NAME.fullmatch(folder.name))


def put_in_service(index_folder: Path, name: str) -> None:
    """Point to the generation, in one step that no crash can leave half done, and drop the oldest ones."""
    scratch = index_folder / f".{POINTER}-{os.getpid()}"
    scratch.write_text(name + "\n", encoding="utf-8")
    scratch.replace(index_folder / POINTER)
    for folder in generation_folders(index_folder)[:-_KEPT]:
        if folder.name != name:
            shutil.rmtree(folder, ignore_errors=True)


def current_folder(index_folder: Path) -> Path:
    """The folder of the generation in service; raises BulletinBotError if nothing was built yet."""
    try:
        name = (index_folder / POINTER).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BulletinBotError(
            f"No index in {index_folder} yet: run `bulletin-bot rebuild` first."
        ) from error
    if not _GENERATION_NAME.fullmatch(name) or not (index_folder / name).is_dir():
        raise BulletinBotError(
            f"{index_folder / POINTER} names no generation that is there: run `bulletin-bot rebuild`."
        )
    return index_folder / name


def has_current(index_folder: Path) -> bool:
    """Whether a generation is in service."""
    try:
        current_folder(index_folder)
    except BulletinBotError:
        return False
    return True


def load_current(index_folder: Path, encoder_name: str) -> Generation:
    """The generation in service; raises BulletinBotError if there is none, or it is of another encoder."""
    folder = current_folder(index_folder)
    manifest = read_manifest(folder)
    if manifest.encoder != encoder_name:
        raise BulletinBotError(
            f"The index was built with the encoder {manifest.encoder} but {encoder_name} is configured: "
            "run `bulletin-bot rebuild`, or set EMBEDDING_MODEL back."
        )
    return load_generation(folder)


def roll_back(index_folder: Path) -> str:
    """Put the generation before the one in service into service; returns its name.

    Raises BulletinBotError if there is none before it.
    """
    current = current_folder(index_folder)
    earlier = [folder for folder in generation_folders(index_folder) if folder.name < current.name]
    if not earlier:
        raise BulletinBotError(
            f"There is no generation before {current.name} in {index_folder} to go back to."
        )
    load_generation(earlier[-1])
    put_in_service(index_folder, earlier[-1].name)
    return earlier[-1].name
