"""Memory of conversations for the handlers: turns, answers, searches, languages and verdicts.

Rows live as long as `state.retention` says. A database error, or a row that cannot be decoded, never costs a reply: it is
logged, a read returns None or an empty value, and a write is dropped.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType

from bot.state import answer_stats, answers, feedback, turns, users
from bot.state.database import Database
from bot.state.records import GivenAnswer, Key, QuotedSpan, Reason, Search, Verdict, new_answer_id
from bot.state.retention import prune, steady_now
from retrieval.questions import follow_ups
from retrieval.types import Answer

__all__ = ["Conversations", "GivenAnswer", "Key", "QuotedSpan", "Search", "Verdict", "new_answer_id"]

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_PRUNINGS = 10 * 60.0


class _DatabaseErrorsLogged(AbstractContextManager[None]):
    """Suppresses `sqlite3.Error`, which `Database` logs at each change, and logs a row that cannot be decoded."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, ValueError | KeyError | TypeError | RecursionError):
            logger.warning("A row of the state cannot be read and is passed over (%s)", type(error).__name__)
            return True
        return isinstance(error, sqlite3.Error)


class Conversations:
    """Reads and writes the state of conversations; prunes the database at most every ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_at = (float("-inf"), float("-inf"))

    def last_turn(self, key: Key) -> follow_ups.Turn | None:
        """The last turn of the conversation; None if there is none or it is too old."""
        with _DatabaseErrorsLogged():
            return turns.last_turn(self._database, key)
        return None

    def save_turn(self, key: Key, turn: follow_ups.Turn) -> None:
        """Replace the last turn of the conversation."""
        with _DatabaseErrorsLogged():
            self._prune_if_due()
            turns.save_turn(self._database, key, turn)

    def save_listed(self, key: Key, passage_ids: tuple[str, ...]) -> None:
        """Save the list that the conversation shows now, so that a bare number picks from it."""
        self.save_turn(key, replace(self.last_turn(key) or follow_ups.Turn(""), listed=passage_ids))

    def save_answer(self, answer: GivenAnswer) -> None:
        """Save an answer under its id and link the messages that show it to it."""
        with _DatabaseErrorsLogged():
            answers.save_answer(self._database, answer)

    def answer(self, answer_id: str) -> GivenAnswer | None:
        """The answer with the id; None if it has been pruned."""
        with _DatabaseErrorsLogged():
            return answers.answer_by_id(self._database, answer_id)
        return None

    def answer_in(self, chat_id: int, message_id: int) -> GivenAnswer | None:
        """The answer shown by a message of the chat, or None."""
        with _DatabaseErrorsLogged():
            return answers.answer_in(self._database, chat_id, message_id)
        return None

    def answer_quoting(self, user_id: int, passage_id: str) -> GivenAnswer | None:
        """The latest answer to the person that quotes the passage, or None."""
        with _DatabaseErrorsLogged():
            return answers.answer_quoting(self._database, user_id, passage_id)
        return None

    def save_sent(self, chat_id: int, question_id: int, message_ids: tuple[int, ...]) -> None:
        """Save the ids of the messages sent for a person's message, to change them when that message is edited."""
        with _DatabaseErrorsLogged():
            turns.save_sent(self._database, chat_id, question_id, message_ids)

    def save_sending(self, chat_id: int, question_id: int, message_ids: tuple[int, ...]) -> bool:
        """Save, before the call, that one more message than these is being sent for a person's message; False if it failed."""
        with _DatabaseErrorsLogged():
            turns.save_sending(self._database, chat_id, question_id, message_ids)
            return True
        return False

    def was_sending(self, chat_id: int, question_id: int) -> bool:
        """Whether the process before ended while it sent one more message than `sent_for` knows."""
        with _DatabaseErrorsLogged():
            return turns.was_sending(self._database, chat_id, question_id)
        return False

    def sent_for(self, chat_id: int, question_id: int) -> tuple[int, ...]:
        """Ids of the messages sent for a person's message, in order; empty if unknown or pruned."""
        with _DatabaseErrorsLogged():
            return turns.sent_for(self._database, chat_id, question_id)
        return ()

    def save_search(self, search: Search) -> str:
        """Save a search and return its id."""
        with _DatabaseErrorsLogged():
            turns.save_search(self._database, search)
        return search.search_id

    def search(self, search_id: str) -> Search | None:
        """The search with the id; None if it has been pruned."""
        with _DatabaseErrorsLogged():
            return turns.search_by_id(self._database, search_id)
        return None

    def language_of(self, user_id: int) -> str | None:
        """The language tag that the person chose, or None."""
        with _DatabaseErrorsLogged():
            return users.language_of(self._database, user_id)
        return None

    def save_language(self, user_id: int, code: str) -> None:
        """Save the language tag (zh-hant, zh-hans, en) that the person chose."""
        with _DatabaseErrorsLogged():
            users.save_language(self._database, user_id, code)

    def collections_of(self, chat_id: int) -> tuple[str, ...]:
        """The names of the collections that the chat is tied to; none if it never chose."""
        with _DatabaseErrorsLogged():
            return users.collections_of(self._database, chat_id)
        return ()

    def save_collections(self, chat_id: int, names: tuple[str, ...]) -> None:
        """Tie the chat to the collections of these names."""
        with _DatabaseErrorsLogged():
            users.save_collections(self._database, chat_id, names)

    def wants_wording(self, user_id: int) -> bool:
        """Whether the person has not turned worded answers off; False if the state cannot be read."""
        with _DatabaseErrorsLogged():
            return users.wants_wording(self._database, user_id)
        return False

    def save_wording(self, user_id: int, *, is_wanted: bool) -> None:
        """Save whether the person wants worded answers."""
        with _DatabaseErrorsLogged():
            users.save_wording(self._database, user_id, is_wanted=is_wanted)

    def told_host(self, chat_id: int) -> str:
        """The host that the chat was last told of as the one that words its answers; empty if of none."""
        with _DatabaseErrorsLogged():
            return users.told_host(self._database, chat_id)
        return ""

    def save_told_host(self, chat_id: int, host: str) -> None:
        """Note that the chat has been told of the host that words its answers."""
        with _DatabaseErrorsLogged():
            users.save_told_host(self._database, chat_id, host)

    def may_ask_model(self, most: int) -> bool:
        """Whether one more request may go to the language model today; it is taken off the limit."""
        with _DatabaseErrorsLogged():
            return answer_stats.take_request(self._database, most)
        return False

    def save_verdict(self, answer_id: str, user_id: int, verdict: Verdict) -> bool:
        """Save or replace a person's verdict on an answer; False if the answer has been pruned."""
        with _DatabaseErrorsLogged():
            return feedback.save_verdict(self._database, answer_id, user_id, verdict)
        return False

    def save_reason(self, answer_id: str, user_id: int, reason: Reason) -> bool:
        """Save why a person gave a thumbs-down; False if there is none."""
        with _DatabaseErrorsLogged():
            return feedback.save_reason(self._database, answer_id, user_id, reason)
        return False

    def withdraw_verdict(self, answer_id: str, user_id: int) -> None:
        """Delete a person's verdict on an answer."""
        with _DatabaseErrorsLogged():
            feedback.withdraw_verdict(self._database, answer_id, user_id)

    def verdicts_on(self, answer_id: str) -> dict[int, Verdict]:
        """The verdicts on an answer by the person who gave them."""
        with _DatabaseErrorsLogged():
            return feedback.verdicts_on(self._database, answer_id)
        return {}

    def count_answer(self, answer: Answer, milliseconds: float) -> None:
        """Add a question to the statistics: its outcome and the time that the person waited."""
        with _DatabaseErrorsLogged():
            answer_stats.save_outcome(self._database, answer.reason or answer_stats.ANSWERED, milliseconds)

    def _prune_if_due(self) -> None:
        # By either clock: the one of the machine may jump, the monotone one stands while the machine sleeps.
        now = time.monotonic(), self._database.now()
        if any(
            abs(at - before) >= _SECONDS_BETWEEN_PRUNINGS
            for at, before in zip(now, self._pruned_at, strict=True)
        ):
            self._pruned_at = now
            if self._database.take_role("pruning"):
                prune(self._database, now=steady_now(self._database))
