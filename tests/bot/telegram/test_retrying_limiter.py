from __future__ import annotations

import asyncio
import time

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.connection import Connection
from bot.telegram.retrying_limiter import BRIEFLY, RetryingRateLimiter
from bot.telegram.scheduling import WorkerSlots


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited; no time passes."""
    waited: list[float] = []
    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await really(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


class Telegram:
    """Answers with these, in turn; then with success."""

    def __init__(self, *faults: TelegramError) -> None:
        self.faults = list(faults)
        self.calls = 0

    async def __call__(self, _endpoint: str, _data: object, **_: object) -> bool:
        self.calls += 1
        if self.faults:
            raise self.faults.pop(0)
        return True


async def _call(telegram: Telegram, endpoint: str, tries: int | None = None, **data: object) -> object:
    limiter = RetryingRateLimiter(Connection(), WorkerSlots(1), overall_max_rate=0, group_max_rate=0)
    given = {"chat_id": 7, **data}
    return await limiter.process_request(telegram, (endpoint, given), {}, endpoint, given, tries)


FAULTS = [RetryAfter(3), NetworkError("502"), TimedOut(), TelegramError("Invalid server response")]


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("times", [1, 40])
async def test_an_answer_is_sent_until_telegram_takes_it(
    waits: list[float], fault: TelegramError, times: int
) -> None:
    telegram = Telegram(*[fault] * times)
    assert await _call(telegram, "sendMessage") is True
    assert telegram.calls == times + 1
    if isinstance(fault, RetryAfter):
        assert all(3 < wait < 3.5 for wait in waits)
    else:
        assert max(waits) <= 2.5, "an answer is to come within seconds after an outage"


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize(
    "endpoint", ["sendChatAction", "answerCallbackQuery", "deleteMessage", "setMyCommands"]
)
async def test_what_is_for_show_is_tried_twice(
    waits: list[float], fault: TelegramError, endpoint: str
) -> None:
    telegram = Telegram(*[fault] * 5)
    with pytest.raises(TelegramError):
        await _call(telegram, endpoint)
    assert telegram.calls <= BRIEFLY
    assert len(waits) < BRIEFLY


async def test_a_caller_may_say_how_often(waits: list[float]) -> None:
    telegram = Telegram(*[NetworkError("502")] * 9)
    with pytest.raises(NetworkError):
        await _call(telegram, "sendMessage", BRIEFLY)
    assert telegram.calls == BRIEFLY


@pytest.mark.parametrize("refusal", [BadRequest("chat not found"), Forbidden("blocked")], ids=repr)
async def test_what_telegram_refuses_is_not_sent_again(waits: list[float], refusal: TelegramError) -> None:
    telegram = Telegram(refusal)
    with pytest.raises(type(refusal)):
        await _call(telegram, "sendMessage")
    assert telegram.calls == 1


async def test_to_a_group_that_moved_the_answer_goes_by_its_new_number(waits: list[float]) -> None:
    sent: list[object] = []

    async def telegram(_endpoint: str, data: dict[str, object]) -> bool:
        sent.append(data["chat_id"])
        if data["chat_id"] == -7:
            raise ChatMigrated(-1007)
        return True

    limiter, data = (
        RetryingRateLimiter(Connection(), WorkerSlots(1), overall_max_rate=0, group_max_rate=0),
        {"chat_id": -7},
    )
    assert await limiter.process_request(telegram, ("sendMessage", data), {}, "sendMessage", data, None)
    assert sent == [-7, -1007]


async def test_a_call_that_alone_fails_is_given_up_but_never_while_nothing_comes_through(
    waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    connection = Connection()
    limiter, calls = RetryingRateLimiter(connection, WorkerSlots(1), overall_max_rate=0, group_max_rate=0), 0

    async def telegram(*_: object) -> bool:
        nonlocal now, calls
        calls, now = calls + 1, now + 60
        if calls == 60:
            connection.record_response()
        elif calls < 60:
            connection.record_failure("502")
        raise NetworkError("502")

    with pytest.raises(NetworkError):
        await limiter.process_request(telegram, ("sendMessage", {}), {}, "sendMessage", {}, None)
    assert calls == 60


async def test_the_rate_limiter_of_the_library_still_sets_the_pace() -> None:
    limiter, telegram = (
        RetryingRateLimiter(Connection(), WorkerSlots(1), overall_max_rate=5, overall_time_period=0.2),
        Telegram(),
    )
    loop = asyncio.get_running_loop()
    started = loop.time()
    data = {"chat_id": 7}
    calls = (
        limiter.process_request(telegram, ("sendMessage", data), {}, "sendMessage", data, None)
        for _ in range(10)
    )
    await asyncio.gather(*calls)
    assert loop.time() - started >= 0.15
