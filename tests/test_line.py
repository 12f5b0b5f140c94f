from __future__ import annotations

import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest

from bot.line import Line, WatchedRequest
from tests.state.conftest import Clock


@pytest.mark.parametrize(
    ("status", "is_lost"),
    [(200, False), (400, False), (403, False), (429, False), (502, True), (409, True), (401, True)],
)
def test_a_response_shows_whether_telegram_takes_calls(status: int, is_lost: bool) -> None:
    clock = Clock()
    line = Line(clock)
    line.count_response(status)
    clock.seconds += 61
    assert line.seconds_lost == (61 if is_lost else 0)
    assert line.floods == (status == 429)
    assert dict(line.faults) == ({str(status): 1} if is_lost else {})


def test_the_line_is_lost_from_the_first_of_many_failures_until_a_call_comes_through() -> None:
    clock = Clock()
    line = Line(clock)
    assert line.seconds_lost == 0
    for _ in range(5):
        line.count_fault("network")
        clock.seconds += 10
    assert line.seconds_lost == 50
    line.count_response(200)
    assert line.seconds_lost == 0
    assert line.faults["network"] == 5


async def test_a_watched_request_tells_the_line_of_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[tuple[int, bytes] | Exception] = [
        (429, b"{}"),
        NetworkError("reset"),
        TimedOut(),
        (200, b"{}"),
    ]

    async def do_request(*_: object, **__: object) -> tuple[int, bytes]:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(HTTPXRequest, "do_request", do_request)
    line = Line()
    request = WatchedRequest(line, 1)
    assert await request.do_request("url", "POST") == (429, b"{}")
    for expected in (NetworkError, TimedOut):
        with pytest.raises(expected):
            await request.do_request("url", "POST")
    assert line.seconds_lost > 0
    await request.do_request("url", "POST")
    assert (line.seconds_lost, line.floods, dict(line.faults)) == (0, 1, {"network": 1, "timeout": 1})
