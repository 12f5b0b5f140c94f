from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.top_k import BestSoFar, best, scaled
from retrieval.types import FloatVector

SCORE = st.floats(-100, 100, width=32)
DISTINCT_SCORES = st.lists(SCORE, max_size=80, unique=True)
TIED_SCORES = st.lists(st.integers(0, 3).map(float), max_size=80)


def full_sort(scores: FloatVector, top_k: int) -> list[int]:
    return sorted(range(len(scores)), key=lambda position: (-scores[position], position))[:top_k]


@given(DISTINCT_SCORES, st.integers(0, 100))
def test_the_best_are_those_of_a_full_sort(values: list[float], top_k: int) -> None:
    scores = np.asarray(values, np.float32)
    ranking = best(scores, top_k)
    assert ranking.positions.tolist() == full_sort(scores, top_k)
    assert ranking.scores.tolist() == scores[ranking.positions].tolist()


@given(TIED_SCORES, st.integers(0, 100))
def test_ties_come_in_the_order_of_the_index_also_where_the_ranking_is_cut(
    values: list[float], top_k: int
) -> None:
    scores = np.asarray(values, np.float32)
    assert best(scores, top_k).positions.tolist() == full_sort(scores, top_k)


@given(TIED_SCORES)
def test_ties_come_in_the_order_of_the_index_where_nothing_is_cut(values: list[float]) -> None:
    scores = np.asarray(values, np.float32)
    assert best(scores, len(values)).positions.tolist() == full_sort(scores, len(values))


@pytest.mark.parametrize("top_k", [0, 3])
def test_nothing_is_best_of_nothing(top_k: int) -> None:
    assert best(np.zeros(0, np.float32), top_k).positions.tolist() == []


@given(st.lists(SCORE, min_size=2, max_size=50))
def test_scaled_scores_run_from_0_to_1_and_keep_their_order(values: list[float]) -> None:
    scores = np.asarray(values, np.float32)
    result = scaled(scores)
    assert result.min() >= 0
    assert result.max() <= 1 + 1e-6
    assert np.all(np.diff(result[np.argsort(scores, kind="stable")]) >= 0)


def test_the_lowest_score_becomes_0_and_the_highest_1() -> None:
    assert scaled(np.asarray([3, 1, 2], np.float32)).tolist() == [1, 0, 0.5]


@given(SCORE, st.integers(1, 20))
def test_scores_that_do_not_differ_say_nothing(value: float, count: int) -> None:
    assert scaled(np.full(count, value, np.float32)).tolist() == [0.0] * count


@given(TIED_SCORES | DISTINCT_SCORES, st.integers(0, 100), st.integers(1, 30))
def test_the_best_of_blocks_are_the_best_positive_ones_of_all(
    values: list[float], top_k: int, block: int
) -> None:
    scores, found = np.asarray(values, np.float32), BestSoFar(top_k)
    for first in range(0, len(scores), block):
        found.add(first, scores[first : first + block])
    expected = [position for position in full_sort(scores, top_k) if scores[position] > 0]
    assert found.ranking().positions.tolist() == expected
    assert found.ranking().scores.tolist() == scores[expected].tolist()
