"""Parses figures, dates and rates (每月) of a folded text into values that can be compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.answering.wording_check.figure_patterns import (
    AFTER,
    AFTER_DATE,
    AFTER_DATE_ALIKE,
    ARTICLE,
    BEFORE,
    CHANGE,
    CHINESE,
    COUNTABLE,
    DATE,
    EVENING,
    HALF_YEAR,
    MONTH_ALONE,
    MULTIPLES,
    NAME,
    NUMBER,
    PART_OF_DATE,
    RANGE,
    RATE,
    RATE_ALIKE,
    RATES_ALIKE,
    TENTHS,
    TIME_UNITS,
    UNIT_CLASSES,
    UNITS,
    WITHIN,
)
from retrieval.questions import answer_types


class FigureKind(StrEnum):
    """Kinds of figures."""

    COUNT = "count"
    DATE = "date"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `text[start:end]` of a folded text."""

    start: int
    end: int
    kind: FigureKind
    values: tuple[float | str, ...]
    """The value, both ends of a range, or year, month and day of a date."""
    unit: str = ""
    bound: str = ""
    """more, least, most, less, near, about, first, order, or what follows a date; empty for the figure itself."""
    change: str = ""
    """"to" or "by" behind a verb of change: 提高到 and 提高了."""

    def says(self, other: Figure) -> bool:
        """Whether a text that holds the other figure says this one."""
        if self.kind is not other.kind or self.bound != other.bound:
            return False
        if self.kind is FigureKind.DATE:
            return _is_part(self.values, other.values)
        same_change = self.change == other.change or not (self.change and other.change)
        return _same_values(self.values, other.values) and _same_unit(self.unit, other.unit) and same_change

    def is_like(self, other: Figure) -> bool:
        """Whether both count in one unit, or in units of which a text may use any for the other."""
        return _same_unit(self.unit, other.unit)


def _is_part(values: tuple[float | str, ...], of: tuple[float | str, ...]) -> bool:
    """Whether each part that the date names is the same in the other, and none is left out between or at its end."""
    named = [index for index, value in enumerate(values) if value != ""]
    return bool(named) and values[named[0] :] == of[named[0] :]


def _same_values(ours: tuple[float | str, ...], others: tuple[float | str, ...]) -> bool:
    """Whether the values are equal but for the rounding of units: 900 mu are 60 hectares."""
    return len(ours) == len(others) and all(
        math.isclose(one, other, rel_tol=1e-5)
        if isinstance(one, float) and isinstance(other, float)
        else one == other
        for one, other in zip(ours, others, strict=True)
    )


def _same_unit(one: str, other: str) -> bool:
    return one == other or any(one in row and other in row for row in UNIT_CLASSES if one and other)


def find_figures(folded: str, *, articles: bool) -> Iterator[Figure]:
    """The figures of a folded text of half width, in order, without overlaps; 一個 counts as one only with `articles`."""
    position = 0
    while position < len(folded):
        figure = _figure_at(folded, position, articles=articles)
        if figure:
            yield figure
        position = figure.end if figure else position + 1


def _figure_at(folded: str, start: int, *, articles: bool) -> Figure | None:
    name = NAME.match(folded, start)
    if name:
        return None
    return _rate_at(folded, start) or _date_at(folded, start) or _count_at(folded, start, articles=articles)


def _rate_at(folded: str, start: int) -> Figure | None:
    match = RATE.match(folded, start)
    if not match:
        return None
    if match["mean"]:
        return Figure(start, match.end(), FigureKind.RATE, ("均", match["mean"]))
    unit = match["unit"] or match["each"].strip("逐按")[:1]
    count = (answer_types.value_of(match["count"]) if match["count"] else None) or 1.0
    named = RATE_ALIKE.get(unit, unit)
    return Figure(start, match.end(), FigureKind.RATE, RATES_ALIKE.get((count, named), (count, named)))


def _date_at(folded: str, start: int) -> Figure | None:
    if (start and folded[start - 1] in "第近前后满") or (start and folded[start - 1].isdigit()):
        return None
    half = HALF_YEAR.match(folded, start)
    if half:
        return Figure(start, half.end(), FigureKind.DATE, ("", "", "", half.group()))
    match = DATE.match(folded, start) or MONTH_ALONE.match(folded, start)
    if not match:
        return None
    groups = match.groupdict()
    year = (groups.get("year") or "").rstrip("年")
    month = groups.get("month") or groups.get("month2") or ("" if groups else match.group().rstrip("月"))
    day = groups.get("day") or groups.get("day2") or ""
    part = PART_OF_DATE.match(folded, match.end())
    end = part.end() if part else match.end()
    after = AFTER_DATE.match(folded, end)
    bound = AFTER_DATE_ALIKE.get(after.group(), after.group()) if after else ""
    values = (_digits(year), _digits(month), _digits(day), part.group() if part else "")
    return Figure(start, after.end() if after else end, FigureKind.DATE, values, bound=bound)


