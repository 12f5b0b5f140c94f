from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.quantized.product_quantizer import ProductQuantizer
from retrieval.index.quantized.quantized_vectors import QuantizedTokens, QuantizedVectors
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
def quantized(vectors: FloatMatrix) -> QuantizedVectors:
    quantizer = ProductQuantizer.train(vectors, 64, 8)
    return QuantizedVectors(quantizer, quantizer.encode(vectors[:100]))


def test_codes_keep_the_inner_products_of_the_vectors_they_stand_for(vectors: FloatMatrix) -> None:
    book = ProductQuantizer.train(vectors, 64, 8)
    codes = book.encode(vectors)
    queries = clustered(5, seed=3)
    np.testing.assert_allclose(book.products(codes, queries), book.decode(codes) @ queries.T, atol=5e-3)
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


def test_rough_maxima_are_the_cosines_of_the_centroids_to_a_255th_of_their_range(
    vectors: FloatMatrix,
) -> None:
    book = ProductQuantizer.train(vectors, 64, 8)
    codes, queries = book.encode(vectors), clustered(5, seed=3)
    rough = book.centroid_maxima(codes, np.ones(len(codes), np.int64), queries)
    of_all = unit_rows(book.centroids) @ queries.T
    exact = of_all[codes[:, 0].astype(int) + 256 * (codes[:, 1].astype(int) % 8)]
    low, high = of_all.min(), of_all.max()
    np.testing.assert_allclose(low + rough * ((high - low) / 255), exact, atol=5e-3 + float(high - low) / 255)


@given(
    counts=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    cuts=st.sets(st.integers(1, 11)),
    tokens=st.integers(0, 40),
)
def test_the_nearest_token_of_a_run_of_texts_is_that_of_any_of_them(
    quantized: QuantizedVectors, counts: list[int], cuts: set[int], tokens: int
) -> None:
    edges = np.asarray([0, *sorted(cut for cut in cuts if cut < len(counts)), len(counts)])
    runs = QuantizedTokens(quantized, np.cumsum([0, *counts]))
    query = clustered(40, seed=5)[:tokens]
    single = runs.approximate_token_maxima(query, np.arange(len(counts)), np.arange(1, len(counts) + 1))
    found = runs.approximate_token_maxima(query, edges[:-1], edges[1:])
    expected = [single[first:end].max(axis=0) for first, end in itertools.pairwise(edges)]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_few_vectors_can_be_quantized(count: int) -> None:
    vectors = clustered(count, seed=4)
    book = ProductQuantizer.train(vectors, 64, 8)
    assert (book.decode(book.encode(vectors)) * vectors).sum(axis=1).min() > 0.8
