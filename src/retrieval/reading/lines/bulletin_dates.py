"""Reads the date and the issue number of a bulletin from its head, its signature, its document number or its file name.

Dates are ISO as far as the source goes: `2023-05-06`, `2023-05`, `2023`. What the source masks stays masked, by its own
character: 20xx年5月 gives `20xx-05`, 20**年*月*日 gives `20**-**-**`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.language import Pattern, numerals

_NUMBER = rf"(?:\d{{1,3}}|[{numerals.CHINESE}]{{1,4}})"
_CLOSING = r"[】\]))〕》」]"
DATE = re.compile(
    r"(?:\d{4}|20[x*_某×]{2}|二[〇零○o][一二三四五六七八九〇零○]{2})\s*(?:年|[-./])\s*[\d一二三四五六七八九十x*×]{1,3}"
    r"\s*(?:月|[-./])\s*[\d一二三四五六七八九十x*×]{1,3}\s*日?"
)
ISSUE = Pattern(
    re.compile(rf"(?P<label>(?<!总)(?<!總)第\s*{_NUMBER}\s*[期辑輯])(?P<close>(?:\s*{_CLOSING})*)", re.ASCII),
    "第十二期",
    "总第十二期",
)
_NUMBER_ALONE = Pattern(
    re.compile(
        rf"^\s*[(\[〔【]?\s*(?P<label>第\s*{_NUMBER}\s*[号號])\s*[)\]〕】]?\s*$|^\s*(?P<year>[〔\[]\d{{4}}[〕\]]\s*第?\s*\d{{1,4}}\s*[号號])\s*$",
        re.ASCII,
    ),
    "(第4号)",
    "第4号楼",
)
"""A line that is the number of a paper of a series and nothing else, as minutes have it."""
_TOTAL_ISSUE = Pattern(
    re.compile(rf"(?P<label>[总總]第?\s*{_NUMBER}\s*[期辑輯])", re.ASCII), "(总第88期)", "第88期"
)
DOCUMENT_NUMBER = Pattern(
    re.compile(
        r"(?P<number>[一-鿿]{1,12}\s*[〔\[【(]\s*(?P<year>\d{4}|20[x*_某×]{2})\s*[〕\]】)]\s*第?\s*[\dx*×]{1,4}\s*号)"
    ),
    "常文明〔2023〕12号",
    "常文明12号",
)
_MASKS = "xX*_某×"
_YEAR = rf"(?P<y>(?:19|20)(?:\d{{2}}|[{_MASKS}]{{2}})|[二一][〇零○oO九][一二三四五六七八九〇零○oO]{{2}})"
_PART = rf"(?:\d{{1,2}}|[{_MASKS}]{{1,2}}|[一二三四五六七八九十]{{1,3}})"
_FULL = Pattern(
    re.compile(
        rf"(?<![\d]){_YEAR}\s*(?:年\s*(?P<m>{_PART})\s*月\s*(?P<d>{_PART})\s*日?|(?P<s>[-./])\s*(?P<m2>{_PART})\s*(?P=s)\s*(?P<d2>{_PART})(?!\d))"
    ),
    "2023年5月6日",
    "2023年5月",
)
_COMPACT = Pattern(
    re.compile(
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)|(?<!\d)(?P<y2>20\d{2})(?P<m2>0[1-9]|1[0-2])(?!\d)"
    ),
    "简报20230506",
    "电话202305061234",
)
_MONTH = Pattern(
    re.compile(rf"(?<![\d]){_YEAR}\s*(?:年\s*(?P<m>{_PART})\s*月|[-./](?P<m2>0\d|1[0-2])(?![\d]))"),
    "2023年5月",
    "2023年",
)
_YEAR_ALONE = Pattern(
    re.compile(
        r"(?<!\d)(?P<y>(?:19|20)(?:\d{2}|[xX*_某×]{2})|二[〇零○oO][一二三四五六七八九〇零○oO]{2})\s*年(?!来)"
    ),
    "2022年第12期",
    "近年来",
)
_YEAR_OF_NAME = Pattern(re.compile(r"(?<!\d)(?P<y>20\d{2})(?!\d)"), "2022简报", "编号20221")
_DIGITS = str.maketrans("〇零○oO一二三四五六七八九", "00000123456789")


def read_date(texts: Iterable[str], file_stem: str = "") -> str | None:
    """The date that the first text with a date gives; a later text may only say it more exactly. None without any."""
    best: str | None = None
    for date in (*map(date_in, texts), _date_of_name(file_stem)):
        if date and (best is None or (date.startswith(best) and len(date) > len(best))):
            best = date
    return best


def date_in(text: str) -> str | None:
    """The first day in a text as ISO, else its first month, else its first year, or None."""
    plain = numerals.half_width(text[:300])
    for match in _FULL.regex.finditer(plain):
        if date := _iso(match["y"], match["m"] or match["m2"], match["d"] or match["d2"]):
            return date
    for match in _MONTH.regex.finditer(plain):
        if date := _iso(match["y"], match["m"] or match["m2"]):
            return date
    number = DOCUMENT_NUMBER.regex.search(plain)
    year = _YEAR_ALONE.regex.search(plain)
    return _year(year["y"]) if year else number["year"] if number else None


def _date_of_name(stem: str) -> str | None:
    if date := date_in(stem):
        return date
    match = _COMPACT.regex.search(stem)
    if match:
        parts = (match["y"] or match["y2"], match["m"] or match["m2"], match["d"])
        return "-".join(part for part in parts if part)
    year = _YEAR_OF_NAME.regex.search(numerals.half_width(stem))
    return year["y"] if year else None


def _iso(year: str, month: str, day: str | None = None) -> str | None:
    """The parts joined, or None where month or day is none of the calendar."""
    parts = [_year(year), _part(month, 12), *([_part(day, 31)] if day else [])]
    return "-".join(part for part in parts if part) if all(parts) else None


def _year(written: str) -> str:
    return written.translate(_DIGITS) if written[0] in "一二" else written


def _part(written: str, most: int) -> str | None:
    if written[0] in _MASKS:
        return written[0] * 2
    value = numerals.parse_numeral(written)
    return f"{value:02d}" if value and value <= most else None


def read_issue(texts: Iterable[str]) -> str | None:
    """The issue number in the first text that has one, as 第12期; else 总第88期, or a document number, as written."""
    listed = [*texts]
    for text in listed:
        if label := issue_of(text):
            number = numerals.parse_numeral(label[1:-1])
            return f"第{number}{label[-1]}" if number else label
    if total := next(filter(None, map(total_issue_of, listed)), ""):
        return total
    numbers = (DOCUMENT_NUMBER.regex.search(numerals.half_width(text[:160])) for text in listed)
    return next((re.sub(r"\s", "", match["number"]) for match in numbers if match), None)


def issue_of(text: str) -> str:
    """The issue number in a header line (第12期, a line 〔2023〕7号) without spaces, or an empty text."""
    plain = numerals.half_width(text[:120])
    match = ISSUE.regex.search(plain) or _NUMBER_ALONE.regex.match(plain)
    return re.sub(r"\s", "", match["label"] or match["year"]) if match else ""


def total_issue_of(text: str) -> str:
    """The number of the issue since the first one in a header line (总第88期) without spaces, or an empty text."""
    match = _TOTAL_ISSUE.regex.search(numerals.half_width(text[:120]))
    return re.sub(r"\s", "", match["label"]) if match else ""


def date_of(text: str) -> str:
    """The date in a header line, as written but without spaces, or an empty text."""
    match = DATE.search(numerals.half_width(text[:160]))
    return re.sub(r"\s", "", match.group()) if match else ""
