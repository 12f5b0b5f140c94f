"""The lines of one bulletin by their positions, and why those at its head, its foot and between are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from retrieval.language import Pattern
from retrieval.reading.lines import notice_forms as forms
from retrieval.reading.lines import page_forms
from retrieval.reading.lines.document import Line, LineKind
from retrieval.reading.lines.section_marks import opening_mark
from retrieval.types import LeftOutReason

_LONGEST_TITLE = 70
# Titles of pages are longer than the names in a list: 学校文明创建总结 has 8, 社区晨读角 5.
_SHORTEST_LINK = 9
_MOST_LINKS = 100
# A site greets its readers within so many lines, if not above the first sentence.
_OPENING_LINES = 4
_CHRONICLE = Pattern(re.compile(r"大事记|纪事|记事|日志|日程|年表|编年"), "文明创建大事记", "工作简报")


class Position(Enum):
    """The position of a line in its bulletin."""

    HEAD = auto()
    INNER = auto()
    FOOT = auto()
    ALONE = auto()
    """In a bulletin without a sentence."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A line with what the rules ask of it."""

    line: Line
    plain: str
    is_text: bool
    """Whether it is a sentence of the text, or a row of a table."""


class Segment:
    """The lines of one bulletin: `seen[start:end]`."""

    def __init__(self, seen: Sequence[Seen], reasons: dict[int, LeftOutReason], start: int, end: int) -> None:
        self._seen = seen
        self._reasons = reasons
        self._span = range(start, end)
        self._heads_others = start == 0 and end < len(seen)
        texts = [index for index in self._span if seen[index].is_text and index not in reasons]
        self._first, self._last = (texts[0], texts[-1]) if texts else (end, -1)
        self._has_dates = self._is_chronicle()

    def leave_out(self) -> None:
        """Notes the reasons of this bulletin's lines."""
        self._leave_out_links()
        for index in self._span:
            if index in self._reasons or self._seen[index].line.kind is LineKind.TABLE_ROW:
                continue
            if reason := self._reason(index):
                self._reasons[index] = reason

    def _position(self, index: int) -> Position:
        if self._last < 0:
            return Position.HEAD if self._heads_others else Position.ALONE
        if index < self._first:
            return Position.HEAD
        return Position.FOOT if index > self._last else Position.INNER

    def _is_chronicle(self) -> bool:
        """Whether lines of days head what happened on them: several days with text between, or the title says so."""
        days = [
            index
            for index in self._span
            if forms.is_date(self._seen[index].plain) and not self._is_signed(index) and index < self._last
        ]
        different = len({self._seen[index].plain for index in days}) > 1
        title = self._seen[self._span[0]].plain if len(self._span) else ""
        return bool(days) and (bool(_CHRONICLE.regex.search(title)) or (different and days[-1] > self._first))

    def _reason(self, index: int) -> LeftOutReason | None:
        item = self._seen[index]
        if page_forms.is_ruled(item.plain):
            return LeftOutReason.BOILERPLATE
        position = self._position(index)
        if item.is_text or (opening_mark(item.line.text) and position is not Position.ALONE):
            return None
        if position is Position.INNER:
            return self._inner_reason(index)
        is_page = page_forms.is_navigation(item.plain) or page_forms.is_legal(item.plain)
        if is_page or page_forms.is_blurb(item.plain):
            return LeftOutReason.BOILERPLATE
        if position is Position.ALONE:
            return None
        return self._head_reason(index) if position is Position.HEAD else self._foot_reason(index)

    def _inner_reason(self, index: int) -> LeftOutReason | None:
        """Between sentences: the signature of a paper that ends here, a credit below an item, a decorative number."""
        plain, following = self._seen[index].plain, self._next(index)
        ends_item = following is None or not following.is_text
        above = self._seen[index - 1] if index else None
        if self._is_signed(index) or (self._is_signed(index + 1) and forms.is_office(plain)):
            return LeftOutReason.HEAD
        if ends_item and above and above.is_text and page_forms.is_bracketed_credit(plain):
            return LeftOutReason.BOILERPLATE
        if re.fullmatch(r"0\d", plain) and ends_item:
            return LeftOutReason.PAGE_NUMBER
        opens_bulletin = index - self._span.start < _OPENING_LINES
        return LeftOutReason.BOILERPLATE if opens_bulletin and page_forms.is_blurb(plain) else None

    def _is_signed(self, index: int) -> bool:
        """Whether the line is a day below the name of an office that follows the text: 落款."""
        if not 2 <= index - self._span[0] < len(self._span) or not forms.is_date(self._seen[index].plain):
            return False
        office, above = self._seen[index - 1], self._seen[index - 2]
        return forms.is_office(office.plain) and (
            above.is_text or forms.is_field(above.plain) or bool(opening_mark(above.line.text))
        )

    def _head_reason(self, index: int) -> LeftOutReason | None:
        plain = self._seen[index].plain
        is_above_title = any(map(forms.is_document_title, self._plains(index + 1, self._first)))
        if is_above_title and (forms.is_red_head(plain) or forms.is_office(plain)):
            return LeftOutReason.HEAD
        if forms.is_document_number(plain) or forms.is_issuer_with_date(plain):
            return LeftOutReason.HEAD
        if forms.is_dispatch(plain) or (forms.is_red_head(plain) and not plain.endswith(("文件", "文 件"))):
            return LeftOutReason.HEAD
        if forms.is_date(plain):
            return None if self._has_dates else LeftOutReason.HEAD
        is_heading = self._seen[index].line.kind is LineKind.HEADING or index + 1 == self._first
        if forms.is_page_field(plain) or (page_forms.is_page_word(plain) and not is_heading):
            return LeftOutReason.BOILERPLATE
        return None

    def _foot_reason(self, index: int) -> LeftOutReason | None:
        plain = self._seen[index].plain
        if forms.is_dispatch(plain) or forms.is_issuer_with_date(plain) or forms.is_date(plain):
            return LeftOutReason.HEAD
        below = self._plains(index + 1, index + 2)
        if forms.is_office(plain) and below and forms.is_date(below[0]):
            return LeftOutReason.HEAD
        if self._is_site_contact(index) or forms.is_page_field(plain) or page_forms.is_page_word(plain):
            return LeftOutReason.BOILERPLATE
        if (
            page_forms.is_credit(plain)
            or page_forms.is_bracketed_credit(plain)
            or page_forms.is_neighbour(plain)
        ):
            return LeftOutReason.BOILERPLATE
        return None

    def _is_site_contact(self, index: int) -> bool:
        """Whether a line gives the address or the offices of a site: below the text, where its rights are claimed too."""
        around = self._plains(self._last + 1, self._span.stop)
        plain = self._seen[index].plain
        return (forms.is_contact_field(plain) or page_forms.is_host(plain)) and any(
            page_forms.is_legal(plain) or page_forms.is_navigation(plain) for plain in around
        )

    def _leave_out_links(self) -> None:
        """The links to other pages below the text: their heading, and the titles of pages under it."""
        for start in range(max(self._last + 1, self._span.start), self._span.stop):
            if start in self._reasons or not page_forms.heads_links(self._seen[start].plain):
                continue
            last = min(self._span.stop, start + 1 + _MOST_LINKS)
            end = next((index for index in range(start + 1, last) if not self._may_be_link(index)), last)
            titles = [self._seen[index].plain for index in range(start + 1, end)]
            if titles and sum(map(len, titles)) >= _SHORTEST_LINK * len(titles):
                self._reasons.update(dict.fromkeys(range(start, end), LeftOutReason.BOILERPLATE))

    def _may_be_link(self, index: int) -> bool:
        item = self._seen[index]
        is_listed = item.line.kind not in (LineKind.HEADING, LineKind.TABLE_ROW)
        is_title = len(item.plain) <= _LONGEST_TITLE and not item.plain.startswith("《")
        return is_listed and is_title and not page_forms.heads_links(item.plain)

    def _plains(self, start: int, end: int) -> list[str]:
        return [self._seen[index].plain for index in range(start, min(end, len(self._seen)))]

    def _next(self, index: int) -> Seen | None:
        """The next line that is not left out, in this bulletin."""
        following = range(index + 1, self._span.stop)
        return next((self._seen[other] for other in following if other not in self._reasons), None)
