"""Ids that passages had in earlier generations, as arrays: a link to one of them opens what it opened before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "earlier_ids.npy"
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class EarlierId:
    """An id of an earlier generation and that of the passage that has its text now or, failing that, its place."""

    earlier: int
    current: int
    is_same_text: bool


class EarlierIds:
    """The earlier ids of the passages of one generation, each once; empty for the first generation."""

    def __init__(self, rows: NDArray[np.uint64]) -> None:
        self._rows = rows
        """(ids, 3): the earlier id, the present one, and 1 where the text is the same; ordered by the earlier id."""

    @classmethod
    def of(cls, entries: Iterable[EarlierId]) -> EarlierIds:
        by_id = {entry.earlier: entry for entry in entries}
        rows = [(entry.earlier, entry.current, int(entry.is_same_text)) for _, entry in sorted(by_id.items())]
        return cls(np.asarray(rows, np.uint64).reshape(-1, _COLUMNS))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> NDArray[np.uint64]:
        """(ids, 3): the earlier id, the present one, and 1 where the text is the same; ordered by the earlier id."""
        return self._rows

    def entries(self) -> list[EarlierId]:
        return [EarlierId(earlier, current, bool(same)) for earlier, current, same in self._rows.tolist()]

    def find(self, number: int) -> EarlierId | None:
        """The entry of an earlier id, or None if there is none."""
        row = int(np.searchsorted(self._rows[:, 0], np.uint64(number)))
        if row == len(self._rows) or int(self._rows[row, 0]) != number:
            return None
        return EarlierId(number, int(self._rows[row, 1]), bool(self._rows[row, 2]))

    def save(self, folder: Path) -> None:
        """Writes nothing where there is none."""
        if len(self):
            np.save(folder / FILE, self._rows, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> EarlierIds:
        """Those of the folder; none where it holds no such file, as in generations of older versions."""
        path = folder / FILE
        return cls(np.load(path, allow_pickle=False)) if path.is_file() else cls.of(())
