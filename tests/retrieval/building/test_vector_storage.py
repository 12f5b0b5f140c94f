from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.vectors.product_quantizer import ProductQuantizer
from retrieval.index.vectors.quantized_vectors import QuantizedTokens, QuantizedVectors, quantize_vectors
from retrieval.index.vectors.vector_index import FaissIndex
from retrieval.storage.row_ranges import unit_rows
from retrieval.types import FloatMatrix

DIMENSION = 32


def clustered(count: int, seed: int, clusters: int = 40) -> FloatMatrix:
    """Unit vectors around so many centres."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(7).standard_normal((clusters, DIMENSION))
    rows = centres[chance.integers(clusters, size=count)] + 0.5 * chance.standard_normal((count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def vectors() -> FloatMatrix:
    return clustered(6000, seed=1)


@pytest.fixture(scope="module")
def lists(vectors: FloatMatrix) -> FaissIndex:
    return FaissIndex.build_lists(vectors, np.arange(len(vectors), dtype=np.int64))


@pytest.fixture(scope="module")
def coded(vectors: FloatMatrix) -> QuantizedVectors:
    return quantize_vectors(lambda rows: vectors[rows], 100, ProductQuantizer.train(vectors, 64, 8))


def recall(index: FaissIndex, vectors: FloatMatrix, within: np.ndarray | None = None) -> float:
    queries = clustered(50, seed=2)
    scores = queries @ vectors.T
    if within is not None:
        scores[:, ~within] = -1
    exact = np.argsort(-scores, axis=1)[:, :10]
    found = [index.rank(query, 10, within).positions for query in queries]
    return float(
        np.mean([len(set(one) & set(other)) / 10 for one, other in zip(found, exact.tolist(), strict=True)])
    )


def test_lists_find_nearly_all_of_the_nearest(lists: FaissIndex, vectors: FloatMatrix) -> None:
    assert recall(lists, vectors) >= 0.97


def test_lists_find_the_nearest_within_a_mask_and_nothing_else(
    lists: FaissIndex, vectors: FloatMatrix
) -> None:
    within = np.arange(len(vectors)) % 9 == 4
    assert recall(lists, vectors, within) >= 0.95
    assert within[lists.rank(vectors[0], 50, within).positions].all()


def test_a_vector_in_lists_keeps_its_code_however_often_it_is_given_back(
    lists: FaissIndex, vectors: FloatMatrix
) -> None:
    first = lists.vectors()
    assert (first * vectors).sum(axis=1).min() > 0.95
    again = lists
    for _ in range(4):
        again = FaissIndex.build_lists(again.vectors(), lists.owners, like=again)
    same = (again.vectors() == first).all(axis=1)
    assert same.mean() > 0.99
    assert (again.vectors() * vectors).sum(axis=1).min() > 0.95


def test_lists_rank_as_before_when_loaded(lists: FaissIndex, vectors: FloatMatrix, tmp_path: Path) -> None:
    lists.save(tmp_path / "paragraphs.faiss")
    loaded = FaissIndex.load(tmp_path / "paragraphs.faiss")
    rows = np.asarray([5, 3, 5999])
    assert loaded.rank(vectors[3], 20).positions.tolist() == lists.rank(vectors[3], 20).positions.tolist()
    assert np.array_equal(loaded.vectors(rows), lists.vectors(rows))


def test_codes_keep_the_inner_products_of_the_vectors_they_stand_for(vectors: FloatMatrix) -> None:
    book = ProductQuantizer.train(vectors, 64, 8)
    codes = book.encode(vectors)
    queries = clustered(5, seed=3)
    np.testing.assert_allclose(book.products(codes, queries), book.decode(codes) @ queries.T, atol=1e-5)
    assert codes.shape == (6000, book.row_bytes)
    assert (book.decode(codes) * vectors).sum(axis=1).mean() > 0.9
    again = book.encode(book.decode(codes))
    assert (again == codes).all(axis=1).mean() > 0.95


def test_vectors_come_back_as_long_as_they_went_in(vectors: FloatMatrix) -> None:
    book = ProductQuantizer.train(vectors, 64, 8)
    lengths = np.linalg.norm(book.decode(book.encode(vectors)), axis=1)
    assert np.percentile(np.abs(lengths - 1), 95) < 0.01


def test_more_centroids_than_have_a_number_are_refused(vectors: FloatMatrix) -> None:
    with pytest.raises(ValueError, match="no more than 2048"):
        ProductQuantizer.train(vectors, 2049, 8)


def test_rough_products_are_the_cosines_of_the_centroids_to_a_255th_of_their_range(
    vectors: FloatMatrix,
) -> None:
    book = ProductQuantizer.train(vectors, 64, 8)
    codes, queries = book.encode(vectors), clustered(5, seed=3)
    rough = book.centroid_scores(codes, queries)
    of_all = unit_rows(book.centroids) @ queries.T
    exact = of_all[codes[:, 0].astype(int) + 256 * (codes[:, 1].astype(int) % 8)]
    low, high = of_all.min(), of_all.max()
    np.testing.assert_allclose(low + rough * ((high - low) / 255), exact, atol=float(high - low) / 255)


@given(
    counts=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    cuts=st.sets(st.integers(1, 11)),
    tokens=st.integers(0, 40),
)
def test_the_nearest_token_of_a_run_of_texts_is_that_of_any_of_them(
    coded: QuantizedVectors, counts: list[int], cuts: set[int], tokens: int
) -> None:
    edges = np.asarray([0, *sorted(cut for cut in cuts if cut < len(counts)), len(counts)])
    runs = QuantizedTokens(coded, np.cumsum([0, *counts]))
    query = clustered(40, seed=5)[:tokens]
    single = runs.approximate_token_maxima(query, np.arange(len(counts)), np.arange(1, len(counts) + 1))
    found = runs.approximate_token_maxima(query, edges[:-1], edges[1:])
    expected = [single[first:end].max(axis=0) for first, end in itertools.pairwise(edges)]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_few_vectors_can_be_coded(count: int) -> None:
    vectors = clustered(count, seed=4)
    book = ProductQuantizer.train(vectors, 64, 8)
    assert (book.decode(book.encode(vectors)) * vectors).sum(axis=1).min() > 0.8
