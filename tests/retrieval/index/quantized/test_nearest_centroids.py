from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.quantized.nearest_centroids import nearest_parts, nearest_rows
from retrieval.index.vectors.int8_tokens import TokenCodes

DIMENSION = 96


def drawn(count: int, seed: int) -> np.ndarray:
    """Unit vectors around a few directions, as tokens stand: many have several of the table about as near."""
    random = np.random.default_rng(seed)
    directions = random.standard_normal((max(1, count // 8), DIMENSION))
    found = directions[random.integers(0, len(directions), count)] + 0.7 * random.standard_normal(
        (count, DIMENSION)
    )
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def in_bytes(vectors: np.ndarray) -> np.ndarray:
    kept = TokenCodes.from_vectors(vectors)
    return np.asarray(kept.codes.astype(np.float32) * kept.scales[:, None])


def squares(table: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(vectors, rows) squared distances in double precision."""
    table, vectors = table.astype(np.float64), vectors.astype(np.float64)
    products = vectors @ table.T
    return np.asarray(np.square(vectors).sum(1)[:, None] - 2 * products + np.square(table).sum(1)[None, :])


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 400), count=st.integers(1, 3000), seed=st.integers(0, 2**31), exact=st.booleans())
def test_no_row_is_nearer_than_the_one_found(rows: int, count: int, seed: int, exact: bool) -> None:
    table, vectors = drawn(rows, seed), drawn(count, seed + 1)
    vectors = in_bytes(vectors) if exact else vectors
    distances = squares(table, vectors)
    found = np.take_along_axis(distances, nearest_rows(table, vectors)[:, None], axis=1)[:, 0]
    assert (found - distances.min(axis=1)).max() < 1e-5


def test_rows_too_alike_for_bytes_are_distinguished() -> None:
    table = np.repeat(drawn(1, 1), 3, axis=0)
    table[:, 0] += np.asarray([0.0, 1e-2, 2e-2], np.float32)
    assert nearest_rows(table, table).tolist() == [0, 1, 2]


def test_a_vector_of_nothing_is_nearest_to_the_shortest_row() -> None:
    table = drawn(5, 2) * np.asarray([3, 2, 1, 2, 3], np.float32)[:, None]
    assert nearest_rows(table, np.zeros((2, DIMENSION), np.float32)).tolist() == [2, 2]


def test_a_table_of_nothing_has_a_nearest_row() -> None:
    assert nearest_rows(np.zeros((1, DIMENSION), np.float32), drawn(3, 3)).tolist() == [0, 0, 0]
    assert nearest_rows(drawn(3, 3), np.zeros((0, DIMENSION), np.float32)).tolist() == []


@pytest.mark.parametrize("parts", [1, 8, 48])
def test_parts_are_those_that_faiss_finds(parts: int) -> None:
    random = np.random.default_rng(parts)
    tables = random.standard_normal((parts, 256, DIMENSION // parts)).astype(np.float32)
    vectors = random.standard_normal((3000, DIMENSION)).astype(np.float32)
    fine = faiss.ProductQuantizer(DIMENSION, parts, 8)
    faiss.copy_array_to_vector(tables.ravel(), fine.centroids)
    assert (nearest_parts(tables, vectors) == fine.compute_codes(vectors)).mean() > 0.9999
