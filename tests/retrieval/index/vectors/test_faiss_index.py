from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.types import FloatMatrix


def unit_rows(count: int, seed: int, dimension: int = 16) -> FloatMatrix:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def index_of(vectors: FloatMatrix) -> FaissIndex:
    return FaissIndex.build(vectors, np.arange(len(vectors), dtype=np.int64))


@given(st.integers(1, 40), st.integers(1, 60), st.integers(0, 1000))
def test_the_ranking_is_that_of_the_inner_products(count: int, top_k: int, seed: int) -> None:
    vectors = unit_rows(count, seed)
    query = unit_rows(1, seed + 1)[0]
    ranking = index_of(vectors).rank(query, top_k)
    products = vectors @ query
    assert len(ranking.positions) == min(top_k, count)
    np.testing.assert_allclose(ranking.scores, np.sort(products)[::-1][:top_k], atol=1e-5)
    np.testing.assert_allclose(products[ranking.positions], ranking.scores, atol=1e-5)


def test_a_vector_is_nearest_to_itself() -> None:
    vectors = unit_rows(20, seed=3)
    index = index_of(vectors)
    for row, vector in enumerate(vectors):
        ranking = index.rank(vector, 1)
        assert ranking.positions.tolist() == [row]
        assert ranking.scores[0] == pytest.approx(1.0, abs=1e-5)


def test_vectors_come_back_as_they_were_put_in() -> None:
    vectors = unit_rows(7, seed=1)
    index = index_of(vectors)
    assert (index.size, index.dimension) == (7, 16)
    assert np.array_equal(index.vectors(), vectors)


def test_a_vector_without_an_owner_is_not_indexed() -> None:
    with pytest.raises(ValueError, match="3 vectors for 2 owners"):
        FaissIndex.build(unit_rows(3, seed=0), np.zeros(2, np.int64))


def test_what_was_saved_is_the_same_when_loaded(tmp_path: Path) -> None:
    vectors, owners = unit_rows(9, seed=5), np.asarray([0, 0, 1, 1, 1, 2, 3, 3, 4], np.int64)
    FaissIndex.build(vectors, owners).save(tmp_path / "sentences.faiss")
    loaded = FaissIndex.load(tmp_path / "sentences.faiss")
    assert np.array_equal(loaded.vectors(), vectors)
    assert np.array_equal(loaded.owners, owners)
    assert loaded.rank(vectors[4], 3).positions[0] == 4
