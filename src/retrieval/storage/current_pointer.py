"""The pointer of an index folder: the names of the generation in service and of those before it.

One line a generation, the one in service first, then a line with the SHA-256 of the lines above. A single name without
checksum, as a person would write it, is accepted too.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.storage.durable_files import replace_text

POINTER = "current"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_LONGEST = 4096


def is_generation_name(name: str) -> bool:
    """Whether a folder of that name is a generation."""
    return _NAME.fullmatch(name) is not None


def read_pointer(index_folder: Path) -> tuple[str, ...]:
    """The names of the generations, the one in service first; raises BulletinBotError if nothing was built yet.

    Raises DamagedIndexError if the content is neither that of `write_pointer` nor a single name.
    """
    path = index_folder / POINTER
    try:
        with path.open("rb") as pointer:
            content = pointer.read(_LONGEST)
    except OSError as error:
        raise BulletinBotError(
            f"No index in {index_folder} yet: run `bulletin-bot rebuild` first."
        ) from error
    names = _names_in(content)
    if not names:
        raise DamagedIndexError(f"{path} names no generation that is there: run `bulletin-bot rebuild`.")
    return names


def _names_in(content: bytes) -> tuple[str, ...]:
    """The names if the checksum matches, or if there is a single name and nothing else; otherwise none."""
    lines = content.decode("utf-8", errors="replace").split("\n")
    names = tuple(line.strip() for line in lines if is_generation_name(line.strip()))
    is_single = len(names) == 1 and content.strip() == names[0].encode()
    return names if is_single or content == _content(names).encode() else ()


def write_pointer(index_folder: Path, names: tuple[str, ...]) -> None:
    """Put the first of the names into service, in one step that is atomic and durable."""
    replace_text(index_folder / POINTER, _content(names))


def _content(names: tuple[str, ...]) -> str:
    listed = "".join(f"{name}\n" for name in names)
    return f"{listed}sha256 {hashlib.sha256(listed.encode()).hexdigest()}\n"
