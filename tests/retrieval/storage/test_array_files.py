from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.storage.array_files import RowReader

ROWS = np.random.default_rng(0).integers(0, 256, (40, 3), np.uint8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    np.save(tmp_path / "codes.npy", ROWS)
    return tmp_path / "codes.npy"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.integers(0, len(ROWS) - 1), max_size=30))
def test_the_rows_come_in_the_order_in_which_they_are_asked_for(file: Path, rows: list[int]) -> None:
    found = RowReader.from_array_file(file)[np.asarray(rows, np.int64)]
    assert np.array_equal(found, ROWS[rows] if rows else ROWS[:0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 50), end=st.integers(0, 50))
def test_a_slice_gives_what_lies_between(file: Path, start: int, end: int) -> None:
    assert np.array_equal(RowReader.from_array_file(file)[start:end], ROWS[start:end])


def test_all_rows_are_an_array(file: Path) -> None:
    rows = RowReader.from_array_file(file)
    assert len(rows) == len(ROWS)
    assert np.array_equal(np.asarray(rows), ROWS)


def test_a_file_that_was_moved_can_still_be_read(file: Path) -> None:
    rows = RowReader.from_array_file(file)
    file.rename(file.with_name("moved.npy"))
    assert np.array_equal(rows[np.asarray([7])], ROWS[[7]])


def test_a_file_that_was_cut_off_is_an_error_and_no_rows(file: Path) -> None:
    rows = RowReader.from_array_file(file)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - 1)
    with pytest.raises(OSError, match="ends too early"):
        rows[np.asarray([len(ROWS) - 1])]
