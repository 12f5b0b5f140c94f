"""The manifest of a generation: what it was built from, with what, and the hash of each of its parts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from retrieval.types import BulletinBotError

FORMAT = 1
"""Raised when a part changes its form, or what `contexts` embeds does: an older index is refused, not misread."""
MANIFEST_FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Counts, encoder, time, and hashes (SHA-256, hexadecimal) of sources and parts by relative name."""

    format: int
    generation: str
    built_at: str
    """UTC, ISO 8601."""
    encoder: str
    dimension: int
    passages: int
    sentences: int
    sources: dict[str, str]
    parts: dict[str, str]


def file_hash(path: Path) -> str:
    """SHA-256 of the content, hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def hash_parts(folder: Path) -> dict[str, str]:
    """The hash of every file below the folder but the manifest, by its name relative to the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST_FILE)
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises BulletinBotError if there is none, or one of another format."""
    try:
        fields = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if fields["format"] != FORMAT:
            raise BulletinBotError(
                f"The index in {folder} has format {fields['format']} and this program writes {FORMAT}: "
                "run `bulletin-bot rebuild`."
            )
        return Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BulletinBotError(
            f"The index in {folder} has no readable manifest: run `bulletin-bot rebuild`."
        ) from error


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Raises BulletinBotError naming the first part that is missing or is not what was built."""
    for name, expected in manifest.parts.items():
        path = folder / name
        if not path.is_file():
            raise BulletinBotError(f"The index part {path} is missing: run `bulletin-bot rebuild`.")
        if file_hash(path) != expected:
            raise BulletinBotError(f"The index part {path} is damaged: run `bulletin-bot rebuild`.")
