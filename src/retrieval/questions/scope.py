"""The part of the bulletins that a question is about: a bulletin's number, a year, the newest issue, places left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language import Pattern, numerals
from retrieval.places import PlaceMention

_INSIDE = "(?:里面?|入面|中|当中|内|上|的)?"
_LEAD = "(?:(?:只看|就看|单看|只讲|在|喺|总|这?简报的?))?"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# One row a kind of scope, over folded text; the group holds the number or the date.
_NUMBER = Pattern(
    re.compile(
        rf"{_LEAD}(?:第 ?(?P<number>\d+|[一二三四五六七八九十百]+) ?(?P<counted>[篇期份号])(?!文章|楼|线|人)"
        r"|(?P<word>篇) ?(?P<label>\d+|[一二三四五六七八九十]+(?!个|大|项|是)))(?:那一?[期份篇])?(?:的?简报)?"
        rf"{_INSIDE}|\b(?:in )?(?:bulletin|issue)(?: no\.?| number)? ?#?(?P<issue>\d+)\b"
        rf"|\b(?:in )?the (?P<ordinal>{'|'.join(_ORDINALS)}) (?:bulletin|issue)\b"
    ),
    example="第3篇里粉丝有多少",
    counterexample="这三篇文章",
)
_DATE = Pattern(
    re.compile(
        rf"{_LEAD}(?<!\d)(?P<year>(?:19|20)\d\d) ?(?:年度?(?:(?P<month>\d{{1,2}})月份?)?)"
        rf"(?:的?[那这]?一?[期份篇](?:简报)?|那年|的简报)?{_INSIDE}"
        r"|\b(?:in|of|from|for) (?P<since>(?:19|20)\d\d)\b"
    ),
    example="2023年那一期",
    counterexample="20xx年",
)
_NEWEST = Pattern(
    re.compile(
        rf"{_LEAD}最[新近后](?:的|这|那)?(?:一?[期份篇]|(?=简报))(?:的?简报)?{_INSIDE}"
        r"|\b(?:in )?the (?:latest|newest|most recent|last) (?:issue|bulletin)"
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
    re.compile(
        r"(?:除[了去开咗]?|撇开|[不唔](?:算|计|包括?|含)|排除|(?<![除是并莫无])非"
        r"|\b(?:except(?: for)?|besides|apart from|other than|excluding|outside(?: of)?))\s*\Z"
    ),
    example="除了",
    counterexample="除此",
)
_BETWEEN = Pattern(re.compile(r"\A\s*(?:和|跟|与|及|、|,|and)\s*\Z"), example="和", counterexample="的")
_OUTSIDE = re.compile(  # also matches nothing
    r"\A[市省区县]?(?:之外|以外|外)?\s*[,]?\s*(?:还有|还|仲有|也|另外)?"
)
_OUT_OF = Pattern(
    re.compile(r"\A[市省区县]?(?:以外|之外)"), example="以外还有哪些城市", counterexample="外来务工人员"
)
_WHERE_ELSE = Pattern(
    re.compile(
        r"(?:还有|仲有)?(?:哪里|哪儿|哪边|边度|边个(?:地方|城市)|哪个(?:地方|城市)|(?:哪|边)(?:一个|家)|谁"
        r"|别处|(?:(?:有没有|有冇|还有)?(?:其他|其它|别的|第二个)(?:地方|城市|省市?)))(?:还|仲|也)?"
    ),
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
    counted: str = ""
    """The word that stands with the number, 篇 or 期; empty if another does."""
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
        rest=rest.strip(" ,。的"),
        number=_number(groups),
        counted=groups.get("counted") or groups.get("word") or "",
        date=_date(groups),
        is_newest=any(match.re is _NEWEST.regex for match in matches),
        excluded=excluded,
    )


def _number(groups: dict[str, str]) -> int | None:
    if "ordinal" in groups:
        return _ORDINALS.index(groups["ordinal"]) + 1
    written = groups.get("number") or groups.get("label") or groups.get("issue")
    return numerals.parse_numeral(written) if written else None


def _date(groups: dict[str, str]) -> str | None:
    year, month = groups.get("year") or groups.get("since"), groups.get("month")
    return f"{year}-{int(month):02}" if month else year


def _excluded(
    folded: str, places: Sequence[PlaceMention]
) -> tuple[tuple[PlaceMention, ...], list[tuple[int, int]]]:
    """The places behind 除了, or before 以外, and the span of all of it."""
    for first, place in enumerate(places):
        lead = _EXCEPT.regex.search(folded, 0, place.start)
        outside = _OUT_OF.regex.match(folded[place.end :])
        last = first
        while last + 1 < len(places) and _is_linked(folded, places, last):
            last += 1
            outside = _OUT_OF.regex.match(folded[places[last].end :])
        if not (lead or outside):
            continue
        behind = _OUTSIDE.match(folded[places[last].end :])
        end = places[last].end + (behind.end() if behind else 0)
        return tuple(places[first : last + 1]), [(lead.start() if lead else place.start, end)]
    return (), []


def _is_linked(folded: str, places: Sequence[PlaceMention], index: int) -> bool:
    """Whether the place at the index and the next one are linked: 北京和上海."""
    return bool(_BETWEEN.regex.match(folded[places[index].end : places[index + 1].start]))


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _without(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        folded = folded[:start] + folded[end:]
    return folded
