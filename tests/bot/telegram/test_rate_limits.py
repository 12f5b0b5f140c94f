from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.rate_limits import Admission, RateLimiter

BURST, PER_MINUTE = 20, 60
GAPS = st.lists(st.floats(0, 30), max_size=150)


@dataclass
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def _gate() -> tuple[RateLimiter, Clock]:
    clock = Clock()
    return RateLimiter(BURST, PER_MINUTE, clock), clock


@given(GAPS, st.data())
def test_in_no_stretch_of_time_is_more_taken_than_the_burst_and_the_rate(
    gaps: list[float], data: st.DataObject
) -> None:
    gate, clock = _gate()
    taken = []
    for gap in gaps:
        clock.seconds += gap
        if gate.check("person", has_waiting=True) is Admission.TAKEN:
            taken.append(clock.seconds)
    for start in range(len(taken)):
        for end in range(start, len(taken)):
            assert end - start + 1 <= BURST + (taken[end] - taken[start]) * PER_MINUTE / 60 + 1e-6


@given(GAPS)
def test_every_episode_has_one_notice_and_ends_with_the_quiet_that_refills_the_burst(
    gaps: list[float],
) -> None:
    gate, clock = _gate()
    notices: list[float] = []
    for gap in gaps:
        clock.seconds += gap
        if gate.check("person", has_waiting=True) is Admission.DROPPED_WITH_NOTICE:
            notices.append(clock.seconds)
    assert gate.episodes == len(notices)
    for first, second in pairwise(notices):
        assert second - first >= BURST * 60 / PER_MINUTE - 1e-6


@given(st.lists(st.floats(1.0, 60), max_size=300))
def test_who_sends_no_faster_than_the_rate_is_never_limited(gaps: list[float]) -> None:
    gate, clock = _gate()
    for gap in gaps:
        clock.seconds += gap
        assert gate.check("person", has_waiting=True) is Admission.TAKEN


def test_a_flood_of_ten_a_second_gets_the_burst_the_rate_and_one_notice() -> None:
    gate, clock = _gate()
    verdicts = []
    for _ in range(600):
        verdicts.append(gate.check("person", has_waiting=True))
        clock.seconds += 0.1
    assert verdicts[:BURST] == [Admission.TAKEN] * BURST
    assert verdicts.count(Admission.DROPPED_WITH_NOTICE) == 1
    assert BURST + 58 <= verdicts.count(Admission.TAKEN) <= BURST + 60
    assert gate.dropped == 600 - verdicts.count(Admission.TAKEN)


def test_who_waits_for_each_answer_may_go_on_twice_as_fast() -> None:
    gate, clock = _gate()
    for _ in range(500):
        assert gate.check("person", has_waiting=False) is Admission.TAKEN
        clock.seconds += 0.5


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=100))
def test_one_persons_messages_count_for_nobody_else(messages: list[tuple[int, float]]) -> None:
    together, clock = _gate()
    alone = {person: _gate() for person in range(4)}
    for person, gap in messages:
        clock.seconds += gap
        gate, own_clock = alone[person]
        own_clock.seconds = clock.seconds
        assert together.check(person, has_waiting=True) is gate.check(person, has_waiting=True)


def test_what_is_remembered_of_the_quiet_goes() -> None:
    gate, clock = _gate()
    for person in range(10_000):
        gate.check(person, has_waiting=True)
    clock.seconds += 60
    gate.check("one more", has_waiting=True)
    assert len(gate._buckets) == 1
