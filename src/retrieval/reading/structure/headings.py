"""Headings without a mark: the shape of a title, and which unmarked lines are headings."""

from __future__ import annotations

import re

from retrieval.language import Pattern, numerals
from retrieval.reading.lines import Line, LineKind, boilerplate, line_joining
from retrieval.reading.structure.mark_hierarchy import MarkedLines
from retrieval.reading.structure.subject_places import opening_place

LONGEST_HEADING = 60
LONGEST_STYLED_HEADING = 100
"""Of a line that the format itself calls a heading."""
_LONGEST_UNMARKED_HEADING = 45
_LONGEST_LEAD_IN = 120

SENTENCE_END = Pattern(re.compile(r"[。!?;…]"), "开展活动。", "开展活动")
BULLET = Pattern(re.compile(r"^[•●◆■▪◦‣·○□▲★*+\-–]\s*(?=\S)"), "• 开展宣讲", "开展•宣讲")
_STAR = Pattern(re.compile(r"^[●◆■◎○□▲★☆◇▶※]\s*(?=\S)"), "◆ 开展宣讲", "- 开展宣讲")
_SUBTITLE = Pattern(re.compile(r"^(?:[—―─–]|--)"), "——常州市鄰里節紀實", "常州市")
_ENDS_NO_TITLE = Pattern(
    re.compile(r"(?:[、,的和与及暨在对为以把将让使被从向等]|推进|加强|开展|建设好)$"),
    "扎实推进城市和",
    "扎实推进城乡融合",
)
_BRACKETS = (("《", "》"), ("“", "”"), ("「", "」"), ("(", ")"), ("【", "】"))
_FIRST_SENTENCE = Pattern(re.compile(r"[^。]{1,80}(?=。)"), "加强领导。成立小组", "加强领导,成立小组")
_FIRST_CLAUSE = Pattern(re.compile(r"[^,;:。!?]{2,40}(?=[,;:。!?]|$)"), "加强领导,成立小组", ",。")
_GAP = Pattern(re.compile(r"\S(?: {2,}|\t|\u3000)\S"), "周海宁  沈玉珍", "周海宁 沈玉珍")
_REFERS_BACK = Pattern(
    re.compile(r"^(?:以上|上述|上列|希望|望|请|特此|这些|该)"), "以上书目由市图书馆选出", "市图书馆"
)
_SAME_LIST = 3
"""So many short lines one below the other are a list where the text goes back to them: 以上書目…."""
_LIST = 5
"""So many are a list whatever follows: a heading has at most a title above it and one below."""
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?:19|20)(?:\d{2}|[x*_某×]{2})|[二一][〇零○九][一二三四五六七八九〇零○]{2})年"
_DATES = (
    Pattern(re.compile(rf"^{_YEAR}度?$"), "2023年", "2023年5月"),
    Pattern(
        re.compile(rf"^(?:(?:{_YEAR})?(?:{_DAY}月份?|[一二三四]季度|[上下]半年)|[本同是]月)$"),
        "2023年5月",
        "5月6日",
    ),
    Pattern(
        re.compile(
            rf"^(?:(?:(?:{_YEAR})?{_DAY}月)?{_DAY}日(?:\s*[-—–~至]+\s*(?:(?:{_YEAR})?{_DAY}月)?{_DAY}日)?|(?:{_YEAR})?{_DAY}月[上中下初末][旬]?"
            r"|\d{4}([-./])\d{1,2}\1\d{1,2}|[同当是]日|[同当是]天)(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?$"
        ),
        "3月5日—8日",
        "3月5日举行",
    ),
)
"""Dates of a chronicle that are a whole line: years, months, days; in folded text."""
_MONTH = Pattern(
    re.compile(r"(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})月|\d{4}[-./](?P<iso>\d{1,2})"),
    "2023-05-06",
    "2023年",
)
_TRAILING_STOPS = Pattern(re.compile("[。.:\uff1a\\s]{1,8}$"), "加强领导:", "加强:领导")


def is_short_title(plain: str) -> bool:
    """Whether a line without a mark, half width and stripped, has the shape of a title."""
    if not 2 <= len(plain) <= _LONGEST_UNMARKED_HEADING or BULLET.regex.match(plain):
        return False
    return not SENTENCE_END.regex.search(plain) and plain[-1] not in ",:、," and not plain.isdigit()


def heading_title(text: str) -> str:
    """The title in a heading, without the stops and colons that end it."""
    return _TRAILING_STOPS.regex.sub("", text).strip()


