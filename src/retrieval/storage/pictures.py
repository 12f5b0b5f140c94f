"""The pictures of passages that were read from scans: one file of bytes, read at the place of the passage."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import numpy as np

from retrieval.storage.array_files import RowReader, map_arrays, save_arrays
from retrieval.types import IntVector

_CONTENT, _ROWS, _STARTS = "pictures.bin", "picture_rows", "picture_starts"


class PictureSource(Protocol):
    """Pictures by the position of their passage, in files or on a server."""

    def picture(self, position: int) -> bytes | None:
        """The picture (JPEG) of the passage at the position, or None where it has none."""


class Pictures:
    """JPEG pictures by the position of their passage; immutable, so that any number of threads may read it."""

    def __init__(self, content: RowReader, rows: IntVector, starts: IntVector) -> None:
        # Open from now on: the folder is renamed when the generation goes into service.
        self._content = content
        self._rows, self._starts = rows, starts

    def picture(self, position: int) -> bytes | None:
        """The picture of the passage at the position, or None, also where the file was cut short."""
        row = int(np.searchsorted(self._rows, position))
        if row >= len(self._rows) or self._rows[row] != position:
            return None
        try:
            return self._content[int(self._starts[row]) : int(self._starts[row + 1])].tobytes()
        except OSError:
            return None

    @classmethod
    def load(cls, folder: Path) -> Pictures | None:
        """The pictures in the folder, or None where no passage has one."""
        path = folder / _CONTENT
        if not path.is_file():
            return None
        arrays = map_arrays(folder, _ROWS, _STARTS)
        content = RowReader(path, 0, path.stat().st_size, 1)
        return cls(content, arrays[_ROWS], arrays[_STARTS])


def save_pictures(folder: Path, pictures: Iterable[tuple[int, bytes]]) -> None:
    """Write the pictures, which come with the positions of their passages in rising order; nothing if there are none."""
    rows, starts = [], [0]
    file = folder / _CONTENT
    with file.open("wb") as content:
        for position, picture in pictures:
            content.write(picture)
            rows.append(position)
            starts.append(starts[-1] + len(picture))
    if not rows:
        file.unlink()
        return
    save_arrays(folder, {_ROWS: np.asarray(rows, np.int64), _STARTS: np.asarray(starts, np.int64)})
