"""What conversations leave behind: last turns, answers given, searches, languages and verdicts.

Everything is kept in the database, for as long as `state.retention` says. Memory is worth less than an answer: where
the file cannot be read or written, the conversation goes on as if nothing were known, and the log says why.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType

from bot.state import answer_stats, answers, feedback, turns, users
from bot.state.database import Database
from bot.state.records import GivenAnswer, Key, QuotedSpan, Search, Verdict, new_answer_id
from bot.state.retention import prune
from retrieval.questions import follow_ups
from retrieval.types import Answer

__all__ = ["Conversations", "GivenAnswer", "Key", "QuotedSpan", "Search", "Verdict", "new_answer_id"]

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_PRUNINGS = 10 * 60.0


class _Forgiven(AbstractContextManager[None]):
    """Logs what fails within and goes on after it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, sqlite3.Error):
            return False
        logger.error("The state could not be read or written: %s", error)
        return True


class Conversations:
    """What is remembered of conversations; prunes the database now and then while it writes to it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_at = float("-inf")

    def last_turn(self, key: Key) -> follow_ups.Turn | None:
        """The last turn of the chat, or None if there was none or it is too long ago."""
        with _Forgiven():
            return turns.last_turn(self._database, key)
        return None

    def remember(self, key: Key, turn: follow_ups.Turn) -> None:
        """Keep the turn in place of the one before."""
        with _Forgiven():
            self._prune_if_due()
            turns.keep_turn(self._database, key, turn)

    def remember_answer(self, answer: GivenAnswer) -> None:
        """Keep an answer under its id and under the messages that hold it."""
        with _Forgiven():
            answers.keep_answer(self._database, answer)

    def answer(self, answer_id: str) -> GivenAnswer | None:
        """The answer of that id, or None if it is forgotten."""
        with _Forgiven():
            return answers.answer_of_id(self._database, answer_id)
        return None

    def answer_in(self, chat_id: int, message_id: int) -> GivenAnswer | None:
        """The answer that a message of the chat holds, or None."""
        with _Forgiven():
            return answers.answer_in(self._database, chat_id, message_id)
        return None

    def answer_quoting(self, user_id: int, passage_id: str) -> GivenAnswer | None:
        """The last answer given to the person that quotes the passage, or None."""
        with _Forgiven():
            return answers.answer_quoting(self._database, user_id, passage_id)
        return None

    def remember_sent(self, chat_id: int, question_id: int, message_ids: tuple[int, ...]) -> None:
        """Keep which messages were sent for a person's message, for when that is edited."""
        with _Forgiven():
            turns.keep_sent(self._database, chat_id, question_id, message_ids)

    def sent_for(self, chat_id: int, question_id: int) -> tuple[int, ...]:
        """The messages sent for a person's message; none if that is forgotten."""
        with _Forgiven():
            return turns.sent_for(self._database, chat_id, question_id)
        return ()

    def remember_search(self, search: Search) -> str:
        """Keep a search and return its id."""
        with _Forgiven():
            answers.keep_search(self._database, search)
        return search.search_id

    def search(self, search_id: str) -> Search | None:
        """The search of that id, or None if it is forgotten."""
        with _Forgiven():
            return answers.search_of_id(self._database, search_id)
        return None

    def language_of(self, user_id: int) -> str | None:
        """The language tag the person chose, or None if they chose none."""
        with _Forgiven():
            return users.language_of(self._database, user_id)
        return None

    def set_language(self, user_id: int, code: str) -> None:
        """Keep the language tag (zh-hant, zh-hans, en) the person chose."""
        with _Forgiven():
            users.keep_language(self._database, user_id, code)

    def remember_verdict(self, answer_id: str, user_id: int, verdict: Verdict) -> bool:
        """Keep what a person thinks of an answer, in place of what they thought before; False if it is forgotten."""
        with _Forgiven():
            return feedback.keep_verdict(self._database, answer_id, user_id, verdict)
        return False

    def count_answer(self, answer: Answer, milliseconds: float) -> None:
        """Count a question by how it ended and how long the person waited."""
        with _Forgiven():
            answer_stats.keep_outcome(self._database, answer.reason or answer_stats.ANSWERED, milliseconds)

    def _prune_if_due(self) -> None:
        now = self._database.now()
        if now - self._pruned_at >= _SECONDS_BETWEEN_PRUNINGS:
            self._pruned_at = now
            prune(self._database)
