from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vectors.int8_products import ByteRows, products_with_bytes

DIMENSION = 384


def made(rows: int, queries: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.integers(-127, 128, (rows, DIMENSION)).astype(np.int8)
    return table, random.standard_normal((queries, DIMENSION)).astype(np.float32)


def products(
    table: np.ndarray, queries: np.ndarray, ranges: list[tuple[int, int]], scale: float = 1.0
) -> np.ndarray:
    starts, ends = np.asarray(ranges, np.int64).reshape(-1, 2).T
    scales = np.full(len(table), scale, np.float32)
    return products_with_bytes(ByteRows(table, scales, starts, ends), queries)


RANGES = st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 1500)), max_size=12).map(
    lambda pairs: [(start, start + length) for start, length in pairs]
)


@given(ranges=RANGES, queries=st.integers(0, 40), seed=st.integers(0, 2**31))
def test_products_are_those_of_float32_but_for_half_a_step_a_component(
    ranges: list[tuple[int, int]], queries: int, seed: int
) -> None:
    table, asked = made(4000, queries, seed)
    rows = [row for start, end in ranges for row in range(start, end)]
    found = products(table, asked, ranges, 0.5)
    exact = 0.5 * (table[rows].astype(np.float64) @ asked.T.astype(np.float64))
    steps = np.abs(asked).max(axis=1, initial=0.0) / 127
    most = 0.5 * np.abs(table[rows].astype(np.float64)).sum(axis=1)[:, None] * steps / 2
    assert (np.abs(found - exact) <= most + 1e-2).all()


@given(ranges=RANGES, seed=st.integers(0, 2**31))
def test_a_row_has_the_same_products_in_whichever_ranges(ranges: list[tuple[int, int]], seed: int) -> None:
    table, asked = made(4000, 7, seed)
    rows = [row for start, end in ranges for row in range(start, end)]
    assert (products(table, asked, ranges) == products(table, asked, [(0, 4000)])[rows]).all()


def test_the_largest_sum_does_not_overflow() -> None:
    table = np.full((3, DIMENSION), -127, np.int8)
    found = products(table, np.full((1, DIMENSION), 2.0, np.float32), [(0, 3)])
    assert found == pytest.approx(-127 * 2.0 * DIMENSION)


def test_a_query_of_nothing_has_products_of_zero() -> None:
    table, _ = made(5, 1, 1)
    assert not products(table, np.zeros((2, DIMENSION), np.float32), [(0, 5)]).any()
    assert products(table, np.zeros((0, DIMENSION), np.float32), [(0, 5)]).shape == (5, 0)
