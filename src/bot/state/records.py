"""Data types of the saved state, independent of how they are stored."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum

from retrieval.questions import follow_ups

_ID_BYTES = 9  # 12 characters: 72 bits cannot be guessed, and callback data has room for 64 bytes

Key = tuple[int, int]
"""Ids of the chat and of the person in it: one conversation."""


class Verdict(StrEnum):
    """A person's verdict on an answer; the values are part of callback data and of saved rows."""

    GOOD = "u"
    BAD = "d"
    WRONG_CITATION = "c"


class Reason(StrEnum):
    """The reason of a thumbs-down; the values are part of callback data and of saved rows."""

    PLACE = "p"
    """It is about another place."""
    NOT_AN_ANSWER = "n"
    OUTDATED = "o"
    QUOTE = "q"
    """The quote is wrong or incomplete."""
    IN_BULLETINS = "t"
    """The bulletins say it; only of a refusal, as the next."""
    MISREAD = "m"
    """The question was taken for another one."""


class Decision(StrEnum):
    """An admin's judgement of a reported answer; the values are part of callback data and of saved rows."""

    RIGHT = "r"
    WRONG = "w"


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """Position of a quote: `text[start:end]` of the passage."""

    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A sent answer: the data that its buttons, replies to it and edits of its question need."""

    answer_id: str
    chat_id: int
    user_id: int
    message_ids: tuple[int, ...]
    """Ids of the messages that show it, in order."""
    turn: follow_ups.Turn
    """Context of a reply to the answer."""
    before: follow_ups.Turn | None
    """Context in which the question itself was understood, for when it is edited."""
    generation: str
    quotes: tuple[QuotedSpan, ...]
    """Best first; empty for a refusal."""
    asked: str = ""
    """The stand-alone question that it answers; empty in rows of earlier versions."""

    @property
    def question(self) -> str:
        """The stand-alone question; that of the turn is an earlier one where this was refused."""
        return self.asked or self.turn.question


@dataclass(frozen=True, slots=True)
class Search:
    """A search: words, limited to the passages of a place and of a bulletin, each by its display name."""

    words: str
    place: str | None = None
    bulletin: str | None = None
    owner: str = ""
    """Pseudonym of the person who typed it. It keys the id, from which nobody else can guess the words, and by it the row is
    found when the person wants to be forgotten."""

    @property
    def search_id(self) -> str:
        """12 hexadecimal characters for callback data; equal searches of a person have equal ids."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def new_answer_id() -> str:
    """A random id for an answer, 12 characters."""
    return secrets.token_urlsafe(_ID_BYTES)
