from __future__ import annotations

import time

from retrieval.answering.timing import Stopwatch


def test_each_lap_counts_for_its_stage_and_a_stage_may_come_again() -> None:
    watch = Stopwatch()
    time.sleep(0.01)
    watch.lap("reading")
    watch.lap("ranking")
    time.sleep(0.01)
    watch.lap("reading")
    spent = watch.stages
    assert spent.reading >= 20 > spent.ranking
    assert spent.embedding == 0
    assert watch.total_ms >= spent.reading + spent.ranking
