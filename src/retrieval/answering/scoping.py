"""The passages that a question is limited to: by the number or the date of their bulletin, without places left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.index import Index, cached_per_index
from retrieval.language import Pattern, fold, numerals
from retrieval.questions import Question
from retrieval.types import Answered, IntVector, Quote

_NUMBER = Pattern(
    re.compile(
        r"(?:第|(?P<word>篇)|no\.?|〕)\s*(?P<number>\d+|[一二三四五六七八九十百]+)(?P<counted>[篇期号]?)"
    ),
    example="第12期",
    counterexample="12人",
)
_MASKED_YEAR = Pattern(re.compile(r"\d{2}[x×*]{2}年"), example="20xx年", counterexample="2023年")
# A newer quote whose score is at most this much below the best comes first if both are under the same heading.
_AS_GOOD = 0.15


@dataclass(frozen=True, slots=True)
class _Bulletin:
    """The date and the numbers of a bulletin."""

    date: str
    """In ISO form; empty where it is not known."""
    numbers: frozenset[tuple[str, int]]
    """Each with the word that stands with it, 篇 or 期; empty if another does."""
    name: str

    @property
    def highest(self) -> int:
        return max((number for _, number in self.numbers), default=0)


@cached_per_index
def _bulletins_of(index: Index) -> tuple[_Bulletin, ...]:
    """By bulletin code."""
    _, firsts = np.unique(index.passages.bulletin_codes, return_index=True)
    return tuple(_bulletin_at(index, int(position)) for position in firsts)


def _bulletin_at(index: Index, position: int) -> _Bulletin:
    passage = index.passages[position]
    names = (fold(name) for name in (passage.issue, passage.bulletin) if name)
    numbers = frozenset(number for name in names for number in _numbers_in(name))
    return _Bulletin(passage.date or "", numbers, passage.bulletin)


def _numbers_in(folded: str) -> Iterator[tuple[str, int]]:
    """The numbers in the name of a bulletin, each with the word that stands with it."""
    for match in _NUMBER.regex.finditer(folded):
        value = numerals.parse_numeral(match["number"])
        if value is not None:
            yield match["word"] or match["counted"] or "", value


def bulletin_number(name: str) -> int:
    """The number in the name of a bulletin (篇7), the highest of several; 0 without one."""
    return max((number for _, number in _numbers_in(fold(name))), default=0)


def positions_within(question: Question, index: Index) -> IntVector:
    """The positions of the passages in the scope of the question, in order."""
    within, scope = np.arange(len(index.passages), dtype=np.int64), question.scope
    if scope is None:
        return within
    if scope.number is not None:
        within = np.intersect1d(within, _of_number(scope.number, scope.counted, index))
    if scope.is_newest:
        within = np.intersect1d(within, _of_newest(index))
    if scope.date is not None:
        within = np.intersect1d(within, _of_date(scope.date, index))
    for place in scope.excluded:
        within = np.setdiff1d(within, index.place_index.positions_for(place))
    return within


def _of_number(number: int, counted: str, index: Index) -> IntVector:
    """The passages of the bulletins of the number, of those counted by the same word (篇3, 第3期) if there are any."""
    alike = _of_bulletins(index, lambda bulletin: (counted, number) in bulletin.numbers)
    return (
        alike
        if len(alike)
        else _of_bulletins(index, lambda bulletin: any(value == number for _, value in bulletin.numbers))
    )


def _of_newest(index: Index) -> IntVector:
    """The passages of the newest bulletins; where none has a date, of those of the highest number."""
    bulletins = _bulletins_of(index)
    newest, highest = (
        max(_known_date(bulletin) for bulletin in bulletins),
        max(bulletin.highest for bulletin in bulletins),
    )
    if newest:
        return _of_bulletins(index, lambda bulletin: _known_date(bulletin) == newest)
    return _of_bulletins(index, lambda bulletin: 0 < bulletin.highest == highest)


def _known_date(bulletin: _Bulletin) -> str:
    """The date; empty where its year is masked."""
    return "" if "x" in bulletin.date[:4] else bulletin.date


def _taken_as_newest(question: Question, index: Index) -> str | None:
    """The bulletin that the question for the newest is answered from by its number, as no date is known; else None."""
    if question.scope is None or not question.scope.is_newest or any(map(_known_date, _bulletins_of(index))):
        return None
    return max(_bulletins_of(index), key=lambda bulletin: bulletin.highest).name


def _of_bulletins(index: Index, passes: Callable[[_Bulletin], bool]) -> IntVector:
    codes = [code for code, bulletin in enumerate(_bulletins_of(index)) if passes(bulletin)]
    return np.flatnonzero(np.isin(index.passages.bulletin_codes, codes)).astype(np.int64)


def _of_date(date: str, index: Index) -> IntVector:
    """The passages of the bulletins of the date; where there are none, those whose text names the year."""
    dated = _of_bulletins(index, lambda bulletin: bulletin.date.startswith(date))
    return dated if len(dated) else index.folded_texts.holding(f"{date[:4]}年")


def masks_its_year(quote: Quote) -> bool:
    """Whether the passage, or the date of its bulletin, masks the year: 20xx年."""
    return bool(_MASKED_YEAR.regex.search(fold(quote.text))) or "x" in (quote.passage.date or "")


def newest_first(index: Index, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes, best first, with the newest of those that say the same of several dates at the front."""
    if not quotes or len({bulletin.date for bulletin in _bulletins_of(index)}) < 2:
        return list(quotes)
    best = quotes[0]
    alike = [
        quote for quote in quotes if quote.score >= best.score - _AS_GOOD and _is_of_same_matter(quote, best)
    ]
    newest = max(alike, key=lambda quote: (quote.passage.date or "", quote is best, quote.score))
    if (newest.passage.date or "") <= (best.passage.date or ""):
        return list(quotes)
    return [newest, *(quote for quote in quotes if quote is not newest)]


def _is_of_same_matter(one: Quote, other: Quote) -> bool:
    """Whether the quotes are about one place under one heading."""
    return (one.passage.place, one.passage.heading) == (other.passage.place, other.passage.heading)


def with_scope(answered: Answered, question: Question, within: IntVector, index: Index) -> Answered:
    """The answer with the places within the scope, and with the bulletin taken for the newest."""
    codes = np.unique(index.passages.place_codes[within])
    names = tuple(index.passages.places[code].name for code in codes.tolist() if code >= 0)
    return replace(answered, taken_as_newest=_taken_as_newest(question, index), places_within=names)
