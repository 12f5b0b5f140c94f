"""Figures that quotes imply without writing them: a sum, a difference, the year of a month, 一年 of 每年, an article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from retrieval.answering.wording_check.figures import Figure, FigureKind

_RATE_OF_SPAN = {
    (12.0, "个月"): "年",
    (3.0, "个月"): "季",
    (1.0, "个月"): "月",
    (7.0, "日"): "周",
    (1.0, "日"): "日",
}
_DISTRIBUTIVE = (1.0,)


def implying(figure: Figure, quoted: Sequence[Figure]) -> Figure | None:
    """The figure of a quote from which this one follows; None if it follows from none of them."""
    if figure.kind is FigureKind.DATE:
        return _dated(figure, quoted)
    if figure.kind is not FigureKind.COUNT or figure.bound:
        return None
    return _rate(figure, quoted) or _total(figure, quoted)


def is_article(figure: Figure, quoted: Sequence[Figure]) -> bool:
    """Whether a count of one counts nothing: 一處舊鍋爐房, where the quotes count no such thing."""
    is_one = figure.kind is FigureKind.COUNT and figure.values == _DISTRIBUTIVE and not figure.bound
    return is_one and not any(
        other.kind is FigureKind.COUNT and other.unit == figure.unit for other in quoted
    )


def _rate(figure: Figure, quoted: Sequence[Figure]) -> Figure | None:
    """每年 for 一年兩屆."""
    unit = _RATE_OF_SPAN.get(
        (
            float(figure.values[0])
            if len(figure.values) == 1 and isinstance(figure.values[0], float)
            else 0.0,
            figure.unit,
        )
    )
    return next(
        (other for other in quoted if unit and other.kind is FigureKind.RATE and other.values == (1.0, unit)),
        None,
    )


def _dated(figure: Figure, quoted: Sequence[Figure]) -> Figure | None:
    """9月 for 2019年9月, behind a date of that year without another year between."""
    year = ""
    for other in quoted:
        if other.kind is FigureKind.DATE:
            year = str(other.values[0]) or year
            if year and figure.says(
                Figure(other.start, other.end, other.kind, (year, *other.values[1:]), bound=other.bound)
            ):
                return other
    return None


def _total(figure: Figure, quoted: Sequence[Figure]) -> Figure | None:
    """One of two counts of the same unit, or of all of them, of which this is the sum or the difference."""
    value = figure.values[0]
    if len(figure.values) != 1 or not isinstance(value, float):
        return None
    counts = [
        other
        for other in quoted
        if other.kind is FigureKind.COUNT
        and len(other.values) == 1
        and isinstance(other.values[0], float)
        and not other.bound
        and other.is_like(figure)
    ]
    for one, two in combinations(counts, 2):
        first, second = float(one.values[0]), float(two.values[0])
        if math.isclose(value, first + second) or math.isclose(value, abs(first - second)):
            return one
    is_all = len(counts) > 2 and math.isclose(value, sum(float(other.values[0]) for other in counts))
    return counts[0] if is_all else None
