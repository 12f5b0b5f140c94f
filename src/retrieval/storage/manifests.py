"""The manifest of a generation: its sources, encoder and counts, and the hash of each of its parts."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.errors import BulletinBotError, DamagedIndexError

FORMAT = 6
"""Incremented when a part changes its form, or the texts of `context_text` change: an older index is refused."""
MANIFEST_FILE = "manifest.json"
CHECKSUM_FILE = "manifest.sha256"
"""In the format of `sha256sum`: `sha256sum --check manifest.sha256` checks the manifest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts, encoder, time, and hashes (SHA-256, hexadecimal) of sources and parts by relative name."""

    format: int
    generation: str
    built_at: str
    """UTC, ISO 8601."""
    encoder: str
    """Name of the encoder, with the digest of its weights as `identity` writes it."""
    dimension: int
    passages: int
    sentences: int
    sources: dict[str, str]
    parts: dict[str, str]


_DIGITS = 12
_DIGEST = re.compile(rf"@[0-9a-f]{{{_DIGITS}}}$")


def identity(model: str, digest: str) -> str:
    """The name of a model with the beginning of the digest of its weights (hexadecimal)."""
    return f"{model}@{digest[:_DIGITS]}"


def model_name(encoder: str) -> str:
    """The name of the model without the digest of its weights."""
    return _DIGEST.sub("", encoder)


def is_served_by(built_with: str, encoder: str) -> bool:
    """Whether an index built with the one encoder may be asked with the other.

    Earlier programs noted no digest: such an index is served by the model of that name, and none of its vectors is
    reused in a build.
    """
    return built_with in {encoder, model_name(encoder)}


def file_hash(path: Path) -> str:
    """SHA-256 of the content, hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def hash_sources(paths: Mapping[str, Path]) -> dict[str, str]:
    """The hash of each source file by its cited name; raises BulletinBotError naming a file that cannot be read."""
    return {name: _source_hash(path) for name, path in sorted(paths.items())}


def _source_hash(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise BulletinBotError(
            f"The bulletin {path} could not be read ({error.strerror}): was it moved while the index was built? "
            "Run `bulletin-bot rebuild` once more."
        ) from error


def hash_parts(folder: Path) -> dict[str, str]:
    """The hash of every file below the folder, by relative name; without the manifest and its checksum."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    parts = {name: path for name, path in names.items() if name not in {MANIFEST_FILE, CHECKSUM_FILE}}
    return dict(sorted(_hashes(parts).items()))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and its checksum beside it."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n"
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")
    (folder / CHECKSUM_FILE).write_text(_checksum(folder), encoding="utf-8")


def _checksum(folder: Path) -> str:
    return f"{file_hash(folder / MANIFEST_FILE)}  {MANIFEST_FILE}\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest in the folder.

    Raises DamagedIndexError if it is missing or altered, BulletinBotError if it is of another format.
    """
    path = folder / MANIFEST_FILE
    try:
        checksum = folder / CHECKSUM_FILE
        if checksum.is_file() and checksum.read_bytes() != _checksum(folder).encode():
            raise DamagedIndexError(f"The index part {path} is damaged: run `bulletin-bot rebuild`.")
        fields = json.loads(path.read_text(encoding="utf-8"))
        _refuse_other_format(folder, fields["format"])
        if not checksum.is_file():
            raise DamagedIndexError(f"The index part {checksum} is missing: run `bulletin-bot rebuild`.")
        return Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndexError(
            f"The index in {folder} has no readable manifest: run `bulletin-bot rebuild`."
        ) from error


def _refuse_other_format(folder: Path, version: object) -> None:
    """Raises BulletinBotError for a manifest of another version of this program; the oldest wrote no checksum."""
    if version != FORMAT:
        raise BulletinBotError(
            f"The index in {folder} has format {version} and this program writes {FORMAT}: run `bulletin-bot rebuild`."
        )


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Raises DamagedIndexError naming the first part that is missing or altered.

    Every byte of every part is hashed, on all cores: for a million passages 3 GB, in about two seconds if the disk
    keeps up.
    """
    paths = {name: folder / name for name in manifest.parts}
    for path in paths.values():
        if not path.is_file():
            raise DamagedIndexError(f"The index part {path} is missing: run `bulletin-bot rebuild`.")
    hashes = _hashes(paths)
    for name, expected in manifest.parts.items():
        if hashes[name] != expected:
            raise DamagedIndexError(f"The index part {paths[name]} is damaged: run `bulletin-bot rebuild`.")


def _hashes(paths: Mapping[str, Path]) -> dict[str, str]:
    """The hash of each file by its name, on all cores; the largest files first, so that none is left to the end."""
    order = sorted(paths, key=lambda name: -paths[name].stat().st_size)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        hashes = threads.map(file_hash, (paths[name] for name in order))
        return dict(zip(order, hashes, strict=True))
