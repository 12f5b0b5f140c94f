from __future__ import annotations

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from telegram import Update, User
from telegram.error import RetryAfter
from telegram.ext import Application, ApplicationBuilder, ExtBot

from bot.state.database import Database
from bot.state.updates import pending_updates, save_starts
from bot.telegram import retrying_limiter, update_processor, update_queue
from bot.telegram.connection import Connection
from bot.telegram.rate_limits import RateLimiter
from bot.telegram.received_update import Handling, ReceivedUpdate
from bot.telegram.retrying_limiter import RetryingRateLimiter
from bot.telegram.scheduling import WorkerSlots
from bot.telegram.update_journal import UpdateJournal
from bot.telegram.update_processor import UpdateProcessor
from bot.telegram.update_queue import UpdateQueue
from tests.bot.state.conftest import Clock, clock, database

__all__ = ["clock", "database"]


class Recorded:
    """Handles by a function; keeps what it was given."""

    def __init__(self, work: Callable[[ReceivedUpdate], Any] | None = None) -> None:
        self.work = work
        self.handled: list[int] = []
        self.given_up: list[int] = []
        self.notified: list[int] = []
        self.left_out: list[int] = []

    async def handle(self, received_update: ReceivedUpdate, handlers: Awaitable[Any]) -> None:
        await handlers
        if self.work:
            await self.work(received_update)
        self.handled.append(received_update.update.update_id)

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        self.given_up.append(received_update.update.update_id)

    def drop(self, update: Update, *, with_notice: bool) -> None:
        (self.notified if with_notice else self.left_out).append(update.update_id)


@dataclass(frozen=True, slots=True)
class Running:
    """An application of PTB's that takes the updates of the queue and has no handlers."""

    queue: UpdateQueue
    processor: UpdateProcessor
    application: Application[Any, Any, Any, Any, Any, Any]


async def running_on(
    database: Database,
    handling: Handling,
    *,
    burst: int = 1000,
    at_once: int = 8,
    slots: WorkerSlots | None = None,
) -> Running:
    limiter, journal = RateLimiter(burst, 60, database.now), UpdateJournal(database)
    slots = slots or WorkerSlots(at_once)
    bot = ExtBot("1:AAAA")
    bot._bot_user = User(1, "Bot", is_bot=True, username="a_bot")
    queue = UpdateQueue(bot, journal, limiter, slots)
    queue.handling = handling
    processor = UpdateProcessor(queue, journal, slots)
    application = (
        ApplicationBuilder().bot(bot).updater(None).update_queue(queue).concurrent_updates(processor).build()
    )
    application._initialized = True  # without a call to Telegram
    await application.start()
    return Running(queue, processor, application)


def body_of(number: int, chat: int = 7, text: str = "問") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "P"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": text,
    }
    return {"update_id": number, "message": message}


async def _idle(running: Running) -> None:
    while running.queue.pending():
        await asyncio.sleep(0)


async def test_what_was_put_is_on_disk_before_a_handler_is_done_and_blank_afterwards(
    database: Database,
) -> None:
    go = asyncio.Event()

    async def wait(_: ReceivedUpdate) -> None:
        await go.wait()

    running = await running_on(database, Recorded(wait))
    assert await running.queue.receive(body_of(1))
    assert [kept.update_id for kept in pending_updates(database)] == [1]
    go.set()
    await _idle(running)
    assert pending_updates(database) == ()


async def test_an_update_that_comes_again_is_handled_once_before_and_after_a_restart(
    database: Database,
) -> None:
    handling = Recorded()
    running = await running_on(database, handling)
    for _ in range(3):
        await running.queue.receive(body_of(1))
    await _idle(running)
    await running.queue.receive(body_of(1))
    again = await running_on(database, handling)
    await again.queue.replay()
    await again.queue.receive(body_of(1))
    await _idle(again)
    assert handling.handled == [1]
    assert (running.queue.duplicates, again.queue.duplicates) == (3, 1)


async def test_chats_go_side_by_side_each_in_its_order_and_no_more_than_allowed(database: Database) -> None:
    finished: defaultdict[int, list[int]] = defaultdict(list)
    busy: set[int] = set()
    most = 0

    async def work(received_update: ReceivedUpdate) -> None:
        nonlocal most
        number = received_update.update.update_id
        assert number % 10 not in busy
        busy.add(number % 10)
        most = max(most, len(busy))
        await asyncio.sleep(0.0001 * (number % 3))
        busy.discard(number % 10)
        finished[number % 10].append(number)

    running = await running_on(database, Recorded(work), at_once=4)
    await asyncio.gather(
        *(running.queue.receive(body_of(number, chat=number % 10 + 1)) for number in range(200))
    )
    await _idle(running)
    assert most == 4
    assert sum(map(len, finished.values())) == 200
    assert all(numbers == sorted(numbers) for numbers in finished.values())


