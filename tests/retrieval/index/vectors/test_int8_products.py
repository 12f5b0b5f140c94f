from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vectors.int8_products import products_with_bytes

DIMENSION = 384


def made(rows: int, queries: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    table = random.integers(-127, 128, (rows, DIMENSION)).astype(np.int8)
    return table, random.standard_normal((queries, DIMENSION)).astype(np.float32)


@given(rows=st.integers(1, 2500), queries=st.integers(1, 40), seed=st.integers(0, 2**31))
def test_products_are_those_of_float32_but_for_half_a_step_a_component(
    rows: int, queries: int, seed: int
) -> None:
    table, asked = made(rows, queries, seed)
    wanted = np.random.default_rng(seed).permutation(rows)
    found = products_with_bytes(table, wanted, asked)
    rounded = table[wanted].astype(np.float64) @ asked.T.astype(np.float64)
    steps = np.abs(asked).max(axis=1) / 127
    most = np.abs(table[wanted].astype(np.float64)).sum(axis=1)[:, None] * steps / 2
    assert (np.abs(found - rounded) <= most + 1e-3).all()


@given(rows=st.integers(1, 2500), start=st.integers(0, 500), seed=st.integers(0, 2**31))
def test_neighbouring_rows_have_the_products_that_they_have_in_any_order(
    rows: int, start: int, seed: int
) -> None:
    table, asked = made(rows + start, 7, seed)
    neighbours = np.arange(start, start + rows)
    order = np.random.default_rng(seed).permutation(rows)
    found = products_with_bytes(table, neighbours, asked)
    assert (found[order] == products_with_bytes(table, neighbours[order], asked)).all()


def test_the_largest_sum_does_not_overflow() -> None:
    table = np.full((3, DIMENSION), -127, np.int8)
    found = products_with_bytes(table, np.arange(3), np.full((1, DIMENSION), 2.0, np.float32))
    assert found == pytest.approx(-127 * 2.0 * DIMENSION)


def test_a_query_of_nothing_has_products_of_zero() -> None:
    table, _ = made(5, 1, 1)
    assert not products_with_bytes(table, np.arange(5), np.zeros((2, DIMENSION), np.float32)).any()
    assert products_with_bytes(table, np.arange(5), np.zeros((0, DIMENSION), np.float32)).shape == (5, 0)
