"""Two processes of one bot: the second waits for the first, takes over, and nobody is answered twice or not at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.e2e.conftest import BotProcess
from tests.e2e.light import ANSWER, QUESTION, START_SECONDS, Rig, answers_to, kill, rig

SOON = 20.0


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as made:
        yield made


def waits(seconds: float, what: str, bot: BotProcess) -> None:
    end = time.monotonic() + seconds
    while what not in bot.output:
        assert time.monotonic() < end, what
        time.sleep(0.02)


@pytest.mark.parametrize("is_killed", [False, True])
def test_questions_asked_while_one_process_takes_over_from_another_are_answered_once(
    line: Rig, is_killed: bool
) -> None:
    person = line.telegram.person(5)
    first = line.start(ANSWER_SECONDS="0.3")
    asked = [person.says(QUESTION)]
    person.waits_for_message(timeout=START_SECONDS)
    second = line.start(ANSWER_SECONDS="0.3")
    waits(START_SECONDS, f"process {first.pid} on ", second)
    asked += [person.says(QUESTION) for _ in range(3)]
    time.sleep(0.4)
    if is_killed:
        kill(first)
    else:
        assert first.terminate() == 0
    asked += [person.says(QUESTION) for _ in range(2)]
    line.telegram.log.wait_until(
        lambda: sum(ANSWER in answer.text for answer in answers_to(person, asked[0])) >= len(asked) or None,
        SOON,
    )
    time.sleep(0.5)
    answers = [answer for answer in answers_to(person, asked[0]) if ANSWER in answer.text]
    assert len(answers) == len(asked)
    assert "Another copy" not in first.output + second.output
    assert second.terminate() == 0


def test_a_bot_of_another_token_does_not_answer_the_people_of_the_first(line: Rig) -> None:
    first = line.start()
    waits(START_SECONDS, "Serving @", first)
    assert first.terminate() == 0
    number, _, secret = line.telegram.token.partition(":")
    other = line.start(TELEGRAM_BOT_TOKEN=f"{int(number) + 1}:{secret}")
    assert other.wait() != 0
    assert f"is that of the bot {number}" in other.output


def test_while_another_process_locks_the_state_everybody_is_answered_soon_and_health_says_so(
    line: Rig, free_port: int
) -> None:
    bot = line.start(METRICS_PORT=str(free_port))
    people = [line.telegram.person(number) for number in range(20, 30)]
    people[0].says(QUESTION)
    people[0].waits_for_message(timeout=START_SECONDS)
    with closing(sqlite3.connect(line.folder / "state.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        for person in people:
            person.says(QUESTION)
        for person in people:
            assert ANSWER in person.waits_for_message(timeout=SOON).text
        assert time.monotonic() - started < 8.0
        with pytest.raises(HTTPError) as failing:
            urlopen(f"http://127.0.0.1:{free_port}/healthz")
        assert "cannot be read or written (database is locked)" in failing.value.read().decode()
        other.execute("ROLLBACK")
    people[0].says(QUESTION)
    people[0].waits_for_message(timeout=SOON)
    waits(SOON, "The state can be written again", bot)
    assert "Telegram cannot be reached" not in bot.output
    assert bot.terminate() == 0