def is_broken_title(first: str, second: str) -> bool:
    """Whether two lines are one title: a subtitle behind a dash, an open bracket, a word that ends none, or 关于…的|通知."""
    plain, below = boilerplate.forms.plain(first), boilerplate.forms.plain(second)
    if _SUBTITLE.regex.match(below):
        return not _SUBTITLE.regex.match(plain)
    is_open = any(plain.count(left) > plain.count(right) for left, right in _BRACKETS)
    if is_open or _ENDS_NO_TITLE.regex.search(plain):
        return True
    is_title = boilerplate.forms.is_document_title
    whole = line_joining.join(first.strip(), second.strip())
    return (
        "关于" in plain
        and not any(map(is_title, (plain, below)))
        and is_title(boilerplate.forms.plain(whole))
    )


def join_titles(first: str, second: str) -> str:
    """Two lines of a heading as one, with a blank between two titles."""
    if is_broken_title(first, second):
        return line_joining.join(first.strip(), second.strip())
    return f"{first} {second}"


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
    title = plain[1:].strip() if _is_starred(marked, index) else plain
    return (
        is_short_title(title)
        and not _is_enumeration(line.text)
        and not _is_field(marked, index)
        and not _is_in_list(marked, index)
        and _leads_to_text(marked, index + 1)
    )


def _is_starred(marked: MarkedLines, index: int) -> bool:
    """Whether a line opens with a sign as ◆ that heads the text below rather than an item of a list."""
    sign = _star(marked, index)
    return bool(sign) and sign not in (_star(marked, index - 1), _star(marked, index + 1))


def _star(marked: MarkedLines, index: int) -> str:
    """The sign with which the line at the index opens, or an empty text."""
    text = marked.lines[index].text if 0 <= index < len(marked.lines) else ""
    return text[0] if _STAR.regex.match(text) else ""


def _is_enumeration(text: str) -> bool:
    """Whether a line lists names by gaps, or four and more of them by single spaces; or stands in brackets."""
    parts = text.split()
    is_listed = len(parts) > 3 and all(len(part) <= 6 for part in parts)
    is_bracketed = text.startswith(("(", "\uff08")) and text.endswith((")", "\uff09"))
    return is_listed or is_bracketed or (len(parts) > 2 and len(_GAP.regex.findall(text)) >= len(parts) - 1)


def _is_field(marked: MarkedLines, index: int) -> bool:
    """Whether a line is a field of a notice: by its label, or because the line beside it has a label as well."""
    if not _has_label(marked.lines[index]):
        return False
    plain = boilerplate.forms.plain(marked.lines[index].text)
    beside = [marked.lines[other] for other in (index - 1, index + 1) if 0 <= other < len(marked.lines)]
    return boilerplate.forms.is_known_field(plain) or any(map(_has_label, beside))


def _has_label(line: Line) -> bool:
    if not boilerplate.forms.is_field(boilerplate.forms.plain(line.text)):
        return False
    mention = opening_place(line.text)
    return mention is None or numerals.half_width(line.text[mention.end : mention.end + 1]) != ":"


def _is_in_list(marked: MarkedLines, index: int) -> bool:
    """Whether a line stands in a list of short lines that a sentence follows, rather than above that sentence."""
    start, end = index, index + 1
    while index - start < _LIST and not _is_after_blank(marked, start) and _is_short(marked, start - 1):
        start -= 1
    while end - index < _LIST and _is_short(marked, end) and not _is_after_blank(marked, end):
        end += 1
    if end - start < 2:
        return False
    if marked.lines[index].text.startswith("《") and end - start > 1:
        return any(marked.lines[other].text.startswith("《") for other in range(start, end) if other != index)
    following = boilerplate.forms.plain(marked.lines[end].text) if end < len(marked.lines) else ""
    return end - start >= (_SAME_LIST if _REFERS_BACK.regex.match(following) else _LIST)


def _is_short(marked: MarkedLines, index: int) -> bool:
    """Whether there is a line at the index, short and without a mark."""
    if not 0 <= index < len(marked.lines) or marked.marks[index] is not None:
        return False
    line = marked.lines[index]
    return line.kind is LineKind.PARAGRAPH and is_short_title(numerals.half_width(line.text).strip())


def _is_after_blank(marked: MarkedLines, index: int) -> bool:
    """Whether a blank line stands above the line; False where the format has no lines."""
    if index == 0:
        return True
    above, here = marked.lines[index - 1].number, marked.lines[index].number
    return bool(above and here and here > above + 1)


def date_rank(text: str) -> int:
    """1 for a year, 2 for a month, 3 for a day that is a whole line; 0 for another line."""
    plain = boilerplate.forms.plain(text).strip("【】[]()〔〕:# ")
    return next((rank for rank, form in enumerate(_DATES, start=1) if form.regex.match(plain)), 0)


def month_of(text: str) -> int:
    """The month that a date names, 0 if it names none."""
    match = _MONTH.regex.search(numerals.half_width(text))
    return (numerals.parse_numeral(match["n"] or match["iso"]) or 0) if match else 0


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
