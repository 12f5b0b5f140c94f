"""Arrays as `.npy` files in a folder; large ones are memory-mapped when loaded, so that only the pages in use are read.

A mapped file that is cut short ends the process with SIGBUS at the next read of a lost page: small ones are in memory.
"""

from __future__ import annotations

import errno
import os
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from retrieval.storage.row_ranges import merged
from retrieval.types import IntVector

AnyArray = NDArray[Any]

IN_MEMORY_UP_TO = 16 * 2**20
"""Bytes of a file that is read into memory. All files of the seed collection are, 3 MB together; of 20,000 passages the
token vectors (some 500 MB) are mapped."""


def save_arrays(folder: Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write each array as `NAME.npy`; no pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def map_array(path: Path) -> AnyArray:
    """The array of the file, in memory or mapped by its size; raises OSError if it cannot be read."""
    if path.stat().st_size <= IN_MEMORY_UP_TO:
        array: AnyArray = np.load(path, allow_pickle=False)
        return array
    mapped: AnyArray = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)


def map_arrays(folder: Path, *names: str) -> dict[str, AnyArray]:
    """The arrays of these names, as keyword arguments."""
    return {name: map_array(folder / f"{name}.npy") for name in names}


class RowReader:
    """`count` rows of `width` bytes, from the byte `first` of a file; the file is open as long as this object lives."""

    def __init__(self, path: Path, first: int, count: int, width: int) -> None:
        """Raises OSError if the file cannot be read."""
        self._first, self._count, self._width = first, count, width
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    @classmethod
    def from_array_file(cls, path: Path) -> RowReader:
        """The rows of a two-dimensional `.npy` file of bytes; raises OSError if it cannot be read."""
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)  # for the offset of the first row
        count, width = mapped.shape
        return cls(path, mapped.offset, count, width)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, rows: IntVector | slice) -> NDArray[np.uint8]:
        """(rows, width) in the order given."""
        if isinstance(rows, slice):
            first, end, step = rows.indices(self._count)
            if step != 1:
                raise ValueError("a slice of a file has no step")
            return self.between(np.asarray([first]), np.asarray([end]))
        return self.between(rows, rows + 1)

    def between(self, starts: IntVector, ends: IntVector) -> NDArray[np.uint8]:
        """(rows, width) the rows from each start to before its end, one range after the other."""
        starts, ends = merged(starts, ends)
        counts = ends - starts
        rows = np.empty((int(counts.sum()), self._width), np.uint8)
        ends_in_buffer = (np.cumsum(counts) * self._width).tolist()
        buffer, begin = rows.reshape(-1).data, 0
        for at, end in zip((self._first + starts * self._width).tolist(), ends_in_buffer, strict=True):
            self._read(buffer[begin:end], at)
            begin = end
        return rows

    def __array__(self, dtype: DTypeLike | None = None, *, copy: bool | None = None) -> NDArray[np.uint8]:
        """All rows."""
        return self[:]

    def _read(self, buffer: memoryview, at: int) -> None:
        """Fill the buffer from this byte of the file on."""
        while (count := os.preadv(self._file, (buffer,), at)) < len(buffer):
            if not count:
                raise OSError(errno.EIO, "The file ends too early")
            buffer, at = buffer[count:], at + count
