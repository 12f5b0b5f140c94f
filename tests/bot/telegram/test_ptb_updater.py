"""PTB's Updater beside our polling and webhook, on the same server: the faults in which it loses updates."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.ext import Updater
from telegram.request import BaseRequest, RequestData

from bot.state.database import Database
from bot.state.updates import pending_updates
from bot.telegram.connection import Connection
from bot.telegram.http_request import TelegramBot
from bot.telegram.polling import Polling
from bot.telegram.rate_limits import RateLimiter
from bot.telegram.scheduling import WorkerSlots
from bot.telegram.update_journal import UpdateJournal
from bot.telegram.update_queue import UpdateQueue
from bot.telegram.webhook import SECRET_HEADER, WebhookParameters, close_webhook, open_webhook
from tests.bot.state.conftest import clock, database

__all__ = ["clock", "database"]

TOKEN = "1:AAAA"
SECRET = "a-secret-of-the-webhook"
ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "a_bot"}
POLLING_TASK = "Updater:start_polling:polling_task"
POLLS = 30
"""So often is a poller let ask; ours needs at most four."""


def _body(number: int) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "P"}
    message = {"message_id": number, "date": 1, "chat": {"id": 7, "type": "private"}, "from": person}
    return {"update_id": number, "message": {**message, "text": "問"}}


MALFORMED = {
    "update_id": 1,
    "message": {"message_id": 1, "date": [], "chat": "none", "text": "private words"},
}


class Server(BaseRequest):
    """As api.telegram.org: keeps updates until they are acknowledged, and answers polls with these faults first."""

    def __init__(
        self, *updates: dict[str, Any], faults: tuple[tuple[int, bytes] | TelegramError, ...] = ()
    ) -> None:
        self.pending = list(updates)
        self.faults = list(faults)
        self.polls = 0
        self.is_idle = asyncio.Event()
        """Set when a poll finds nothing, or when there were too many."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        endpoint = url.rsplit("/", 1)[-1]
        if endpoint != "getUpdates":
            return 200, json.dumps({"ok": True, "result": ME if endpoint == "getMe" else True}).encode()
        return await self._get_updates(request_data.parameters if request_data else {})

    async def _get_updates(self, parameters: dict[str, Any]) -> tuple[int, bytes]:
        self.polls += 1
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, TelegramError):
                raise fault
            return fault
        self.pending = [
            update for update in self.pending if update["update_id"] >= parameters.get("offset", 0)
        ]
        if not self.pending or self.polls > POLLS:
            self.is_idle.set()
            await asyncio.Event().wait()
        return 200, json.dumps({"ok": True, "result": self.pending}).encode()


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


@asynccontextmanager
async def _updater(server: Server) -> AsyncIterator[Updater]:
    """PTB's, initialized; its tasks are let die as with the process."""
    updater = Updater(Bot(TOKEN, request=server, get_updates_request=server), asyncio.Queue())
    before = asyncio.all_tasks()
    await updater.initialize()
    try:
        yield updater
    finally:
        for task in asyncio.all_tasks() - before:
            task.cancel()


async def _polled_by_ptb(server: Server, **how: Any) -> list[int]:
    """The numbers of the updates that the Updater gives out until the server is idle, or until it polls no more."""
    async with _updater(server) as updater:
        queue = await updater.start_polling(**how)
        polling = next(task for task in asyncio.all_tasks() if task.get_name() == POLLING_TASK)
        idle = asyncio.create_task(server.is_idle.wait())
        await asyncio.wait({polling, idle}, return_when=asyncio.FIRST_COMPLETED)
        return [queue.get_nowait().update_id for _ in range(queue.qsize())]  # type: ignore[attr-defined]


def _queue(database: Database, server: Server) -> tuple[TelegramBot, UpdateQueue]:
    """Ours, whose updates nobody handles."""
    bot = TelegramBot(TOKEN, request=server, get_updates_request=server)
    limiter = RateLimiter(1000, 60, database.now)
    return bot, UpdateQueue(bot, UpdateJournal(database), limiter, WorkerSlots(0))


async def _polled(database: Database, server: Server, connection: Connection | None = None) -> list[int]:
    """The numbers of the updates that our polling has on disk when the server is idle."""
    bot, queue = _queue(database, server)
    polling = asyncio.create_task(Polling(bot, queue, connection or Connection(), ()).run())
    await server.is_idle.wait()
    polling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await polling
    return [kept.update_id for kept in pending_updates(database)]


async def test_an_update_that_the_updater_has_acknowledged_is_lost_with_the_process_and_ours_is_not(
    database: Database,
) -> None:
    server = Server(_body(1))
    assert await _polled_by_ptb(server) == [1]
    assert await _polled_by_ptb(server) == []  # a second process: the first was killed before it handled it
    server = Server(_body(1))
    assert await _polled(database, server) == [1]
    assert await _polled(database, server) == [1]
    _, queue = _queue(database, server)
    await queue.replay()
    assert [pending.update.update_id for pending in queue.pending()] == [1]


async def test_a_malformed_update_keeps_all_others_from_the_updater_and_only_itself_from_ours(
    database: Database, waits: list[float]
) -> None:
    server = Server(MALFORMED, _body(2))
    assert await _polled_by_ptb(server) == []
    assert server.polls > POLLS
    server = Server(MALFORMED, _body(2))
    assert await _polled(database, server) == [2]
    assert server.polls == 2


