"""Questions that people ask while a bot is killed or restarted, each by a person of its own, and what came of them."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.e2e.bot_api import Person, SentMessage
from tests.e2e.light import ANSWER, QUESTION, START_SECONDS, Rig, answers_to

from bot.locales import ZH_HANT

_SAID = ZH_HANT.delivery
_SECONDS_BETWEEN_QUESTIONS = 0.2
_FIRST_PERSON = 1000


@dataclass(slots=True)
class Questions:
    """Asks a question every 0.2 s while something else is waited for."""

    rig: Rig
    asked: list[tuple[Person, SentMessage]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(_FIRST_PERSON))
    _next: float = 0.0

    def until(self, holds: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Ask until it holds; raises TimeoutError after the seconds."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError
            self._ask_if_due()
            time.sleep(0.01)

    def for_seconds(self, seconds: float) -> None:
        """Ask for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, seconds + 1.0)

    def _ask_if_due(self) -> None:
        if time.monotonic() >= self._next:
            person = self.rig.telegram.person(next(self._numbers))
            self.asked.append((person, person.says(QUESTION)))
            self._next = time.monotonic() + _SECONDS_BETWEEN_QUESTIONS

    def outcomes(self, seconds: float = START_SECONDS) -> dict[str, int]:
        """Counts of the questions by what came of them, once each has an outcome or none has got one for so many seconds."""
        changed, before = time.monotonic(), -1
        while (waiting := self._waiting()) and time.monotonic() - changed < seconds:
            if waiting != before:
                changed, before = time.monotonic(), waiting
            time.sleep(0.5)
        time.sleep(3.0)  # an answer that is sent twice arrives by now
        counts = Counter(self._outcome(*one) for one in self.asked)
        kinds = ("answered once", "answered again, marked", "answered again, unmarked", "told so", "lost")
        return {"asked": len(self.asked), **{kind: counts[kind] for kind in kinds}}

    def _waiting(self) -> int:
        return sum(self._outcome(*one) == "lost" for one in self.asked)

    @staticmethod
    def _outcome(person: Person, asked: SentMessage) -> str:
        texts = [message.text for message in answers_to(person, asked)]
        answers = [text for text in texts if ANSWER in text]
        if len(answers) > 1:
            is_marked = all(text.startswith(_SAID.repeated) for text in answers[1:])
            return "answered again, marked" if is_marked else "answered again, unmarked"
        if answers:
            return "answered once"
        return "told so" if _SAID.unanswered in texts else "lost"
