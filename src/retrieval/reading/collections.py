"""The collections below a folder of bulletins: a folder with a `collection.toml` is one, all other files are the default."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BulletinBotError, UnknownCollectionError
from retrieval.language import fold
from retrieval.types import DEFAULT_COLLECTION

COLLECTION_FILE = "collection.toml"
_KEYS = ("name", "description")
_LONGEST_NAME = 40
"""Characters: a name stands on a button and before every citation."""
_LONGEST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of bulletins that are asked apart from the others."""

    name: str
    description: str
    """Empty where the file gives none."""
    folder: Path


@dataclass(frozen=True, slots=True)
class Collections:
    """The collections below a folder of bulletins, by folder."""

    root: Path
    all: tuple[Collection, ...]

    @classmethod
    def in_folder(cls, root: Path) -> Collections:
        """Reads every `collection.toml`; raises BulletinBotError for one that cannot be used."""
        files = sorted(path for path in root.rglob(COLLECTION_FILE) if _describes(path, root))
        collections = tuple(map(_read, files))
        _check_names(collections)
        return cls(root, collections)

    def of(self, path: Path) -> Collection | None:
        """The innermost collection whose folder holds the file; None for the default one."""
        around = [collection for collection in self.all if path.is_relative_to(collection.folder)]
        return max(around, key=lambda collection: len(collection.folder.parts), default=None)

    def files_of(self, names: Iterable[str], paths: Iterable[Path]) -> list[Path]:
        """Those of the files that are in the collections of these names, in either script, `DEFAULT_COLLECTION` too.

        Raises UnknownCollectionError for a name that no collection has.
        """
        known = (DEFAULT_COLLECTION, *(collection.name for collection in self.all))
        wanted = {fold(name.strip()): name for name in names}
        unknown = [name for folded, name in wanted.items() if folded not in map(fold, known)]
        if unknown:
            raise UnknownCollectionError(unknown[0], known)
        names_of = ((path, self.of(path)) for path in paths)
        return [path for path, own in names_of if fold(own.name if own else DEFAULT_COLLECTION) in wanted]

    def describes(self, path: Path) -> bool:
        """Whether the file is the `collection.toml` of one of them."""
        return path.name == COLLECTION_FILE and any(path.parent == each.folder for each in self.all)


def _describes(path: Path, root: Path) -> bool:
    """Whether the file makes a collection of its folder: it lies in a folder below the root that is not hidden."""
    parts = path.relative_to(root).parts
    return len(parts) > 1 and not any(part.startswith(".") for part in parts) and path.is_file()


def _check_names(collections: Iterable[Collection]) -> None:
    seen: dict[str, Collection] = {}
    for collection in collections:
        other = seen.setdefault(fold(collection.name), collection)
        if other is not collection:
            raise BulletinBotError(
                f"{collection.folder / COLLECTION_FILE} and {other.folder / COLLECTION_FILE} give the same name, "
                f"{collection.name!r}: give one of them another name."
            )


def _read(file: Path) -> Collection:
    """The collection of the file; each fault is one sentence with the file and the remedy."""
    try:
        fields = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BulletinBotError(f"{file} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BulletinBotError(f"{file} is not in UTF-8: save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BulletinBotError(
            f'{file} is not TOML ({error}): write a line such as name = "工作簡報".'
        ) from error
    unknown = [key for key in fields if key not in _KEYS]
    if unknown:
        raise BulletinBotError(f"{file} has the key {unknown[0]!r}: it may have {' and '.join(_KEYS)} alone.")
    name, description = (_line(fields, key, file) for key in _KEYS)
    if not name:
        raise BulletinBotError(f'{file} gives no name: add a line such as name = "工作簡報".')
    if fold(name) == DEFAULT_COLLECTION:
        raise BulletinBotError(
            f"{file} takes the name {name!r}, which is that of the files in no collection: choose another."
        )
    return Collection(name, description, file.parent)


def _line(fields: dict[str, object], key: str, file: Path) -> str:
    """The value of a key as one line; empty where it is not given."""
    value, most = fields.get(key, ""), _LONGEST_NAME if key == "name" else _LONGEST_DESCRIPTION
    if not isinstance(value, str):
        raise BulletinBotError(f'{file}: the {key} is no text: write it in quotation marks, {key} = "…".')
    line = " ".join(value.split())
    if len(line) > most or not line.isprintable():
        raise BulletinBotError(f"{file}: the {key} must be one line of at most {most} characters.")
    return line
