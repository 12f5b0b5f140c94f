"""Subscribers of a bot that is rebuilt, stopped, killed and throttled: each is told once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.operations.rebuilding import build
from bot.settings import Settings
from tests.bot.subscriptions.conftest import bulletin, settings_in
from tests.doubles import HashEncoder
from tests.e2e.bot_api import Person, SentMessage
from tests.e2e.conftest import BotProcess
from tests.e2e.fault_proxy import Fault
from tests.e2e.light import START_SECONDS, Rig, answers_to, kill, rig

SOON = 30.0
SERVING = "Serving @"
SETTLED_SECONDS = 4.0
"""Two looks of the bot for what is to be told."""


@dataclass(slots=True)
class World:
    """A bot process and its bulletins."""

    rig: Rig
    settings: Settings
    paragraphs: int = 0

    def start(self) -> BotProcess:
        process = self.rig.start(INDEX_DIR=str(self.settings.index_dir), TIME_ZONE="UTC")
        assert process.wait_for_output(SERVING, seconds=START_SECONDS), process.output
        return process

    def rebuild(self) -> None:
        """Build with one paragraph more about 重慶."""
        self.paragraphs += 1
        more = [f"重慶新增了第{number}支隊伍。" for number in range(self.paragraphs)]
        path = self.settings.bulletins_dir / "3.txt"
        path.write_text(bulletin(3, "重慶", *more), encoding="utf-8")
        build(self.settings, encoder=HashEncoder())


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    settings = settings_in(tmp_path)
    build(settings, encoder=HashEncoder())
    with rig(tmp_path) as made:
        yield World(made, settings)


def _follows(world: World, number: int) -> tuple[Person, SentMessage]:
    person = world.rig.telegram.person(number)
    person.says("/follow 重慶 anytime")
    return person, person.waits_for_message(timeout=SOON)


def _told(person: Person, since: SentMessage) -> int:
    """The number of messages since then, once nothing more comes."""
    person.telegram.log.wait_until(lambda: None, SETTLED_SECONDS)
    return len(answers_to(person, since))


def test_a_subscriber_is_told_once_of_rebuilds_beside_the_bot_and_while_it_was_down_and_across_kills(
    world: World,
) -> None:
    process = world.start()
    person, since = _follows(world, 2)
    world.rebuild()
    assert "重慶" in person.waits_for_message(after=since, timeout=SOON).text
    kill(process)
    process = world.start()
    assert _told(person, since) == 1
    assert process.terminate() == 0
    world.rebuild()
    world.rebuild()
    process = world.start()
    assert person.telegram.log.wait_until(lambda: answers_to(person, since)[1:] or None, SOON)
    kill(process)
    world.start()
    assert _told(person, since) == 2
    assert "2" in answers_to(person, since)[1].text.split("\n")[0]
    assert not world.rig.telegram.refused


def test_who_blocked_the_bot_is_told_nothing_and_a_429_or_an_outage_delays_the_others(world: World) -> None:
    world.start()
    gone, _ = _follows(world, 3)
    person, since = _follows(world, 2)
    gone.blocks()
    world.rig.proxy.inject(Fault("sendMessage", status=429, retry_after=1, times=2))
    world.rebuild()
    assert "重慶" in person.waits_for_message(after=since, timeout=SOON).text
    assert _told(person, since) == 1
    gone.unblocks()
    world.rebuild()
    assert _told(person, since) == 2
    assert not [message for message in gone.history() if "🔔 重慶" in message.text]
