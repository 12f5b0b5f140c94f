"""Copies a generation from a server to an index folder, where it serves as if it had been built there."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from retrieval.errors import BulletinBotError
from retrieval.index import Parts, generations, index_files
from retrieval.index.postgres.server import Connections
from retrieval.index.postgres.server_index import MANIFEST_FACT, read_facts, read_manifest
from retrieval.index.postgres.whole_generation import read_whole
from retrieval.storage import durable_files, manifests
from retrieval.types import Passage


def copy_to_folder(connections: Connections, generation: str, index_folder: Path) -> str:
    """Write the generation to the folder, check it, and put it into service there; returns its name.

    One that is there already is put into service as it is. The caller holds the lock of the folder. Nothing is embedded.
    Raises ServerError, BulletinBotError if the folder cannot be written, DamagedIndexError if a part is not as written.
    """
    target = index_folder / generation
    try:
        if not target.is_dir():
            _write(connections, generation, index_folder).rename(target)
            durable_files.sync(index_folder)
        index_files.load_index(target)
        generations.put_in_service(index_folder, generation)
    except OSError as error:
        raise BulletinBotError(
            f"The index could not be written to {index_folder} ({error.strerror or 'the disk is full, it seems'}): make "
            "room there, or set INDEX_DIR to another folder."
        ) from error
    return generation


def _write(connections: Connections, generation: str, index_folder: Path) -> Path:
    """A folder with all files of the generation, which the caller renames."""
    scratch = Path(tempfile.mkdtemp(prefix=generations.SCRATCH, dir=index_folder))
    try:
        parts = read_whole(connections, generation)
        index_files.save_parts(parts, scratch)
        parts.passages.earlier_ids.save(scratch / "passages")
        parts.passages.save_pictures(scratch / "passages", lambda passage: _picture(parts, passage))
        for name, value in read_facts(connections, generation).items():
            if name != MANIFEST_FACT:
                text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
                (scratch / name).write_text(text, encoding="utf-8")
        manifest = read_manifest(connections, generation)
        manifests.write_manifest(scratch, replace(manifest, parts=manifests.hash_parts(scratch)))
        durable_files.sync_tree(scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return scratch


def _picture(parts: Parts, passage: Passage) -> bytes | None:
    position = parts.passages.position(passage.passage_id)
    return None if position is None else parts.passages.picture(position)
