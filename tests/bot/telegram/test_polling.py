from __future__ import annotations

import asyncio
import contextlib

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.telegram import polling as module
from bot.telegram.connection import Connection
from bot.telegram.polling import Polling


class Telegram:
    """Gives these, in turn; then nothing, for ever."""

    def __init__(self, *given: TelegramError | list[object]) -> None:
        self.given = list(given)
        self.asked: list[int] = []
        self.is_through = asyncio.Event()

    async def updates_as_sent(self, _offset: int | None, seconds: int, *_: object) -> list[object]:
        self.asked.append(seconds)
        if not self.given:
            self.is_through.set()
            await asyncio.Event().wait()
        following = self.given.pop(0)
        if isinstance(following, TelegramError):
            raise following
        return following


class OnlyProcess:
    """The queue of a bot that shares its updates with no other process."""

    def may_poll(self) -> bool:
        return True


async def _poll(telegram: Telegram, connection: Connection) -> None:
    polling = asyncio.create_task(Polling(telegram, OnlyProcess(), connection, ()).run())  # type: ignore[arg-type]
    await asyncio.wait_for(telegram.is_through.wait(), 5)
    polling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await polling


async def test_after_a_fault_the_next_answer_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "backoff_seconds", lambda _: 0.0)
    telegram = Telegram([], NetworkError("down"), NetworkError("down"), [], [])
    await _poll(telegram, Connection())
    assert telegram.asked == [8, 8, 0, 0, 8, 8]


async def test_a_bot_without_updates_is_deaf_from_the_second_fault_or_a_long_one_until_it_hears_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "backoff_seconds", lambda _: 0.0)
    for faults, is_deaf in (([TelegramError("Not Found")], False), ([TelegramError("Not Found")] * 5, True)):
        connection = Connection()
        await _poll(Telegram(*faults), connection)
        assert (connection.seconds_without_updates > 0) is is_deaf
        await _poll(Telegram([]), connection)
        assert connection.seconds_without_updates == 0
    assert caplog.text.count("gives this bot no updates (Not Found)") == 1


async def test_a_bot_that_has_to_wait_for_an_hour_reports_at_once_that_it_gets_no_updates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    connection = Connection()
    await _poll(Telegram(RetryAfter(3600)), connection)
    assert waited == [3600]
    assert connection.seconds_without_updates > 0


def test_in_an_outage_there_is_no_second_sentence_and_its_end_is_the_end_for_both(
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection = Connection()
    for _ in range(9):
        connection.record_failure("network")
        connection.record_refused_updates("NetworkError", for_long=False)
    connection.record_response()
    assert (connection.seconds_lost, connection.seconds_without_updates) == (0, 0)
    assert len(caplog.records) == 1


class OldServer(Telegram):
    """Refuses every kind of update that it does not know."""

    async def updates_as_sent(self, offset: int | None, seconds: int, *others: object) -> list[object]:
        (allowed, *_) = others
        assert isinstance(allowed, list | tuple)
        if "guest_message" in allowed:
            raise BadRequest("unknown update type")
        return await super().updates_as_sent(offset, seconds)


async def test_a_server_that_does_not_know_guest_messages_is_asked_for_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "backoff_seconds", lambda _: 0.0)
    telegram = OldServer([], [])
    polling = asyncio.create_task(
        Polling(telegram, OnlyProcess(), Connection(), ("message", "guest_message")).run()  # type: ignore[arg-type]
    )
    await asyncio.wait_for(telegram.is_through.wait(), 5)
    polling.cancel()
    assert len(telegram.asked) == 3
