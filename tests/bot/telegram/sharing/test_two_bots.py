"""Two processes of one bot on one state: they share the updates, and go on when one is killed or the server is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.faults.balancer import Balancer
from benchmarks.faults.forked_bot import ForkedBot
from benchmarks.local_postgres import LocalPostgres, free_port

from bot.locales import ZH_HANT
from tests.e2e.bot_api import Person, SentMessage
from tests.e2e.conftest import BotProcess
from tests.e2e.light import ANSWER, QUESTION, QUESTIONS, START_SECONDS, Rig, answers_to, kill, lines, rig

pytestmark = pytest.mark.flaky(reruns=1)  # real processes, sockets and clocks
SOON = 30.0


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path, process=ForkedBot) as made:
        yield made


def serving(*bots: BotProcess) -> None:
    end = time.monotonic() + START_SECONDS
    while not all("Serving @" in bot.output for bot in bots):
        assert time.monotonic() < end
        time.sleep(0.02)


def answered(line: Rig, person: Person, asked: list[SentMessage], answer: str = ANSWER) -> list[str]:
    """The answers to all of the questions, in the order in which they came, and what came soon after."""
    line.telegram.log.wait_until(
        lambda: sum(answer in sent.text for sent in answers_to(person, asked[0])) >= len(asked) or None, SOON
    )
    time.sleep(0.5)
    return [sent.text for sent in answers_to(person, asked[0]) if answer in sent.text]


def is_once(answers: list[str], asked: list[SentMessage]) -> bool:
    """Whether each question has one answer that is not marked as a repetition."""
    return sum(not text.startswith(ZH_HANT.delivery.repeated) for text in answers) == len(asked)


def answers_of(bot: BotProcess) -> int:
    return bot.output.count('"event": "answer"')


def test_where_one_polls_both_answer_and_the_other_goes_on_when_it_is_killed(
    line: Rig, state_url: str
) -> None:
    given = {"STATE_URL": state_url, "ANSWER_SECONDS": "0.3"}
    first = line.start(**given)
    serving(first)
    second = line.start(**given)
    serving(second)
    people = [line.telegram.person(number) for number in range(50, 58)]
    asked = [(person, [person.says(QUESTION)]) for person in people]
    for person, questions in asked:
        assert is_once(answered(line, person, questions), questions)
    assert answers_of(first)
    assert answers_of(second)
    for person, questions in asked:
        questions.append(person.says(QUESTION))
    time.sleep(0.4)
    kill(first)
    for person, questions in asked:
        questions.append(person.says(QUESTION))
    for person, questions in asked:
        assert is_once(answered(line, person, questions), questions)
    assert second.terminate() == 0
    assert not lines(second.output, "error")


def test_the_messages_of_each_chat_are_answered_in_order_by_two_bots_behind_a_webhook(
    line: Rig, state_url: str
) -> None:
    hooks = (free_port(), free_port())
    with Balancer(hooks) as balancer:
        url = f"http://127.0.0.1:{balancer.port}/hook"
        given = {"STATE_URL": state_url, "ANSWER_SECONDS": "0.05", "WEBHOOK_URL": url}
        bots = [line.start(**given, WEBHOOK_PORT=str(port)) for port in hooks]
        serving(*bots)
        people = [line.telegram.person(number) for number in range(60, 64)]
        asked = [[person.says(question) for question in [*QUESTIONS, *QUESTIONS]] for person in people]
        for person, questions in zip(people, asked, strict=True):
            texts = answered(line, person, questions, "「")
            expected = [*QUESTIONS.values()] * 2
            assert len(texts) == len(expected)
            assert all(quote in text for quote, text in zip(expected, texts, strict=True))
        assert all(answers_of(bot) for bot in bots)
        assert [bot.terminate() for bot in bots] == [0, 0]


def test_while_the_server_is_away_updates_wait_and_are_then_answered(
    line: Rig, postgres: LocalPostgres, state_url: str
) -> None:
    bot = line.start(STATE_URL=state_url)
    serving(bot)
    person = line.telegram.person(70)
    asked = [person.says(QUESTION)]
    assert is_once(answered(line, person, asked), asked)
    postgres.stop()
    try:
        asked.append(person.says(QUESTION))
        time.sleep(2.0)
        assert len(answers_to(person, asked[-1])) == 0
    finally:
        postgres.start()
    assert is_once(answered(line, person, asked), asked)
    assert len(lines(bot.output, "error")) == 1
    assert "can be read and written again" in bot.output
    assert "Traceback" not in bot.output
    assert bot.terminate() == 0
