"""People who each ask again as soon as they have an answer; shared by the commands with many questions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.e2e.bot_api import Call

from benchmarks.served import Served, chat_of, is_answer

_PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class Exchange:
    """A question with the times at which it was asked and at which Telegram had the answer."""

    question: str
    at: float
    answered_at: float = float("inf")

    @property
    def wait(self) -> float:
        """Seconds from the question to its answer."""
        return self.answered_at - self.at


def keep_asking(bot: Served, people: range, questions: Iterator[str]) -> list[Exchange]:
    """Ask the questions in order until none is left, then wait for the open ones; return all that were asked.

    Each question must be one that a single message answers: the first message is taken as the answer.
    """
    bot.telegram.log.clear()
    everyone = {number: bot.telegram.person(number) for number in people}
    asked: list[Exchange] = []
    open_now: dict[int, Exchange] = {}

    def ask(number: int) -> None:
        question = next(questions, None)
        if question is not None:
            open_now[number] = Exchange(question, time.monotonic())
            asked.append(open_now[number])
            everyone[number].says(question)

    for number in people:
        ask(number)
    while open_now and (calls := _next_calls(bot)):
        for call in filter(is_answer, calls):
            exchange = open_now.pop(chat_of(call), None)
            if exchange:
                exchange.answered_at = call.finished
                ask(chat_of(call))
    return asked


def _next_calls(bot: Served) -> list[Call]:
    """Calls of the bot since the last look; none if it is silent for too long."""
    return bot.telegram.log.wait_until(lambda: bot.telegram.log.take() or None, _PATIENCE_SECONDS) or []