def _digits(written: str) -> str:
    if len(written) == 4 and not written[0].isdigit():
        return "".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in written)
    value = None if "x" in written or not written else answer_types.value_of(written)
    return written if value is None else str(int(value))


def _count_at(folded: str, start: int, *, articles: bool) -> Figure | None:
    bound, number_at = _bound_before(folded, start)
    first = re.compile(NUMBER).match(folded, number_at)
    percent = re.compile(rf"百分之([{CHINESE}]+(?:点[〇零一二三四五六七八九]+)?)").match(folded, number_at)
    parts = re.compile(rf"([{CHINESE}]+)分之([{CHINESE}]+)").match(folded, number_at)
    tenths = TENTHS.match(folded, number_at)
    if tenths:
        tens = sum(
            (answer_types.value_of(digit) or 0.0) * scale
            for digit, scale in zip(tenths.groups(), (10, 1), strict=True)
        )
        return Figure(start, tenths.end(), FigureKind.COUNT, (tens,), "%", bound)
    if parts and not percent:
        whole, part = (answer_types.value_of(group) or 1.0 for group in parts.groups())
        return Figure(start, parts.end(), FigureKind.COUNT, (round(100 * part / whole, 4),), "%", bound)
    if percent:
        value = answer_types.value_of(percent[1])
        return Figure(start, percent.end(), FigureKind.COUNT, (value or 0.0,), "%", bound)
    article = None if bound else ARTICLE.regex.match(folded, start)
    if not first or (article and not (articles and article.group()[1] in COUNTABLE)):
        return None
    joint = RANGE.match(folded, first.end())
    unit = re.compile(UNITS).match(folded, first.end())
    joint = joint or (RANGE.match(folded, unit.end()) if unit else None)
    second = re.compile(NUMBER).match(folded, joint.end()) if joint else None
    if second and not second.group().startswith("半"):
        unit = re.compile(UNITS).match(folded, second.end())
    else:
        second = None
    last = second or first
    is_chinese = last.group()[0] in CHINESE + "半"
    if is_chinese and not unit and (len(last.group()) < 2 or last.group() in ("一一", "万万", "千万")):
        return None
    if last.group() == "半" and (not unit or unit.group() not in "年月天小时"):
        return None
    return _count(folded, (start, unit.end() if unit else last.end()), (first, second), unit, bound)


def _count(
    folded: str,
    span: tuple[int, int],
    numbers: tuple[re.Match[str], re.Match[str] | None],
    unit: re.Match[str] | None,
    bound: str,
) -> Figure:
    start, end = span
    kept = [number for number in numbers if number]
    for name, words in (("more", "[余多](?=[^\\W\\d]|$)"), *AFTER):
        after = re.compile(words).match(folded, end)
        if after and (name != "more" or words == "以上" or unit):
            bound, end = bound or name, after.end()
            break
    unit_name, factor = MULTIPLES.get(written := unit.group() if unit else "", (written, 1.0))
    within = WITHIN.match(folded, end)
    if within:
        bound, end = bound or ("" if unit_name in TIME_UNITS else "most"), within.end()
    if any(re.search("[余多]", number.group()) for number in kept):
        bound = "more"
    if any("几" in number.group() for number in kept):
        bound = "some"
    change = CHANGE.regex.search(folded[max(0, start - 5) : start])
    direction = "" if not change else "to" if change["to"] else "by"
    values = tuple(_value(number.group()) for number in kept)
    if unit_name == "点" and EVENING.regex.search(folded[max(0, start - 3) : start]):
        values = tuple(value + 12 if isinstance(value, float) and value < 12 else value for value in values)
    plain = tuple(round(value * factor, 6) if isinstance(value, float) else value for value in values)
    return Figure(start, end, FigureKind.COUNT, plain, unit_name, bound, direction)


def _value(written: str) -> float | str:
    if "x" in written:
        return written
    if written == "半":
        return 0.5
    value = answer_types.value_of(written)
    return written if value is None else value


def _bound_before(folded: str, start: int) -> tuple[str, int]:
    for name, words in BEFORE:
        match = re.compile(words).match(folded, start)
        is_date = match and DATE.match(folded, match.end())
        if match and not is_date and re.compile(NUMBER).match(folded, match.end()):
            return name, match.end()
    return "", start
