from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import BulletinBotError
from retrieval.storage.spill_files import SpillFile


def test_what_was_appended_is_mapped_in_order_and_no_file_is_seen(tmp_path: Path) -> None:
    rows = np.arange(24, dtype=np.float32).reshape(6, 4)
    file = SpillFile(tmp_path, np.float32, (4,))
    file.append(rows[:1])
    file.append(rows[1:])
    assert list(tmp_path.iterdir()) == []
    found = file.mapped()
    assert isinstance(found, np.memmap)
    assert np.array_equal(found, rows)


def test_no_rows_are_an_empty_array_of_the_right_shape(tmp_path: Path) -> None:
    assert SpillFile(tmp_path, np.int8, (4,)).mapped().shape == (0, 4)


def test_a_full_disk_is_one_sentence() -> None:
    file = SpillFile(None, np.float32)

    class Full:
        def write(self, _content: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    file._file.close()
    file._file = Full()  # type: ignore[assignment]
    with pytest.raises(
        BulletinBotError, match=r"could not be put in order in \S+ \(No space left on device\): "
    ):
        file.append(np.zeros(1, np.float32))
