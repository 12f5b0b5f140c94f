"""Headings without a mark: the shape of a title, and which unmarked lines are headings."""

from __future__ import annotations

import re

from retrieval.language import Pattern, numerals
from retrieval.reading.lines import LineKind
from retrieval.reading.structure.mark_hierarchy import MarkedLines

LONGEST_HEADING = 60
LONGEST_STYLED_HEADING = 100
"""Of a line that the format itself calls a heading."""
_LONGEST_UNMARKED_HEADING = 45
_LONGEST_LEAD_IN = 120

SENTENCE_END = Pattern(re.compile(r"[。!?;…]"), "开展活动。", "开展活动")
BULLET = Pattern(re.compile(r"^[•●◆■▪◦‣·○□▲★*+\-–]\s*(?=\S)"), "• 开展宣讲", "开展•宣讲")
_FIRST_SENTENCE = Pattern(re.compile(r"[^。]{1,80}(?=。)"), "加强领导。成立小组", "加强领导,成立小组")
_FIRST_CLAUSE = Pattern(re.compile(r"[^,;:。!?]{2,40}(?=[,;:。!?]|$)"), "加强领导,成立小组", ",。")
_TRAILING_STOPS = Pattern(re.compile("[。.:\uff1a\\s]{1,8}$"), "加强领导:", "加强:领导")


def is_short_title(plain: str) -> bool:
    """Whether a line without a mark, half width and stripped, has the shape of a title."""
    if not 2 <= len(plain) <= _LONGEST_UNMARKED_HEADING or BULLET.regex.match(plain):
        return False
    return not SENTENCE_END.regex.search(plain) and plain[-1] not in ",:、," and not plain.isdigit()


def heading_title(text: str) -> str:
    """The title in a heading, without the stops and colons that end it."""
    return _TRAILING_STOPS.regex.sub("", text).strip()


def opened_title(text: str) -> str:
    """The title of a paragraph that its mark opens: its first sentence, or the first clause of a long one."""
    plain = numerals.half_width(text)
    if sentence := _FIRST_SENTENCE.regex.match(plain):
        return text[sentence.start() : sentence.end()].strip()
    indent = len(plain) - len(plain.lstrip())
    clause = _FIRST_CLAUSE.regex.match(plain[indent:])
    return text[indent + clause.start() : indent + clause.end()].strip() if clause else ""


def lead_in(text: str) -> str:
    """The sentence that announces a list, if the paragraph ends in a colon, else an empty text."""
    plain = numerals.half_width(text).rstrip()
    if not plain.endswith(":"):
        return ""
    start = max(plain.rfind(end) for end in "。!?;") + 1
    return text[start:].strip() if len(text) - start <= _LONGEST_LEAD_IN else ""


def is_unmarked_heading(marked: MarkedLines, index: int) -> bool:
    """Whether the line at the index, which has no mark, is a heading."""
    line = marked.lines[index]
    if line.kind in (LineKind.LIST_ITEM, LineKind.TABLE_ROW) or index + 1 == len(marked.lines):
        return False
    plain = numerals.half_width(line.text).strip()
    if line.kind is LineKind.HEADING:
        return len(plain) <= LONGEST_STYLED_HEADING and len(SENTENCE_END.regex.findall(plain)) <= 1
    return is_short_title(plain) and _leads_to_text(marked, index + 1)


def _leads_to_text(marked: MarkedLines, index: int) -> bool:
    """Whether prose or a mark follows from the index on, with at most one more title between."""
    for line, mark in zip(marked.lines[index : index + 2], marked.marks[index : index + 2], strict=True):
        plain = numerals.half_width(line.text)
        is_prose = bool(SENTENCE_END.regex.search(plain)) or len(plain) > LONGEST_HEADING
        if mark or line.kind is LineKind.TABLE_ROW or is_prose:
            return True
        if not is_short_title(plain.strip()):
            return False
    return False