async def test_a_backlog_of_one_chat_leaves_the_places_to_others(database: Database) -> None:
    handling = Recorded(lambda _: asyncio.sleep(0))
    running = await running_on(database, handling, at_once=2)
    for number in range(100):
        await running.queue.receive(body_of(number, chat=1))
    await running.queue.receive(body_of(500, chat=2))
    await _idle(running)
    assert handling.handled.index(500) < 103 - 50
    assert running.queue.most_waiting <= 100


class TellsToWait:
    """Tells each call once to wait, and takes it when it comes again."""

    def __init__(self) -> None:
        self.told: set[int] = set()

    async def __call__(self, number: int) -> bool:
        if number not in self.told:
            self.told.add(number)
            raise RetryAfter(3600)
        return True


async def test_a_chat_that_has_to_wait_has_no_slot_and_keeps_its_order_and_a_stop_leaves_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = asyncio.Event()
    monkeypatch.setattr(retrying_limiter, "asyncio", SimpleNamespace(sleep=lambda _: hour.wait()))
    slots, telegram = WorkerSlots(2), TellsToWait()
    limiter = RetryingRateLimiter(Connection(), slots, overall_max_rate=0, group_max_rate=0)

    async def send(received_update: ReceivedUpdate) -> None:
        number = received_update.update.update_id
        if number < 10:
            await limiter.process_request(telegram, (number,), {}, "sendMessage", {"chat_id": 7}, None)

    handling = Recorded(send)
    running = await running_on(database, handling, slots=slots)
    for number in range(5):
        await running.queue.receive(body_of(number, chat=number + 1))
    await running.queue.receive(body_of(20, chat=1))
    for number in range(30, 40):
        await running.queue.receive(body_of(number, chat=number))
    for _ in range(20):
        await asyncio.sleep(0)
    assert handling.handled == list(range(30, 40))
    assert (running.processor.running, running.queue.waiting) == (5, 1)
    stopped = asyncio.create_task(running.processor.close(0.01))
    await stopped
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [
        (number, 0) for number in (0, 1, 2, 3, 4, 20)
    ]
    hour.set()
    again = Recorded(send)
    second = await running_on(database, again, slots=slots)
    await second.queue.replay()
    await _idle(second)
    assert again.handled.index(0) < again.handled.index(20)
    assert sorted(again.handled) == [0, 1, 2, 3, 4, 20]


async def test_with_a_full_memory_put_waits_until_there_is_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_queue, "MOST_PENDING", 3)
    go = asyncio.Event()

    async def wait(_: ReceivedUpdate) -> None:
        await go.wait()

    running = await running_on(database, Recorded(wait))
    for number in range(3):
        await running.queue.receive(body_of(number, chat=number + 1))
    fourth = asyncio.create_task(running.queue.receive(body_of(9, chat=9)))
    await asyncio.sleep(0.01)
    assert not fourth.done()
    assert 9 not in {kept.update_id for kept in pending_updates(database)}
    go.set()
    assert await fourth
    await _idle(running)


async def test_a_closed_inbox_takes_nothing_and_keeps_what_it_did_not_come_to(database: Database) -> None:
    async def forever(_: ReceivedUpdate) -> None:
        await asyncio.Event().wait()

    running = await running_on(database, Recorded(forever), at_once=1)
    for number in (1, 2):
        await running.queue.receive(body_of(number, chat=number))
    await asyncio.sleep(0)
    await running.processor.close(0.01)
    assert not await running.queue.receive(body_of(3))
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [(1, 0), (2, 0)]


async def test_what_was_given_out_but_not_begun_when_the_bot_stops_is_left_as_it_was_and_the_stop_ends(
    database: Database,
) -> None:
    handling = Recorded()
    running = await running_on(database, handling)
    await running.queue.receive(body_of(1))
    assert (running.processor.running, running.queue.waiting) == (0, 0)
    await running.processor.close(0.0)
    async with asyncio.timeout(1):
        await running.application.stop()
    assert handling.handled == []
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [(1, 0)]
    assert running.queue.pending() == ()


