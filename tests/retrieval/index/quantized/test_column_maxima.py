from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.quantized.column_maxima import column_maxima


@given(
    counts=st.lists(st.integers(1, 9), max_size=200),
    columns=st.integers(0, 40),
    seed=st.integers(0, 2**32 - 1),
)
def test_they_are_the_largest_over_the_rows_of_each_group(counts: list[int], columns: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    table = chance.integers(0, 256, (30, columns), np.uint8)
    rows = chance.integers(0, 30, sum(counts))
    groups = np.split(rows, np.cumsum(counts)[:-1]) if counts else []
    expected = [table[group].max(axis=0).tolist() for group in groups]
    assert column_maxima(table, rows, np.asarray(counts, np.int64)).tolist() == expected
