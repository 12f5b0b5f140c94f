from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.storage.row_ranges import merged, numbers_of
from retrieval.types import IntVector

RUNS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4)), max_size=12)


def edges(runs: list[tuple[int, int]]) -> tuple[IntVector, IntVector]:
    starts = np.asarray([start for start, _ in runs], np.int64)
    return starts, starts + np.asarray([length for _, length in runs], np.int64)


@given(RUNS)
def test_the_numbers_are_those_of_each_run_in_turn(runs: list[tuple[int, int]]) -> None:
    expected = [number for start, length in runs for number in range(start, start + length)]
    assert numbers_of(*edges(runs)).tolist() == expected


@given(RUNS)
def test_joined_runs_hold_the_same_numbers_in_the_same_order_and_none_goes_on_where_another_ends(
    runs: list[tuple[int, int]],
) -> None:
    starts, ends = merged(*edges(runs))
    assert numbers_of(starts, ends).tolist() == numbers_of(*edges(runs)).tolist()
    assert (ends > starts).all()
    assert (starts[1:] != ends[:-1]).all()
