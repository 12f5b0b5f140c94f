"""Finds the lines of a document that belong to the page and not to the text: two signs each, a position and a form.

Positions: above the first sentence of a bulletin or of a file of several (head), below its last one (foot), or between
sentences, where only a series of page numbers, the entries of a list of contents, and the signature of a paper that ends
are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.reading.lines import notice_forms as forms
from retrieval.reading.lines import page_forms
from retrieval.reading.lines.bulletin_headings import bulletin_mark
from retrieval.reading.lines.bulletin_lines import Seen, Segment
from retrieval.reading.lines.contents_lists import contents_entries, page_number_lines, same
from retrieval.reading.lines.document import Line, LineKind
from retrieval.reading.lines.section_marks import opening_mark
from retrieval.types import LeftOutReason

__all__ = ["forms", "is_boilerplate", "left_out", "same"]

# A line of so many characters is text even without a full stop.
_LONG_ENOUGH_FOR_PROSE = 60


def is_boilerplate(text: str, kind: LineKind = LineKind.PARAGRAPH) -> bool:
    """Whether a line has a form of boilerplate. The caller has to know that its position is one as well."""
    if kind is LineKind.TABLE_ROW:
        return False
    line = forms.plain(text)
    if (
        not line
        or page_forms.is_ruled(line)
        or page_forms.page_number(line) is not None
        or forms.is_date(line)
    ):
        return True
    if opening_mark(text) and not page_forms.is_legal(line):
        return False
    return (
        page_forms.is_navigation(line)
        or page_forms.is_page_word(line)
        or page_forms.is_neighbour(line)
        or page_forms.is_legal(line)
        or forms.is_page_field(line)
        or forms.is_contact_field(line)
        or forms.is_dispatch(line)
        or page_forms.is_host(line)
        or page_forms.is_credit(line)
        or page_forms.is_bracketed_credit(line)
        or page_forms.heads_links(line)
        or forms.is_issuer_with_date(line)
    )


def left_out(lines: Sequence[Line]) -> dict[int, LeftOutReason]:
    """Why lines of a document are left out, by their index; the other lines are its text."""
    seen = [_seen(line) for line in lines]
    reasons = dict.fromkeys(contents_entries(lines), LeftOutReason.CONTENTS)
    numbers = page_number_lines([item.plain for item in seen], reasons)
    reasons.update(dict.fromkeys(numbers, LeftOutReason.PAGE_NUMBER))
    for start, end in _segments(seen):
        Segment(seen, reasons, start, end).leave_out()
    return reasons


def _seen(line: Line) -> Seen:
    plain = forms.plain(line.text)
    return Seen(line, plain, line.kind is LineKind.TABLE_ROW or _is_text(line, plain))


def _is_text(line: Line, plain: str) -> bool:
    if page_forms.is_legal(plain) and not opening_mark(line.text):
        return False
    if forms.is_dispatch(plain) or page_forms.is_blurb(plain) or page_forms.is_navigation(plain):
        return False
    return bool(forms.SENTENCE.search(plain)) or len(line.text) > _LONG_ENOUGH_FOR_PROSE


def _segments(seen: Sequence[Seen]) -> list[tuple[int, int]]:
    """The bulletins of a document, from mark to mark; a mark with no sentence below it begins none."""
    marks = [index for index, item in enumerate(seen) if index and bulletin_mark(item.line.text)]
    ends = [*marks[1:], len(seen)]
    starts = [
        mark for mark, end in zip(marks, ends, strict=False) if any(item.is_text for item in seen[mark:end])
    ]
    return list(zip([0, *starts], [*starts, len(seen)], strict=True))