async def test_a_single_404_ends_the_polling_of_the_updater_and_not_ours(
    database: Database, waits: list[float]
) -> None:
    fault = 404, b'{"ok": false, "error_code": 404, "description": "Not Found"}'
    server = Server(_body(1), faults=(fault,))
    assert await _polled_by_ptb(server) == []
    assert server.polls == 1
    server = Server(_body(1), faults=(fault,))
    assert await _polled(database, server) == [1]


async def test_behind_an_outage_the_updater_waits_for_half_a_minute_and_ours_for_seconds(
    database: Database, waits: list[float]
) -> None:
    faults = (NetworkError("down"),) * 20
    assert await _polled_by_ptb(Server(_body(1), faults=faults)) == [1]
    assert max(waits) == 30
    waits.clear()
    assert await _polled(database, Server(_body(1), faults=faults)) == [1]
    assert max(waits) <= 2.5


@pytest.mark.parametrize(
    "fault",
    [TimedOut(), (429, b'{"ok": false, "error_code": 429, "parameters": {"retry_after": 9}}')],
    ids=["timeout", "429"],
)
async def test_of_some_faults_the_updater_tells_nobody_and_ours_does(
    database: Database, waits: list[float], fault: tuple[int, bytes] | TelegramError
) -> None:
    told: list[TelegramError] = []
    await _polled_by_ptb(Server(faults=(fault,) * 5), error_callback=told.append)
    assert told == []
    connection, server = Connection(), Server(faults=(fault,) * 5)
    await _polled(database, server, connection)
    assert connection.seconds_without_updates > 0


async def _delivered(port: int, path: str, secret: str, body: bytes, length: int | None = None) -> bytes:
    """The status line with which a delivery is answered within half a second, if it is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = [
        f"POST {path} HTTP/1.1",
        "Host: x",
        "Content-Type: application/json",
        f"{SECRET_HEADER}: {secret}",
    ]
    writer.write("\r\n".join([*head, f"Content-Length: {length or len(body)}", "", ""]).encode() + body)
    try:
        async with asyncio.timeout(0.5):
            return (await reader.readline()).split()[1]
    except TimeoutError:
        return b"none"
    finally:
        writer.close()


@asynccontextmanager
async def _webhook_of_ptb(port: int) -> AsyncIterator[None]:
    async with _updater(Server()) as updater:
        await updater.start_webhook("127.0.0.1", port, "hook", secret_token=SECRET)
        try:
            yield
        finally:
            await updater.stop()


@asynccontextmanager
async def _our_webhook(port: int, database: Database) -> AsyncIterator[None]:
    _, queue = _queue(database, Server())
    server = open_webhook(WebhookParameters(queue, "/hook", SECRET), port, "127.0.0.1")
    try:
        yield
    finally:
        await close_webhook(server)


async def test_a_delivery_that_the_updater_has_answered_is_in_memory_and_one_that_ours_has_answered_on_disk(
    database: Database, free_port: int
) -> None:
    body = json.dumps(_body(1)).encode()
    async with _updater(Server()) as updater:
        queue = await updater.start_webhook("127.0.0.1", free_port, "hook", secret_token=SECRET)
        assert await _delivered(free_port, "/hook", SECRET, body) == b"200"
        await updater.stop()
        assert type(queue) is asyncio.Queue
        assert queue.qsize() == 1
    async with _our_webhook(free_port, database):
        assert await _delivered(free_port, "/hook", SECRET, body) == b"200"
    assert [kept.update_id for kept in pending_updates(database)] == [1]


@pytest.mark.parametrize(
    ("body", "given_by_ptb"),
    [(json.dumps(MALFORMED).encode(), b"400"), (b'{"private words"', b"500")],
    ids=["no update", "no JSON"],
)
async def test_what_cannot_be_read_telegram_would_deliver_again_and_again_to_the_updater_and_once_to_ours(
    database: Database, free_port: int, body: bytes, given_by_ptb: bytes
) -> None:
    async with _webhook_of_ptb(free_port):
        assert await _delivered(free_port, "/hook", SECRET, body) == given_by_ptb
    async with _our_webhook(free_port, database):
        assert await _delivered(free_port, "/hook", SECRET, body) == b"200"


async def test_the_updater_writes_the_words_of_a_malformed_delivery_into_the_log_and_ours_does_not(
    database: Database, free_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps(MALFORMED).encode()
    async with _webhook_of_ptb(free_port):
        await _delivered(free_port, "/hook", SECRET, body)
    assert "private words" in caplog.text
    caplog.clear()
    async with _our_webhook(free_port, database):
        await _delivered(free_port, "/hook", SECRET, body)
    assert "cannot be read" in caplog.text
    assert "private words" not in caplog.text


async def test_a_stranger_can_let_the_updater_wait_for_a_megabyte_and_ours_refuses_at_once(
    database: Database, free_port: int
) -> None:
    async with _webhook_of_ptb(free_port):
        assert await _delivered(free_port, "/hook", "wrong", b"{", 1_000_000) == b"none"
    async with _our_webhook(free_port, database):
        assert await _delivered(free_port, "/hook", "wrong", b"{", 1_000_000) == b"403"


async def test_the_updater_tells_strangers_the_right_path_and_ours_does_not(
    database: Database, free_port: int
) -> None:
    async with _webhook_of_ptb(free_port):
        given = [await _delivered(free_port, path, "wrong", b"{}") for path in ("/hook", "/other")]
    assert given == [b"403", b"404"]
    async with _our_webhook(free_port, database):
        given = [await _delivered(free_port, path, "wrong", b"{}") for path in ("/hook", "/other")]
    assert given == [b"403", b"403"]
