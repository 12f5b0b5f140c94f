"""Finds lists of contents and page numbers: lines that recur in the text below, and lines that count on through it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Sequence

from retrieval.language import Pattern, fold, numerals
from retrieval.reading.lines import notice_forms, page_forms
from retrieval.reading.lines.document import Line

_LONGEST_TITLE = 70
_LONGEST_PAGE_NUMBER = 20
# Page numbers have at least so many lines between them; numbers of a table stand closer.
_LINES_ON_A_PAGE = 3
_CONTENTS = Pattern(
    re.compile(
        r"^[【\[《]?\s*(?:目\s*录|目\s*次|(?:本期|本刊|今日|本周|每日)(?:要目|目录|导读|内容|看点|要闻)|要\s*目|内容提要|文章目录|导航|contents)\s*[】\]》]?:?$"
    ),
    "【本期要目】",
    "目录编制",
)
_LEADERS = Pattern(re.compile(r"(?:[.·\s]{3,}|…[.…·\s]*|\t)\s*\d{1,3}$"), "志愿服务……3", "2023年第3")


def same(text: str) -> str:
    """The key that two lines share if they are the same title: folded, without spaces, marks and a trailing page number."""
    return re.sub(r"[\s\W_]", "", fold(_LEADERS.regex.sub("", numerals.half_width(text))))


def contents_entries(lines: Sequence[Line]) -> set[int]:
    """The indexes of lists of contents: a heading, and short lines below it that recur later or end in a page number."""
    last = {same(line.text): index for index, line in enumerate(lines) if len(line.text) <= _LONGEST_TITLE}
    entries: set[int] = set()
    for start, line in enumerate(lines):
        if (
            start in entries
            or len(line.text) > 20
            or not _CONTENTS.regex.match(notice_forms.plain(line.text))
        ):
            continue
        end = start + 1
        while end < len(lines) and _is_entry(lines[end], end, last):
            end += 1
        if end > start + 1:
            entries.update(range(start, end))
    return entries


def _is_entry(line: Line, index: int, last: dict[str, int]) -> bool:
    if len(line.text) > _LONGEST_TITLE or notice_forms.SENTENCE.search(numerals.half_width(line.text)):
        return bool(_LEADERS.regex.search(numerals.half_width(line.text)))
    return last.get(same(line.text), -1) > index or bool(
        _LEADERS.regex.search(numerals.half_width(line.text))
    )


def page_number_lines(plains: Sequence[str], taken: Container[int]) -> set[int]:
    """The indexes of page numbers: plain lines that count on by ones, with text between, or the last line alone."""
    numbered = [
        (index, number)
        for index, plain in enumerate(plains)
        if index not in taken and len(plain) <= _LONGEST_PAGE_NUMBER
        if (number := page_forms.page_number(plain)) is not None
    ]
    counts_on = len(numbered) > 1 and all(
        later[1] == earlier[1] + 1 and later[0] - earlier[0] > _LINES_ON_A_PAGE
        for earlier, later in itertools.pairwise(numbered)
    )
    alone = len(numbered) == 1 and numbered[0][0] == len(plains) - 1 and len(plains) > 2
    return {index for index, _ in numbered} if counts_on or alone else set()
