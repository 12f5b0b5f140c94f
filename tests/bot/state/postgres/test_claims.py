from __future__ import annotations

import math
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest

from bot.state import homes, updates
from bot.state.postgres import ServerDatabase, claims


@dataclass
class Bots:
    """Opens the state as one more process that serves."""

    url: str
    stack: ExitStack

    def start(self) -> ServerDatabase:
        database = homes.home_at(self.url).open(serves=True)
        assert isinstance(database, ServerDatabase)
        self.stack.callback(database.close)
        return database

    def end(self, bot: ServerDatabase, by: ServerDatabase) -> None:
        """End its connection from its side, or from the server's, and wait until the server has freed what it had."""
        if by is bot:
            bot.close()
            by = self.start()
        held = "FROM pg_locks WHERE locktype = 'advisory' AND objid = ? AND objsubid = 2"
        session = bot.session
        by.rows(f"SELECT pg_terminate_backend(pid) {held}", (session,))
        while by.number(f"SELECT count(*) {held}", (session,)):
            pass


@pytest.fixture
def bots(state_url: str) -> Iterator[Bots]:
    with ExitStack() as stack:
        yield Bots(state_url, stack)


def _receive(bot: ServerDatabase, number: int, chat: str = "1") -> None:
    assert claims.store(bot, number, chat, f'"{number}"') is not None
    claims.release(bot, number)


def _claimed(bot: ServerDatabase, most: int = 10, *, of_the_dead: bool = True) -> list[int]:
    found = claims.claim(bot, most, math.inf, of_the_dead=of_the_dead)
    return [update.update_id for update in found]


def test_an_update_is_claimed_by_one_bot_and_those_of_a_chat_one_after_the_other(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    for number, chat in ((4, "a"), (3, "a"), (5, "b"), (6, "c")):
        _receive(first, number, chat)
    assert _claimed(first, 2) == [3, 5]
    assert _claimed(second) == [6]
    assert _claimed(second) == []
    claims.finish(second, 3)  # which is not its own
    assert _claimed(second) == []
    claims.finish(first, 3)
    assert _claimed(second) == [4]
    assert updates.pending_updates(first)[0].update_id == 4


def test_what_telegram_sends_again_is_known_whichever_bot_gets_it(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    _receive(first, 1)
    assert claims.store(second, 1, "1", '"1"') is None
    assert _claimed(second) == [1]
    claims.finish(second, 1)
    assert claims.store(first, 1, "1", '"1"') is None
    assert claims.store(first, 1, "1", '"of another bot"') == claims.Waiting(0, 0)


def test_of_a_handled_update_nothing_is_kept_that_says_whose_it_was(bots: Bots) -> None:
    bot = bots.start()
    _receive(bot, 1, "-100123")
    assert _claimed(bot) == [1]
    claims.finish(bot, 1)
    assert bot.rows("SELECT body, chat, owner FROM updates") == [(None, "", None)]


def test_a_flood_is_counted_over_all_bots(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    _receive(first, 1, "a")
    _receive(second, 2, "b")
    assert claims.store(second, 3, "a", "3") == claims.Waiting(1, 2)
    assert claims.count(first) == 3


def test_of_a_bot_that_died_another_has_the_updates_and_what_is_known_of_them(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    _receive(first, 1)
    _receive(first, 2)
    assert _claimed(first) == [1]
    claims.save_starts(first, 1, 2)
    updates.save_notice(first, 1, 77)
    assert _claimed(second) == []
    bots.end(first, first)
    assert _claimed(second, of_the_dead=False) == []
    (update,) = claims.claim(second, 10, math.inf, of_the_dead=True)
    assert (update.update_id, update.starts, update.notice) == (1, 2, 77)


def test_an_update_that_was_stored_and_not_released_is_free_when_its_bot_dies(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    claims.store(first, 1, "1", "{}")
    assert _claimed(second) == []
    bots.end(first, first)
    assert _claimed(second) == [1]


def test_an_update_that_is_left_holds_up_nobody_and_is_tried_by_the_next_process(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    for number in (1, 2, 3):
        _receive(first, number)
    assert _claimed(first) == [1]
    claims.leave(first, 1)
    assert _claimed(second) == [2]
    claims.finish(second, 2)
    bots.end(first, first)
    assert _claimed(second) == [1]
    assert _claimed(bots.start()) == []
    claims.finish(second, 1)
    assert _claimed(second) == [3]


def test_a_bot_that_lost_its_connection_keeps_its_claims_unless_another_has_them(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    _receive(first, 1, "a")
    _receive(first, 2, "b")
    assert _claimed(first) == [1, 2]
    before = first.session
    bots.end(first, second)
    assert _claimed(second, 1) == [1]
    assert not claims.has(first, 1)
    assert claims.has(first, 2)
    assert first.session != before
    claims.finish(first, 1)
    assert claims.has(second, 1)
    assert first.faults == 1
    assert first.fault == ""


def test_the_first_statement_after_a_lost_connection_is_that_of_the_new_session(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    _receive(first, 1, "a")
    assert _claimed(first) == [1]
    bots.end(first, second)
    claims.finish(first, 1)
    assert claims.count(second) == 0
    bots.end(first, second)
    _receive(first, 2, "a")
    bots.end(first, second)
    assert _claimed(first) == [2]
    assert claims.has(first, 2)
    assert _claimed(second) == []


def test_what_was_stored_while_the_connection_broke_is_released(bots: Bots) -> None:
    first, second = bots.start(), bots.start()
    claims.store(first, 1, "1", "{}")
    claims.store(first, 2, "2", "{}")
    claims.release_others(first, {2})
    assert _claimed(second) == [1]


def test_a_fault_that_lasts_is_told_once_and_its_end_once(
    bots: Bots, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    bot, other = bots.start(), bots.start()
    other.write("ALTER TABLE updates RENAME TO others")
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError):
            _claimed(bot)
    other.write("ALTER TABLE others RENAME TO updates")
    assert _claimed(bot) == []
    assert (caplog.text.count("are gone"), caplog.text.count("written again"), bot.fault) == (1, 1, "")


def test_many_bots_at_once_answer_each_update_once_and_those_of_a_chat_in_order(bots: Bots) -> None:
    dice = random.Random(7)  # noqa: S311
    chats = {number: str(dice.randrange(5)) for number in range(60)}
    receiver = bots.start()
    answered: list[tuple[str, int]] = []
    busy: Counter[str] = Counter()
    lock, overlaps = threading.Lock(), []

    def work(seed: int) -> None:
        own = random.Random(seed)  # noqa: S311
        with closing(bots.start()) as bot:
            while claims.count(bot):
                for number in _claimed(bot, own.randint(1, 3)):
                    with lock:
                        busy[chats[number]] += 1
                        overlaps.append(busy[chats[number]] > 1)
                        answered.append((chats[number], number))
                    with lock:
                        busy[chats[number]] -= 1
                    claims.finish(bot, number)

    order = sorted(chats)
    for number in order[:30]:
        _receive(receiver, number, chats[number])
    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for number in order[30:]:
        _receive(receiver, number, chats[number])
    for thread in threads:
        thread.join()
    for number in _claimed(receiver, 60):  # if the others were done before the last arrived
        answered.append((chats[number], number))
    assert sorted(number for _, number in answered) == order
    assert not any(overlaps)
    for chat in set(chats.values()):
        numbers = [number for of, number in answered if of == chat]
        assert numbers == sorted(numbers)
