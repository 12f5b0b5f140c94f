"""The nouns of what is remembered: plain data, whatever keeps it."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum

from retrieval.questions import follow_ups

_ID_BYTES = 9  # 12 characters: 72 bits are guessed by nobody, and callback data has room for 64 bytes

Key = tuple[int, int]
"""The chat and the person in it."""


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
    turn: follow_ups.Turn
    """What a reply to the answer is read in the light of."""
    before: follow_ups.Turn | None
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
