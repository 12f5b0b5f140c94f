"""The part of the bulletins that a question is about: a bulletin's number, a year, the newest issue, places left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language import Pattern, numerals
from retrieval.places import PlaceMention

_INSIDE = "(?:里面?|中|当中|上|的)?"
# One row a kind of scope, over folded text; the group holds the number or the date.
_NUMBER = Pattern(
    re.compile(
        rf"(?:第(?P<number>\d+|[一二三四五六七八九十百]+)[篇期](?!文章)|篇(?P<label>\d+|[一二三四五六七八九十]+(?!个|大|项|是)))(?:简报)?{_INSIDE}"
        r"|\b(?:bulletin|issue)(?: no\.?| number)? ?#?(?P<issue>\d+)\b"
    ),
    example="第3篇里粉丝有多少",
    counterexample="这三篇文章",
)
_DATE = Pattern(
    re.compile(
        rf"(?<!\d)(?P<year>(?:19|20)\d\d)(?:年度?(?:(?P<month>\d{{1,2}})月份?)?)(?:那一?[期份篇年])?(?:简报)?{_INSIDE}"
        r"|\b(?:in|of|from|for) (?P<since>(?:19|20)\d\d)\b"
    ),
    example="2023年那一期",
    counterexample="20xx年",
)
_NEWEST = Pattern(
    re.compile(
        rf"最[新近](?:的|这|那)?一?[期份篇](?:简报)?{_INSIDE}|\b(?:in )?the (?:latest|newest|most recent) (?:issue|bulletin)"
    ),
    example="最新一期简报里",
    counterexample="最新做法",
)
_ALL = Pattern(
    re.compile(
        r"(?:这|那)[几些一二三四五六七八九十\d]*[期篇份](?!文章)(?:简报)?(?:里面?|中|当中)?|(?:这些|这批|全部|所有)?简报(?:里面?|中|当中|上)"
        r"|\bin (?:these|the|all)(?: the)? (?:bulletins|issues)\b"
    ),
    example="这几期里哪些地方",
    counterexample="这个地方",
)
_EXCEPT = Pattern(
    re.compile(r"(?:除了?|除去|不算|\b(?:except|besides|apart from|other than|excluding))\s*\Z"),
    example="除了",
    counterexample="除此",
)
_BETWEEN = Pattern(re.compile(r"\A\s*(?:和|跟|与|及|、|,|and)\s*\Z"), example="和", counterexample="的")
_OUTSIDE = re.compile(  # also matches nothing
    r"\A[市省区县]?(?:之外|以外|外)?\s*[,]?\s*(?:还有|还|也|另外|其他)?"
)
_WHERE_ELSE = Pattern(
    re.compile(r"(?:还有)?(?:哪里|哪儿|边度|哪个(?:地方|城市)|谁|(?:其他|别的)(?:地方|城市))"),
    example="哪里有",
    counterexample="哪些",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of a question, and the question without the words for it."""

    rest: str
    """Folded; asks the same within the scope."""
    number: int | None = None
    """The number of a bulletin: of its issue, or in its label (篇3)."""
    date: str | None = None
    """A year, or a year with its month, in ISO form."""
    is_newest: bool = False
    """Whether the newest issue is asked about."""
    excluded: tuple[PlaceMention, ...] = ()
    """Places left out; their offsets are those of the whole question."""

    @property
    def is_part(self) -> bool:
        """Whether some bulletins are outside of it."""
        return self.number is not None or self.date is not None or self.is_newest


def parse_scope(folded: str, places: Sequence[PlaceMention]) -> Scope | None:
    """The scope of a folded question that mentions the places; None if it has none."""
    excluded, spans = _excluded(folded, places)
    matches = [match for form in (_NUMBER, _DATE, _NEWEST) if (match := form.regex.search(folded))]
    spans += [match.span() for match in matches]
    spans += [match.span() for match in _ALL.regex.finditer(folded) if not _overlaps(match.span(), spans)]
    if not spans:
        return None
    rest = _without(folded, spans)
    if excluded:
        rest = _WHERE_ELSE.regex.sub("哪些地方", rest)
    groups = {name: text for match in matches for name, text in match.groupdict().items() if text}
    return Scope(
        rest.strip(" ,。的"),
        _number(groups),
        _date(groups),
        any(match.re is _NEWEST.regex for match in matches),
        excluded,
    )


def _number(groups: dict[str, str]) -> int | None:
    written = groups.get("number") or groups.get("label") or groups.get("issue")
    return numerals.parse_numeral(written) if written else None


def _date(groups: dict[str, str]) -> str | None:
    year, month = groups.get("year") or groups.get("since"), groups.get("month")
    return f"{year}-{int(month):02}" if month else year


def _excluded(
    folded: str, places: Sequence[PlaceMention]
) -> tuple[tuple[PlaceMention, ...], list[tuple[int, int]]]:
    """The places behind 除了 and the span of all of it."""
    for first, place in enumerate(places):
        lead = _EXCEPT.regex.search(folded, 0, place.start)
        if not lead:
            continue
        last = first
        while last + 1 < len(places) and _BETWEEN.regex.match(
            folded[places[last].end : places[last + 1].start]
        ):
            last += 1
        behind = _OUTSIDE.match(folded[places[last].end :])
        end = places[last].end + (behind.end() if behind else 0)
        return tuple(places[first : last + 1]), [(lead.start(), end)]
    return (), []


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _without(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        folded = folded[:start] + folded[end:]
    return folded
