"""Words an answer: one request within the limits, then the check; what fails is counted and never raised."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeGuard

from bot.settings import Settings
from bot.wording.breaker import Breaker
from bot.wording.client import Completion, Model, ModelError, OpenAIModel
from bot.wording.prompt import prompt_for
from bot.wording.reply_parser import parse_reply
from retrieval.answering.wording_check import CheckedSentence, Evidence, WordedSentence, check_wording
from retrieval.types import Answer, Answered, QuestionType, Quote

logger = logging.getLogger(__name__)

OUTCOMES = ("kept", "dropped", "failed", "breaker", "limit")
"""Sentences kept and dropped; requests that failed, and those not made because of the breaker or the daily limit."""


@dataclass(frozen=True, slots=True)
class Worded:
    """The sentences that the quotes hold, in order."""

    sentences: tuple[WordedSentence, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply of the model after the check."""

    checked: tuple[CheckedSentence, ...]
    malformed: int
    """Pieces of the reply without the form of a cited sentence."""
    tokens: int
    seconds: float

    @property
    def kept(self) -> tuple[WordedSentence, ...]:
        """The sentences that hold."""
        return tuple(checked.sentence for checked in self.checked if checked.holds)


def is_worded(answer: Answer) -> TypeGuard[Answered]:
    """Whether an answer may be worded: one of quotes to a question, no refusal, small talk, list or comparison."""
    plain = (QuestionType.PLAIN, QuestionType.FOLLOW_UP)
    return isinstance(answer, Answered) and answer.question_type in plain and not answer.by_place


class Wording:
    """Words answers by a model; counts what becomes of them."""

    def __init__(
        self, model: Model, may_ask: Callable[[], bool] = lambda: True, breaker: Breaker | None = None
    ) -> None:
        """`may_ask` takes one request off the day's limit and returns False if there is none left."""
        self._model = model
        self._may_ask = may_ask
        self._breaker = breaker or Breaker()
        self.counts = Counter(dict.fromkeys(OUTCOMES, 0))
        self.tokens = 0
        self.seconds = 0.0

    @property
    def host(self) -> str:
        """The host that questions and quotes are sent to."""
        return self._model.host

    async def word(self, question: str, answer: Answer) -> Worded | None:
        """The sentences for an answer; None if it is not to be worded, the server failed, or no sentence holds."""
        if not is_worded(answer):
            return None
        if not self._breaker.begin():
            self.counts["breaker"] += 1
            return None
        if not self._may_ask():
            self.counts["limit"] += 1
            return None
        try:
            draft = await self.draft(question, answer.quotes)
        except ModelError as error:
            self.counts["failed"] += 1
            self._breaker.failed()
            logger.warning("The language model at %s gave no wording (%s).", self.host, error)
            return None
        self._breaker.succeeded()
        return Worded(draft.kept) if draft.kept else None

    async def draft(self, question: str, quotes: tuple[Quote, ...]) -> Draft:
        """Ask the model once and check its reply; raises ModelError."""
        started = time.monotonic()
        completion: Completion = await self._model.complete(
            prompt_for(question, [quote.text for quote in quotes])
        )
        sentences, malformed = parse_reply(completion.text)
        evidence = [Evidence(quote.text, quote.passage.place_name or "") for quote in quotes]
        draft = Draft(
            check_wording(sentences, evidence), malformed, completion.tokens, time.monotonic() - started
        )
        self.counts["kept"] += len(draft.kept)
        self.counts["dropped"] += len(draft.checked) - len(draft.kept) + malformed
        self.tokens += draft.tokens
        self.seconds += draft.seconds
        return draft

    async def close(self) -> None:
        """Close the connections to the server."""
        await self._model.close()


def open_wording(settings: Settings, may_ask: Callable[[], bool] = lambda: True) -> Wording | None:
    """The wording of the settings; None where LLM_BASE_URL is not set. Raises BulletinBotError without the package openai."""
    return Wording(OpenAIModel(settings), may_ask) if settings.llm_base_url else None
