from __future__ import annotations

import pytest

from retrieval.progress import Stage, TimeLeft


def test_time_left_is_what_remains_at_the_speed_of_the_last_minute() -> None:
    left = TimeLeft()
    assert left.seconds(Stage.EMBEDDING, 0, 1000, 0.0) is None
    assert left.seconds(Stage.EMBEDDING, 10, 1000, 10.0) == pytest.approx(990)
    for second in range(20, 200, 10):  # ten times as fast from here
        found = left.seconds(Stage.EMBEDDING, 10 + (second - 10) * 3, 1000, float(second))
    assert found == pytest.approx((1000 - 10 - 180 * 3) / 3, rel=0.01)


def test_nothing_is_said_at_the_start_nor_when_all_is_done_nor_while_it_stands_still() -> None:
    left = TimeLeft()
    assert left.seconds(Stage.EMBEDDING, 0, 100, 5.0) is None
    assert left.seconds(Stage.EMBEDDING, 50, 100, 6.0) is None
    assert left.seconds(Stage.EMBEDDING, 50, 100, 20.0) == pytest.approx(15.0)
    assert left.seconds(Stage.EMBEDDING, 50, 100, 200.0) is None
    assert left.seconds(Stage.EMBEDDING, 100, 100, 201.0) is None


def test_each_stage_is_timed_for_itself() -> None:
    left = TimeLeft()
    left.seconds(Stage.READING, 0, 10, 0.0)
    left.seconds(Stage.READING, 10, 10, 1.0)
    assert left.seconds(Stage.EMBEDDING, 0, 10, 100.0) is None
    assert left.seconds(Stage.EMBEDDING, 5, 10, 104.0) == pytest.approx(4.0)
