"""The value of a cell as Excel shows it by its number format."""

from __future__ import annotations

import datetime
import re

from retrieval.reading.formats.sheets.number_format import shown_number, shown_text

_BRACKETED = re.compile(r"\[[^\]]*\]|_.|\*.")

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
        return shown_number(value, number_format)
    if isinstance(value, datetime.time | datetime.timedelta):
        return _shown_time(value, number_format)
    return shown_text(str(value).strip(), number_format)


def _shown_time(value: datetime.time | datetime.timedelta, number_format: str) -> str:
    """Hours and minutes, with seconds where the format has them; a length of time counts hours beyond a day."""
    if isinstance(value, datetime.time):
        hours, minutes, seconds = value.hour, value.minute, value.second
    else:
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if "s" in number_format.lower() else "")


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