async def test_after_a_restart_the_rest_is_handled_in_order_and_what_ended_the_process_alone_twice_is_not(
    database: Database,
) -> None:
    never = Recorded()
    first = await running_on(database, never, at_once=0)
    for number in (1, 2, 3, 4):
        await first.queue.receive(body_of(number))
    for number, starts in ((1, 1), (2, 3), (3, 2)):
        save_starts(database, number, starts)
    handling = Recorded()
    again = await running_on(database, handling)
    await again.queue.replay()
    await _idle(again)
    assert (handling.handled, handling.given_up) == ([1, 3, 4], [2])
    assert pending_updates(database) == ()


async def test_what_was_under_way_when_a_process_died_is_handled_alone_and_first(database: Database) -> None:
    first = await running_on(database, Recorded(), at_once=0)
    for number in range(1, 9):
        await first.queue.receive(body_of(number, chat=number))
    for number in (3, 5, 8):
        save_starts(database, number, 1)
    under_way: set[int] = set()
    beside: dict[int, int] = {}

    async def work(received_update: ReceivedUpdate) -> None:
        number = received_update.update.update_id
        under_way.add(number)
        await asyncio.sleep(0.001)
        beside[number] = len(under_way) - 1
        under_way.discard(number)

    handling = Recorded(work)
    running = await running_on(database, handling)
    replaying = asyncio.create_task(running.queue.replay())
    await replaying
    await running.queue.receive(body_of(9, chat=9))
    await _idle(running)
    assert handling.handled[:3] == [3, 5, 8]
    assert sorted(handling.handled) == list(range(1, 10))
    assert [beside[number] for number in (3, 5, 8)] == [0, 0, 0]
    assert max(beside.values()) > 0


async def test_an_endless_update_that_is_handled_alone_keeps_others_waiting_for_a_while_only(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_processor, "_LONGEST_ALONE_SECONDS", 0.01)
    first = await running_on(database, Recorded(), at_once=0)
    for number in (1, 2, 3):
        await first.queue.receive(body_of(number, chat=number))
    for number in (1, 2):
        save_starts(database, number, 1)

    async def work(received_update: ReceivedUpdate) -> None:
        if received_update.update.update_id == 1:
            await asyncio.Event().wait()

    handling = Recorded(work)
    running = await running_on(database, handling)
    await running.queue.replay()
    while len(handling.handled) < 2:
        await asyncio.sleep(0.001)
    assert handling.handled == [2, 3]
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [(1, 2)]


async def test_against_an_update_that_waits_for_telegram_nothing_is_noted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = asyncio.Event()
    monkeypatch.setattr(retrying_limiter, "asyncio", SimpleNamespace(sleep=lambda _: hour.wait()))
    slots, telegram = WorkerSlots(8), TellsToWait()
    limiter = RetryingRateLimiter(Connection(), slots, overall_max_rate=0, group_max_rate=0)
    first = await running_on(database, Recorded(), at_once=0)
    for number in (1, 2):
        await first.queue.receive(body_of(number, chat=number))
        save_starts(database, number, 2)

    async def send(received_update: ReceivedUpdate) -> None:
        number = received_update.update.update_id
        await limiter.process_request(telegram, (number,), {}, "sendMessage", {"chat_id": number}, None)

    running = await running_on(database, Recorded(send), slots=slots)
    await running.queue.replay()
    while running.processor.running < 2:
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [(1, 2), (2, 2)]
    hour.set()
    await _idle(running)
    assert pending_updates(database) == ()


async def test_an_update_that_the_connection_failed_is_handled_again_and_then_left_to_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_processor, "_SECONDS_BETWEEN_ROUNDS", 0.0)
    begun: list[bool] = []

    async def fail(received_update: ReceivedUpdate) -> None:
        begun.append(received_update.was_begun)
        received_update.is_left = True

    running = await running_on(database, Recorded(fail))
    await running.queue.receive(body_of(1))
    await _idle(running)
    assert begun == [False, True, True]
    assert running.processor.left == 1
    assert [(kept.update_id, kept.starts) for kept in pending_updates(database)] == [(1, 0)]


async def test_a_wait_notice_is_known_after_a_crash(database: Database) -> None:
    first = await running_on(database, Recorded(), at_once=0)
    await first.queue.receive(body_of(1))
    (received_update,) = first.queue.pending()
    first.queue.keep_notice(received_update, 55)
    notices: list[int | None] = []

    async def note(again: ReceivedUpdate) -> None:
        notices.append(again.notice)

    running = await running_on(database, Recorded(note))
    await running.queue.replay()
    await _idle(running)
    assert notices == [55]


