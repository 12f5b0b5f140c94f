"""The value of a cell as Excel shows it by its number format."""

from __future__ import annotations

import datetime
import re

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_BRACKETED = re.compile(r"\[[^\]]*\]|_.|\*.")
_PLACES = re.compile(r"General|[0#?%]")
_LITERAL = "\x00"
_DECIMALS = re.compile(r"0\.(0+)")

CellValue = (
    str | int | float | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta | None
)


def shown_value(value: CellValue, number_format: str) -> str:
    """The text of a value: dates, percentages, thousands and units (0"人") as the format says; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime | datetime.date):
        return _shown_date(value, number_format)
    if isinstance(value, int | float):
        return _shown_number(value, number_format)
    return str(value).strip()


def _shown_date(value: datetime.datetime | datetime.date, number_format: str) -> str:
    plain = _BRACKETED.sub("", number_format).lower()
    has_time = isinstance(value, datetime.datetime) and "h" in plain and value.time() != datetime.time()
    if "d" not in plain and "y" in plain:
        day = f"{value.year}年{value.month}月" if "m" in plain else f"{value.year}年"
    elif "年" in plain or "月" in plain:
        day = (
            f"{value.year}年{value.month}月{value.day}日" if "y" in plain else f"{value.month}月{value.day}日"
        )
    else:
        day = f"{value.year}-{value.month:02}-{value.day:02}"
    return f"{day} {value:%H:%M}" if has_time else day


def _shown_number(value: float, number_format: str) -> str:
    """By the section of the format for positive numbers, or the second one for negative numbers."""
    sections = number_format.split(";")
    has_own = len(sections) > 1 and value < 0
    section = sections[1] if has_own else sections[0]
    before, pattern, after = _divided(_BRACKETED.sub("", section))
    if "General" in section or not re.search("[0#?]", pattern):
        text = _general(value)
    else:
        text = _formatted(abs(value) if has_own else value, pattern)
    return f"{before}{text}{after}".strip()


def _divided(section: str) -> tuple[str, str, str]:
    """The text before the digits, the pattern of the digits, and the text behind them: 约0"人"."""
    literals: list[str] = []

    def hidden(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or "")
        return _LITERAL

    pieces = [*_PLACES.finditer(_QUOTED.sub(hidden, section))]
    text = _QUOTED.sub(_LITERAL, section)
    if not pieces:
        return "", section, ""
    parts = (text[: pieces[0].start()], text[pieces[0].start() : pieces[-1].end()], text[pieces[-1].end() :])
    rest = iter(literals)
    before, pattern, after = ("".join(next(rest, "") if c == _LITERAL else c for c in part) for part in parts)
    return before, pattern if _LITERAL not in parts[1] else section, after


def _formatted(value: float, pattern: str) -> str:
    is_percent = "%" in pattern
    match = _DECIMALS.search(pattern)
    decimals = len(match[1]) if match else 0
    thousands = "," if "#,#" in pattern or "0,0" in pattern else ""
    if "E+" in pattern or "/" in pattern or ("." in pattern and not match):
        return _general(value * 100) + "%" if is_percent else _general(value)
    shown = format(value * 100 if is_percent else value, f"{thousands}.{decimals}f")
    return shown + ("%" if is_percent else "")


def _general(value: float) -> str:
    """Up to eleven digits, as a cell without a format shows them."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(value, ".11g")
