"""Figures, rates and dates beside words that the quotes put beside others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.answering.wording_check.alignment import Link
from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.tokens import Role
from retrieval.answering.wording_check.words import FaultKind

_JOINING = re.compile("[和与及、或]")


def moved_figures(case: Case) -> Iterator[Fault]:
    """A figure beside a word that the quotes put beside another figure."""
    for links in case.clauses:
        for index, link in enumerate(links):
            if link.token.figure is None or link.token.figure.kind is not FigureKind.COUNT:
                continue
            near = [
                next((other for other in row if other.token.role is Role.CONTENT), None)
                for row in (links[:index][::-1], links[index + 1 :])
            ]
            for position, other in enumerate(near):
                if other and not _is_beside(case, link, other, is_before=position == 0):
                    yield Fault(FaultKind.FIGURE, other.token.text + link.token.text)
            if any(other.token.role is Role.CONTENT for other in links) and not _keeps_company(
                case, link, links
            ):
                yield Fault(FaultKind.FIGURE, link.token.text)
        yield from _rates_of_others(case, links)


def _is_beside(case: Case, link: Link, other: Link, *, is_before: bool) -> bool:
    """Whether no other figure stands between the two in the quote."""
    if other.spot.quote != link.spot.quote or other.spot.clause != link.spot.clause:
        return True
    first, second = sorted((link.spot, other.spot), key=lambda spot: spot.start)
    between = [
        token
        for token in case.quotes[link.spot.quote].in_clause(link.spot.clause)
        if token.figure
        and token.figure.kind is FigureKind.COUNT
        and first.end <= token.start
        and token.end <= second.start
    ]
    if between:
        return False
    is_turned = is_before != (other.spot.start < link.spot.start)
    text = case.quotes[link.spot.quote].text[first.end : second.start]
    return not (is_turned and _JOINING.search(text))


def _keeps_company(case: Case, link: Link, links: Sequence[Link]) -> bool:
    """Whether a content word beside the figure in the quote, before or behind it, is in the clause of the sentence too."""
    tokens = case.quotes[link.spot.quote].in_clause(link.spot.clause)
    content = [token for token in tokens if token.role is Role.CONTENT]
    beside = [token for token in content if token.end <= link.spot.start][-2:]
    beside += [token for token in content if token.start >= link.spot.end][:5]
    repeated = [other.spot for other in links if other.spot.quote == link.spot.quote]
    return not beside or any(
        spot.start < token.end and token.start < spot.end for token in beside for spot in repeated
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
