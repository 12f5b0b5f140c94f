"""Calibration of confidences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.calibration import calibrate

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50)


def test_being_sure_and_right_scores_0_and_sure_and_wrong_1() -> None:
    assert calibrate([1.0, 0.0], [True, False]).brier == 0.0
    assert calibrate([1.0, 0.0], [False, True]).brier == 1.0
    assert calibrate([0.5, 0.5], [True, False]).brier == pytest.approx(0.25)


@given(CASES)
def test_every_case_stands_in_the_bin_of_its_confidence(cases: list[tuple[float, bool]]) -> None:
    found = calibrate([sure for sure, _ in cases], [right for _, right in cases])
    assert sum(cases.cases for cases in found.curve) == len(cases)
    for part in found.curve:
        assert part.low - 1e-9 <= part.confidence <= part.high + 1e-9
        assert 0 <= part.right <= 1
