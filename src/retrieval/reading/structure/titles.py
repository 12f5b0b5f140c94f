"""What a title looks like, and the sentence that announces a list."""

from __future__ import annotations

import re

from retrieval.language import numerals

SENTENCE_END = re.compile(r"[。!?;…]")
BULLET = re.compile(r"^[•●◆■▪◦‣·○□▲★*+\-–]\s*(?=\S)")
_TITLE = re.compile(r"[^。]{1,80}(?=。)")
_CLAUSE = re.compile(r"[^,;:。!?]{2,40}(?=[,;:。!?]|$)")
_TRAILING = re.compile("[。.:\uff1a\\s]{1,8}$")
_LONGEST_UNMARKED_HEADING = 45


def is_short_title(plain: str) -> bool:
    """Whether a line without a mark, half width and stripped, may be a title."""
    if not 2 <= len(plain) <= _LONGEST_UNMARKED_HEADING or BULLET.match(plain):
        return False
    return not SENTENCE_END.search(plain) and plain[-1] not in ",:、," and not plain.isdigit()


def heading_title(text: str) -> str:
    """The title in a heading, without the stops and colons that end it."""
    return _TRAILING.sub("", text).strip()


def opened_title(text: str) -> str:
    """The title of a paragraph that its mark opens: its first sentence, or the first clause of a long one."""
    plain = numerals.half_width(text)
    found = _TITLE.match(plain) or _CLAUSE.match(plain.lstrip())
    if not found:
        return ""
    lead = len(plain) - len(plain.lstrip()) if found.re is _CLAUSE else 0
    return text[lead + found.start() : lead + found.end()].strip()


def lead_in(text: str) -> str:
    """The sentence that announces a list, when the paragraph ends in a colon."""
    plain = numerals.half_width(text).rstrip()
    if not plain.endswith(":"):
        return ""
    start = max(plain.rfind(end) for end in "。!?;") + 1
    return text[start:].strip() if len(text) - start <= 120 else ""
