"""The entities Telegram finds in a text by itself: commands, mentions, hashtags, addresses.

The common cases of `find_entities` in TDLib: cashtags, phone and card numbers are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .entities import Entity, utf16_length

# A Chinese character is a word character: 「/ask上海」 holds no command, neither here nor on Telegram.
_PATTERNS = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
    (
        "email",
        re.compile(r"(?<![\w.+-])[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?!\w)"),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@])https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?#][^\s「」<>]*)?",
            re.IGNORECASE,
        ),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@./-])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|gov|edu|info|io|me|cn|tw|hk)(?:/[^\s「」<>]*)?(?![\w@.-])",
            re.IGNORECASE,
        ),
    ),
)
_TRAILING_PUNCTUATION = ".,:;!?()[]{}'\"，。、；：！？"


def detected_entities(text: str) -> list[Entity]:
    """Return what Telegram would make of plain text, in order of offset, none overlapping."""
    taken = 0
    found: list[Entity] = []
    for start, end, kind in sorted(_matches(text), key=lambda match: (match[0], -match[1])):
        if start >= taken:
            found.append(Entity(kind, utf16_length(text[:start]), utf16_length(text[start:end])))
            taken = end
    return found


def _matches(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            matched = found.group().rstrip(_TRAILING_PUNCTUATION) if kind == "url" else found.group()
            yield found.start(), found.start() + len(matched), kind
