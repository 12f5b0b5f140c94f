"""Words in another order than in the quotes, which exchanges who does what to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from retrieval.answering.wording_check.alignment import Link
from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.tokens import Role
from retrieval.answering.wording_check.words import ROLE_MARKS, FaultKind
from retrieval.language import personal_names


def turned_roles(case: Case) -> Iterator[Fault]:
    """A clause in the reverse order of the quote's, so that who does it and to whom are exchanged."""
    for links in case.clauses:
        by_clause: dict[tuple[int, int], list[Link]] = {}
        for link in links:
            by_clause.setdefault((link.spot.quote, link.spot.clause), []).append(link)
        for same in by_clause.values():
            yield from _reversed(case, same)
        for link in links:
            yield from _other_mark(case, link)
        yield from _split_names(case, links)


def _reversed(case: Case, links: Sequence[Link]) -> Iterator[Fault]:
    for one, two in pairwise(links):
        figures = one.token.figure, two.token.figure
        if (
            one.spot.start > two.spot.start
            and figures[0]
            and figures[1]
            and figures[0].kind is figures[1].kind
        ):
            yield Fault(FaultKind.ROLE, one.token.text + two.token.text)
    weighty = [
        link
        for link in links
        if not _is_object(case, link) and not (link.token.is_rate or case.is_date(link))
    ]
    for one, two, three in combinations(weighty, 3):
        if case.place_of(one) > case.place_of(two) > case.place_of(three):
            yield Fault(FaultKind.ROLE, one.token.text + two.token.text + three.token.text)
            return
    first, second = weighty[:2] if len(weighty) > 1 else (None, None)
    if first and second and _is_agent(case, first) and case.place_of(first) > case.place_of(second):
        yield Fault(FaultKind.ROLE, first.token.text + second.token.text)


def _is_agent(case: Case, link: Link) -> bool:
    at = link.token.start
    return at > 0 and case.sentence.text[at - 1] in "由被"


def _is_object(case: Case, link: Link) -> bool:
    """Whether a preposition puts the object before the verb, in the sentence or in the quote: 把, 將, 向, 對."""
    text, at = case.quotes[link.spot.quote].text, link.spot.start
    here = case.sentence.text[link.token.start - 1 : link.token.start]
    there = text[at - 1 : at] if at else ""
    return here in tuple("把将向对给") or there in tuple("把将向对给")


def _other_mark(case: Case, link: Link) -> Iterator[Fault]:
    """A preposition that the quote's clause has before another word."""
    at = link.token.start
    mark = case.sentence.text[at - 1 : at] if at else ""
    if not mark or mark not in ROLE_MARKS or mark in "由被" or not link.token.is_noun:
        return
    quote = case.quotes[link.spot.quote]
    tokens = quote.in_clause(link.spot.clause)
    marks = [token for token in tokens if token.text == mark]
    following = [
        next((other for other in tokens if other.start >= token.end and other.role is Role.CONTENT), None)
        for token in marks
    ]
    if marks and all(other and not (other.start <= link.spot.start < other.end) for other in following):
        yield Fault(FaultKind.ROLE, mark + link.token.text)


def _split_names(case: Case, links: Sequence[Link]) -> Iterator[Fault]:
    """Characters of one name that the quotes have in two: 王海林 out of 張海林 and 王芳."""
    for one, two in pairwise(links):
        is_joined = one.token.end == two.token.start and one.token.role is two.token.role is Role.CONTENT
        is_single = min(len(one.token.text), len(two.token.text)) == 1
        is_apart = one.spot.quote != two.spot.quote or one.spot.end != two.spot.start
        if is_joined and is_single and is_apart and one.token.text in personal_names.SURNAMES:
            yield Fault(FaultKind.NAME, one.token.text + two.token.text)


def another_order(case: Case) -> Iterator[Fault]:
    """Words of a clause in another order than the quote has them.

    Free are rates, words that a preposition puts before the verb (把, 向), and a figure beside what it counts.
    """
    for links in case.clauses:
        last: dict[int, Link] = {}
        for link in links:
            if link.token.is_rate or link.token.role is Role.CLAIM or _is_object(case, link):
                continue
            before = last.get(link.spot.quote)
            if (
                before
                and case.place_of(link) < case.place_of(before)
                and not _is_counted_beside(case, before, link)
            ):
                yield Fault(FaultKind.ORDER, before.token.text + link.token.text)
            last[link.spot.quote] = link


def _is_counted_beside(case: Case, before: Link, link: Link) -> bool:
    """Whether one is the only figure of its clause of the quote and the other stands there too: 10名志願者, 志願者10名."""
    is_count = (before.token.figure is None) != (link.token.figure is None)
    tokens = case.quotes[link.spot.quote].in_clause(link.spot.clause)
    figures = [token for token in tokens if token.figure and not token.is_rate]
    return is_count and before.spot.clause == link.spot.clause and len(figures) == 1
