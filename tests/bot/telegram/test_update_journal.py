"""Processes that die while they handle updates: who is answered, and who is given up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from bot.state.database import Database, Value
from bot.state.sqlite import IN_MEMORY, FileDatabase, open_database
from bot.state.updates import pending_updates
from bot.telegram.received_update import ReceivedUpdate
from tests.bot.telegram.test_update_queue import body_of, running_on

_DEATHS_BEFORE_GIVEN_UP = 2
_MOST_DEATHS_OF_ONE = 3


class Mortal(FileDatabase):
    """Writes nothing once its process is dead."""

    is_dead = False

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        return 0 if self.is_dead else super().write(statement, values)


@dataclass(slots=True)
class Process:
    """Handles updates in some steps each; dies at a deadly one, or when it is killed after so many steps."""

    database: Mortal
    deadly: frozenset[int]
    steps: dict[int, int]
    killed_after: int | None
    died: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: set[int] = field(default_factory=set)
    under_way_at_death: frozenset[int] = frozenset()
    answered: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    _steps: int = 0

    async def handle(self, received_update: ReceivedUpdate, handlers: Awaitable[object]) -> None:
        await handlers
        await self._step()
        number = received_update.update.update_id
        self.under_way.add(number)
        for _ in range(self.steps[number]):
            await asyncio.sleep(0)
            await self._step()
        if number in self.deadly or self.database.is_dead:
            await self._die()
        self.answered.append(number)
        self.under_way.discard(number)

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        await self._step()
        self.given_up.append(received_update.update.update_id)

    def drop(self, update: Update, *, with_notice: bool) -> None:
        raise AssertionError(update.update_id, with_notice)

    async def _step(self) -> None:
        self._steps += 1
        if self.database.is_dead or (self.killed_after is not None and self._steps > self.killed_after):
            await self._die()

    async def _die(self) -> None:
        if not self.database.is_dead:
            self.database.is_dead = True
            self.under_way_at_death = frozenset(self.under_way)
            self.died.set()
        await asyncio.Event().wait()


async def _lives(process: Process, new: list[tuple[int, int]]) -> None:
    """Run a process that takes these updates, as (number, chat), until it dies or has handled all."""
    running = await running_on(process.database, process)
    await running.queue.replay()
    while new and not process.died.is_set():
        number, chat = new.pop(0)
        await running.queue.receive(body_of(number, chat=chat))
    while running.queue.pending() and not process.died.is_set():
        await asyncio.sleep(0)
    process.database.is_dead = True
    await running.processor.close(0.0)
    await running.application.stop()


async def _until_all_is_handled(
    updates: dict[int, int], deadly: frozenset[int], steps: dict[int, int], kills: Iterator[int]
) -> tuple[list[Process], Database]:
    connection = open_database(IN_MEMORY)._connection
    assert isinstance(connection, sqlite3.Connection)
    processes: list[Process] = []
    new = list(updates.items())
    while new or pending_updates(Mortal(connection, lambda: 0.0)):
        process = Process(Mortal(connection, lambda: 0.0), deadly, steps, next(kills, None))
        await _lives(process, new)
        processes.append(process)
        assert len(processes) < 100
    return processes, Mortal(connection, lambda: 0.0)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_whoever_ends_the_process_is_given_up_once_and_everybody_else_is_answered_once(
    data: st.DataObject,
) -> None:
    updates = data.draw(st.dictionaries(st.integers(1, 40), st.integers(1, 6), min_size=1, max_size=14))
    deadly = data.draw(st.frozensets(st.sampled_from(sorted(updates)), max_size=3))
    steps = {number: data.draw(st.integers(0, 3)) for number in updates}
    kills = data.draw(st.lists(st.integers(0, 12), max_size=5))
    processes, database = asyncio.run(_until_all_is_handled(updates, deadly, steps, iter(kills)))
    with closing(database):
        assert pending_updates(database) == ()
    answered = [number for process in processes for number in process.answered]
    given_up = [number for process in processes for number in process.given_up]
    assert sorted(answered + given_up) == sorted(updates)
    alone = Counter(
        number
        for process in processes
        for number in process.under_way_at_death
        if len(process.under_way_at_death) == 1
    )
    assert all(alone[number] >= _DEATHS_BEFORE_GIVEN_UP for number in given_up)
    assert deadly <= set(given_up)
    assert len(processes) <= _MOST_DEATHS_OF_ONE * len(deadly) + len(kills) + 1
