"""Figures, rates and dates beside words that the quotes put beside others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.answering.wording_check.alignment import Link, Spot
from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.tokens import Role
from retrieval.answering.wording_check.words import FaultKind


def moved_figures(case: Case) -> Iterator[Fault]:
    """A figure beside a word from which another figure of the same clause separates it in the quote."""
    for links in case.clauses:
        for index, link in enumerate(links):
            if link.token.figure is None or link.token.figure.kind is not FigureKind.COUNT:
                continue
            for row in (links[:index][::-1], links[index + 1 :]):
                beside = next((other for other in row if other.token.role is Role.CONTENT), None)
                if beside and _are_separated(case, link.spot, beside.spot):
                    yield Fault(FaultKind.FIGURE, beside.token.text + link.token.text)
        yield from _rates_of_others(case, links)


def _are_separated(case: Case, one: Spot, other: Spot) -> bool:
    if (one.quote, one.clause) != (other.quote, other.clause):
        return False
    first, second = sorted((one, other), key=lambda spot: spot.start)
    return any(
        token.figure and token.figure.kind is FigureKind.COUNT
        for token in case.quotes[one.quote].in_clause(one.clause)
        if first.end <= token.start and token.end <= second.start
    )


def _rates_of_others(case: Case, links: Sequence[Link]) -> Iterator[Fault]:
    rates = [link for link in links if link.token.is_rate]
    counts = [link for link in links if link.token.figure and not link.token.is_rate]
    for rate in rates:
        for count in counts:
            own = case.quotes[count.spot.quote].in_clause(count.spot.clause)
            if rate.spot.clause != count.spot.clause and any(token.is_rate for token in own):
                yield Fault(FaultKind.RATE, rate.token.text + count.token.text)


def moved_dates(case: Case) -> Iterator[Fault]:
    """A date with what the quote says of another date."""
    for links in case.clauses:
        for date in filter(case.is_date, links):
            for link in links:
                if link.spot.quote != date.spot.quote or link is date:
                    continue
                between = [
                    token
                    for token in case.quotes[date.spot.quote].tokens
                    if token.figure
                    and token.figure.kind is FigureKind.DATE
                    and date.spot.end <= token.start
                    and token.clause <= link.spot.clause
                    and not case.alignment.is_used(date.spot.quote, token)
                    and token.sentence == link.spot.sentence
                ]
                if (between and link.token.figure is not None) or (between and link.token.is_verb):
                    yield Fault(FaultKind.DATE, date.token.text + link.token.text)