async def test_presses_and_inline_queries_that_wait_too_long_are_let_be(
    database: Database, clock: Clock
) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "P"}
    query = {"id": "1", "from": person, "query": "志願", "offset": ""}
    first = await running_on(database, Recorded(), at_once=0)
    await first.queue.receive({"update_id": 1, "inline_query": query})
    await first.queue.receive(
        {"update_id": 2, "callback_query": {"id": "1", "from": person, "chat_instance": "1", "data": "x"}}
    )
    clock.seconds += 601
    handling = Recorded()
    again = await running_on(database, handling)
    await again.queue.replay()
    assert again.queue.pending() == ()
    assert pending_updates(database) == ()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        1,
        {},
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": 5, "message": "secret"},
        {"update_id": 2**64},
        {"update_id": -1},
        {
            "update_id": 6,
            "message": {"message_id": 1, "date": 1, "chat": {"id": {"secret": 1}, "type": "private"}},
        },
        {**body_of(7), "message": {**body_of(7)["message"], "text": ["secret"]}},
    ],
)
async def test_what_cannot_be_read_is_passed_over_without_its_content_in_the_log(
    database: Database, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    running = await running_on(database, Recorded())
    assert await running.queue.receive(body)
    assert running.queue.unreadable == 1
    assert pending_updates(database) == ()
    assert "cannot be read" in caplog.text
    assert "secret" not in caplog.text


async def test_a_flood_is_dropped_before_it_is_stored_with_one_notice(database: Database) -> None:
    handling = Recorded()
    running = await running_on(database, handling, burst=3, at_once=1)
    for number in range(1, 11):
        await running.queue.receive(body_of(number))
    await _idle(running)
    assert handling.handled == [1, 2, 3]
    assert (handling.notified, handling.left_out) == ([4], [5, 6, 7, 8, 9, 10])
    assert running.queue.limiter.dropped == 7
    assert pending_updates(database) == ()


async def test_a_disk_that_cannot_be_written_stops_nothing_and_is_said_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    handling = Recorded()
    running = await running_on(database, handling)
    with monkeypatch.context() as patch:
        patch.setattr(database, "write", full)
        for number in range(5):
            assert await running.queue.receive(body_of(number))
        await _idle(running)
    assert handling.handled == [0, 1, 2, 3, 4]
    assert caplog.text.count("cannot be kept") == 1


async def test_a_handler_that_fails_ends_its_update_and_nothing_else(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(received_update: ReceivedUpdate) -> None:
        if received_update.update.update_id == 1:
            raise RuntimeError

    handling = Recorded(fail)
    running = await running_on(database, handling)
    for number in (1, 2):
        await running.queue.receive(body_of(number))
    await _idle(running)
    assert handling.handled == [2]
    assert pending_updates(database) == ()
    assert "could not be handled" in caplog.text


def _in_group(number: int, text: str, **more: object) -> dict[str, Any]:
    body = body_of(number, text=text)
    body["message"] |= {"chat": {"id": -5, "type": "supergroup", "title": "G"}, **more}
    return body


async def test_a_chat_that_takes_nothing_does_not_fill_the_memory(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_queue, "MOST_OF_A_CHAT", 3)
    go = asyncio.Event()

    async def work(received_update: ReceivedUpdate) -> None:
        if received_update.update.update_id < 100:
            await go.wait()

    handling = Recorded(work)
    running = await running_on(database, handling)
    for number in range(1, 9):
        await running.queue.receive(body_of(number, chat=1))
    await running.queue.receive(body_of(100, chat=2))
    for _ in range(5):
        await asyncio.sleep(0)
    assert (handling.handled, handling.notified, handling.left_out) == ([100], [5], [6, 7, 8])
    go.set()
    await _idle(running)
    assert pending_updates(database) == ()


async def test_what_people_say_to_each_other_is_neither_kept_nor_counted_against_a_later_question(
    database: Database,
) -> None:
    handling = Recorded()
    running = await running_on(database, handling, burst=3)
    words_of_another = body_of(1)["message"] | {"from": {"id": 8, "is_bot": False, "first_name": "O"}}
    command = [{"type": "bot_command", "offset": 0, "length": 15}]
    for number in range(1, 31, 3):
        await running.queue.receive(_in_group(number, "哈哈"))
        await running.queue.receive(_in_group(number + 1, "哈哈", reply_to_message=words_of_another))
        await running.queue.receive(_in_group(number + 2, "/roll@other_bot", entities=command))
    assert pending_updates(database) == ()
    await running.queue.receive(
        _in_group(99, "@a_bot 問", entities=[{"type": "mention", "offset": 0, "length": 6}])
    )
    await _idle(running)
    assert (handling.handled, handling.notified) == ([99], [])
    assert (running.queue.overheard, running.queue.limiter.dropped) == (30, 0)
