from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.vectors.int8_tokens import Int8Tokens
from retrieval.index.vectors.maxsim import Products, maxsim, token_maxima
from retrieval.types import FloatMatrix, IntVector

DIMENSION = 16
# A component is off by at most half a step of at most 1/127; over a unit query that is at most this.
TOLERANCE = DIMENSION**0.5 / 254
COUNTS = st.lists(st.integers(0, 6), min_size=1, max_size=10)
SEEDS = st.integers(0, 1000)


def token_rows(count: int, generator: np.random.Generator) -> FloatMatrix:
    rows = generator.standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def texts_of(counts: list[int], seed: int) -> list[FloatMatrix]:
    generator = np.random.default_rng(seed)
    return [token_rows(count, generator) for count in counts]


def mean_of_nearest(query: FloatMatrix, text: FloatMatrix) -> float:
    """MaxSim as it is defined, one cosine at a time."""
    if not len(query) or not len(text):
        return 0.0
    return sum(max(float(asked @ token) for token in text) for asked in query) / len(query)


@given(COUNTS, st.integers(0, 5), SEEDS)
def test_the_score_is_the_mean_over_the_query_of_the_nearest_token(
    counts: list[int], query_tokens: int, seed: int
) -> None:
    texts = texts_of(counts, seed)
    query = token_rows(query_tokens, np.random.default_rng(seed + 1))
    scores = maxsim(Int8Tokens.build(texts, DIMENSION).token_maxima(query, np.arange(len(texts))))
    np.testing.assert_allclose(scores, [mean_of_nearest(query, text) for text in texts], atol=TOLERANCE)


@given(COUNTS, SEEDS, st.data())
def test_any_choice_of_texts_scores_as_all_do(counts: list[int], seed: int, data: st.DataObject) -> None:
    index = Int8Tokens.build(texts_of(counts, seed), DIMENSION)
    query = token_rows(3, np.random.default_rng(seed + 1))
    rows = data.draw(st.lists(st.integers(0, len(counts) - 1), max_size=12))
    everything = index.token_maxima(query, np.arange(len(counts)))
    np.testing.assert_allclose(
        index.token_maxima(query, np.asarray(rows, np.int64)),
        everything[np.asarray(rows, np.int64)],
        atol=1e-6,
    )


@given(COUNTS, SEEDS)
def test_vectors_come_back_nearly_as_they_were_put_in(counts: list[int], seed: int) -> None:
    texts = texts_of(counts, seed)
    index = Int8Tokens.build(texts, DIMENSION)
    assert index.size == len(texts)
    for row, text in enumerate(texts):
        kept = index.vectors(row)
        assert kept.shape == text.shape
        np.testing.assert_allclose(kept, text, atol=1 / 254)
        if len(text):
            cosines = (kept * text).sum(axis=1) / np.linalg.norm(kept, axis=1)
            assert cosines.min() > 0.9999


@given(COUNTS, SEEDS)
def test_vectors_do_not_wear_off_when_they_are_reused_again_and_again(counts: list[int], seed: int) -> None:
    first = Int8Tokens.build(texts_of(counts, seed), DIMENSION)
    index = first
    for _ in range(5):
        index = Int8Tokens.build([index.vectors(row) for row in range(len(counts))], DIMENSION)
    for row in range(len(counts)):
        np.testing.assert_allclose(index.vectors(row), first.vectors(row), rtol=1e-5)


@pytest.mark.parametrize("texts", [[], [np.zeros((0, DIMENSION), np.float32)]])
def test_an_index_without_any_token_scores_nothing(texts: list[FloatMatrix]) -> None:
    index = Int8Tokens.build(texts, DIMENSION)
    query = token_rows(2, np.random.default_rng(0))
    assert index.token_maxima(query, np.arange(len(texts))).tolist() == [[0.0, 0.0]] * len(texts)


@settings(max_examples=20)
@given(COUNTS, SEEDS)
def test_what_was_saved_scores_as_before_when_loaded(counts: list[int], seed: int) -> None:
    index = Int8Tokens.build(texts_of(counts, seed), DIMENSION)
    query = token_rows(3, np.random.default_rng(seed + 1))
    rows = np.arange(len(counts))
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "tokens")
        loaded = Int8Tokens.load(Path(folder) / "tokens")
        assert loaded.token_maxima(query, rows).tolist() == index.token_maxima(query, rows).tolist()


@pytest.mark.parametrize("query_tokens", [1, 20, 32, 33, 200, 400])
def test_a_long_query_scores_bit_for_bit_as_its_tokens_do_alone(query_tokens: int) -> None:
    texts = texts_of([3, 0, 40, 1], seed=1)
    index = Int8Tokens.build(texts, DIMENSION)
    query = token_rows(query_tokens, np.random.default_rng(2))
    alone = [index.token_maxima(query[[number]], np.arange(4)) for number in range(query_tokens)]
    assert index.token_maxima(query, np.arange(4)).tolist() == np.concatenate(alone, axis=1).tolist()


def test_however_long_a_query_is_few_products_are_held_at_once() -> None:
    held: list[int] = []

    def products_of(starts: IntVector, ends: IntVector) -> Products:
        count = int((ends - starts).sum())

        def products(some: FloatMatrix) -> FloatMatrix:
            held.append(count * len(some))
            return np.ones((count, len(some)), np.float32)

        return products

    starts = np.arange(0, 9000, 10)
    found = token_maxima(products_of, starts, starts + 10, token_rows(400, np.random.default_rng(3)))
    assert found.shape == (900, 400)
    assert found.all()
    assert max(held) <= 9000 * 32
