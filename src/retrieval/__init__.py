"""Reads bulletins, finds the passages that answer a question, and quotes them. Knows nothing of Telegram.

In: a folder of bulletins. Out: `BulletinIndex`, which answers questions and searches. `docs/api.md` shows it in five
lines. The libraries are loaded with the first name that is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.api import BulletinIndex, build, open_index
    from retrieval.errors import BulletinBotError
    from retrieval.types import Answered, Hit, Passage, Quote, Refused, SmallTalkReply

__all__ = [
    "Answered",
    "BulletinBotError",
    "BulletinIndex",
    "Hit",
    "Passage",
    "Quote",
    "Refused",
    "SmallTalkReply",
    "build",
    "open_index",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            **dict.fromkeys(["BulletinIndex", "build", "open_index"], "api"),
            "BulletinBotError": "errors",
            **dict.fromkeys(["Answered", "Hit", "Passage", "Quote", "Refused", "SmallTalkReply"], "types"),
        },
    )
