"""What conversations leave behind: last turns, answers given, searches, languages and verdicts.

Everything is plain data behind small methods, kept in memory and bounded: what was used longest ago is forgotten
first. Nothing here knows of Telegram but for its numbers.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from retrieval.follow_ups import Turn

_MOST = 1_000
_SECONDS_KEPT = 30 * 60.0
_ID_BYTES = 9  # 12 characters: 72 bits are guessed by nobody, and callback data has room for 64 bytes

Key = tuple[int, int]
"""The chat and the person in it."""

_K = TypeVar("_K")
_V = TypeVar("_V")


class Verdict(StrEnum):
    """What a person thinks of an answer; the values stand in callback data."""

    GOOD = "u"
    BAD = "d"
    WRONG_CITATION = "c"


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """Where a quote stands: `text[start:end]` of the passage."""

    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as it was given: what its buttons, replies to it and edits of its question need."""

    answer_id: str
    chat_id: int
    user_id: int
    message_ids: tuple[int, ...]
    """The messages that hold it, in order."""
    turn: Turn
    """What a reply to the answer is read in the light of."""
    before: Turn | None
    """What the question itself was read in the light of, for when it is edited."""
    generation: str
    quotes: tuple[QuotedSpan, ...]
    """Best first; empty for a refusal."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched: words, within the passages about a place and of a bulletin, each by its shown name."""

    words: str
    place: str | None = None
    bulletin: str | None = None

    @property
    def search_id(self) -> str:
        """12 characters that stand for the search in callback data: the same search has always the same."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def new_answer_id() -> str:
    """An id under which an answer will be remembered: at most 20 characters."""
    return secrets.token_urlsafe(_ID_BYTES)


class _Bounded(Generic[_K, _V]):
    """A mapping that forgets what was set longest ago."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[_K, _V] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        return self._kept.get(key)

    def set(self, key: _K, value: _V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def newest_first(self) -> list[_V]:
        return list(reversed(self._kept.values()))


class Conversations:
    """What is remembered of the chats that asked last, each kind of memory bounded by `most`."""

    def __init__(
        self,
        most: int = _MOST,
        seconds_kept: float = _SECONDS_KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds_kept = seconds_kept
        self._clock = clock
        self._turns: _Bounded[Key, tuple[float, Turn]] = _Bounded(most)
        self._answers: _Bounded[str, GivenAnswer] = _Bounded(most)
        self._answer_ids: _Bounded[tuple[int, int], str] = _Bounded(most)
        self._sent: _Bounded[tuple[int, int], tuple[int, ...]] = _Bounded(most)
        self._searches: _Bounded[str, Search] = _Bounded(most)
        self._languages: _Bounded[int, str] = _Bounded(most)
        self._verdicts: _Bounded[tuple[str, int], Verdict] = _Bounded(most)

    def last_turn(self, key: Key) -> Turn | None:
        """The last turn of the chat, or None if there was none or it is too long ago."""
        kept = self._turns.get(key)
        if kept is None or self._clock() - kept[0] > self._seconds_kept:
            return None
        return kept[1]

    def remember(self, key: Key, turn: Turn) -> None:
        """Keep the turn in place of the one before."""
        self._turns.set(key, (self._clock(), turn))

    def remember_answer(self, answer: GivenAnswer) -> None:
        """Keep an answer under its id and under the messages that hold it."""
        self._answers.set(answer.answer_id, answer)
        for message_id in answer.message_ids:
            self._answer_ids.set((answer.chat_id, message_id), answer.answer_id)

    def answer(self, answer_id: str) -> GivenAnswer | None:
        """The answer of that id, or None if it is forgotten."""
        return self._answers.get(answer_id)

    def answer_in(self, chat_id: int, message_id: int) -> GivenAnswer | None:
        """The answer that a message of the chat holds, or None."""
        answer_id = self._answer_ids.get((chat_id, message_id))
        return self._answers.get(answer_id) if answer_id else None

    def answer_quoting(self, user_id: int, passage_id: str) -> GivenAnswer | None:
        """The last answer given to the person that quotes the passage, or None."""
        own = (answer for answer in self._answers.newest_first() if answer.user_id == user_id)
        return next((a for a in own if any(quote.passage_id == passage_id for quote in a.quotes)), None)

    def remember_sent(self, chat_id: int, question_id: int, message_ids: tuple[int, ...]) -> None:
        """Keep which messages were sent for a person's message, for when that is edited."""
        self._sent.set((chat_id, question_id), message_ids)

    def sent_for(self, chat_id: int, question_id: int) -> tuple[int, ...]:
        """The messages sent for a person's message; none if that is forgotten."""
        return self._sent.get((chat_id, question_id)) or ()

    def remember_search(self, search: Search) -> str:
        """Keep a search and return its id."""
        self._searches.set(search.search_id, search)
        return search.search_id

    def search(self, search_id: str) -> Search | None:
        """The search of that id, or None if it is forgotten."""
        return self._searches.get(search_id)

    def language_of(self, user_id: int) -> str | None:
        """The language tag the person chose, or None if they chose none."""
        return self._languages.get(user_id)

    def set_language(self, user_id: int, code: str) -> None:
        """Keep the language tag (zh-hant, zh-hans, en) the person chose."""
        self._languages.set(user_id, code)

    def remember_verdict(self, answer_id: str, user_id: int, verdict: Verdict) -> bool:
        """Keep what a person thinks of an answer, in place of what they thought before; False if it is forgotten."""
        if self._answers.get(answer_id) is None:
            return False
        self._verdicts.set((answer_id, user_id), verdict)
        return True
