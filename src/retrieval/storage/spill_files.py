"""Arrays too large for memory, written row by row to unnamed files, which the system removes if the process dies."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike, NDArray

from retrieval.errors import BulletinBotError


class SpillFile:
    """Rows of one shape and kind, appended and then mapped."""

    def __init__(self, folder: Path | None, kind: DTypeLike, shape: tuple[int, ...] = ()) -> None:
        """In the folder, or in the default one for temporary files; `shape` is that of one row."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when it is mapped
        self._folder = folder
        self._kind = np.dtype(kind)
        self.shape = shape
        self._rows = 0

    def append(self, rows: NDArray[np.generic]) -> None:
        """(any number, *shape); raises BulletinBotError if the disk is full."""
        try:
            self._file.write(np.ascontiguousarray(rows, self._kind).data)
        except OSError as error:
            raise _unwritten(self._folder, error) from error
        self._rows += len(rows)

    def mapped(self) -> NDArray[np.generic]:
        """(rows, *shape) of all rows, memory-mapped; nothing can be appended afterwards."""
        with self._file as file:
            try:
                file.flush()
            except OSError as error:
                raise _unwritten(self._folder, error) from error
            shape = (self._rows, *self.shape)
            if not self._rows:
                return np.zeros(shape, self._kind)
            return np.memmap(file, self._kind, mode="r", shape=shape)


def _unwritten(folder: Path | None, error: OSError) -> BulletinBotError:
    return BulletinBotError(
        f"What was embedded could not be put in order in {folder or tempfile.gettempdir()} ({error.strerror}): what was "
        "in service before stays; make room or set INDEX_DIR to another folder. Nothing is embedded again."
    )
