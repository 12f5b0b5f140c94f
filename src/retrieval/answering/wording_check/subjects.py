"""Subjects: clauses that take theirs from another clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from retrieval.answering.wording_check.alignment import Link
from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.tokens import Role, Token, TokenizedText
from retrieval.answering.wording_check.words import LOST_BEFORE, NEVER_LOST, FaultKind
from retrieval.places import find_places

_PREPOSITIONS_LISTED = (
    "通过 以 用 在 按照 按 对 为 从 向 将 把 据 结合 围绕 利用 针对 依托 根据 依据 经 "
    "经过 由 随着 为了 借 借助 坚持 对于 于"
)
_PREPOSITIONS = frozenset(_PREPOSITIONS_LISTED.split())


def is_shared(case: Case, links: Sequence[Link]) -> bool:
    """Whether each of several quotes says all of the clause but the names, of which each is in one of them."""
    used = {link.spot.quote for link in links}
    choices = case.alignment.choices
    own = [link for link in links if not used <= choices[link.token.start]]
    shared = [link for link in links if used <= choices[link.token.start]]
    return (
        len(used) > 1
        and all(link.token.is_noun for link in own)
        and any(not link.token.is_noun for link in shared)
    )


def joined_quotes(case: Case) -> Iterator[Fault]:
    """A clause out of two quotes, and one that leaves its subject to a clause from another quote."""
    for links in case.clauses:
        if len({link.spot.quote for link in links}) > 1 and not is_shared(case, links):
            yield Fault(FaultKind.ROLE, _words(links))
    for before, links in pairwise(case.clauses):
        first = links[0]
        if first.spot.quote != before[-1].spot.quote and not (first.token.is_noun or first.token.figure):
            yield from passed_over(case, first)


def _words(links: Sequence[Link]) -> str:
    return "".join(link.token.text for link in links)


def mixed_clauses(case: Case) -> Iterator[Fault]:
    """A clause that goes back in the quote, or passes over the subject of the clause that it goes on to."""
    linked: list[Link] = []
    for links in case.clauses:
        if len({link.spot.quote for link in links}) > 1:
            linked += links
            continue
        for before, link in pairwise(links):
            if link.spot.clause < before.spot.clause and not (
                case.is_date(before) or _is_subject(case, link)
            ):
                yield Fault(FaultKind.ROLE, before.token.text + link.token.text)
        entered = {link.spot.clause: link for link in reversed(links)}
        for clause, link in sorted(entered.items()):
            others = [
                other
                for other in linked + links
                if other.spot.clause != clause or other.spot.quote != link.spot.quote
            ]
            is_first = not linked and link is links[0]
            if others and not is_first:
                yield from passed_over(case, link)
        linked += links


def _is_subject(case: Case, link: Link) -> bool:
    """Whether the words open their clause of the quote."""
    tokens = case.quotes[link.spot.quote].in_clause(link.spot.clause)
    first = next((token for token in tokens if token.role is Role.CONTENT), None)
    return link.token.is_noun and first is not None and first.start <= link.spot.start < first.end


def passed_over(case: Case, link: Link) -> Iterator[Fault]:
    quote = case.quotes[link.spot.quote]
    start = min(
        other.spot.start
        for other in case.alignment.links
        if (other.spot.quote, other.spot.clause) == (link.spot.quote, link.spot.clause)
    )
    prefix = [token for token in quote.in_clause(link.spot.clause) if token.end <= start]
    prefix = [token for token in prefix if not is_outer_place(quote, token, start)]
    is_adverbial = False
    for token in prefix:
        is_adverbial = is_adverbial or token.text in _PREPOSITIONS
        weighs = token.figure is not None or token.claim in NEVER_LOST or token.claim in LOST_BEFORE
        if weighs or (token.is_noun and not is_adverbial):
            yield Fault(FaultKind.ROLE, token.text)
            return


def is_outer_place(quote: TokenizedText, token: Token, start: int) -> bool:
    """Whether it is the province or the city before the district that the sentence names, or the last character of one."""
    if token.text in ("省", "市", "区", "县", "全市", "全省", "全区", "全县"):
        return token.text in ("省", "市", "区", "县")
    mentions = find_places(quote.text)
    return any(place.start <= token.start and token.end <= start < place.end for place in mentions)


def lost_subjects(case: Case) -> Iterator[Fault]:
    """A sentence that begins behind the subject of its clause in the quote."""
    for links in case.clauses[:1]:
        yield from passed_over(case, links[0])


def lost_deeds(case: Case) -> Iterator[Fault]:
    """A verb with its object that is left out between two words of one clause: 支持|社區|舉辦."""
    for quote, clause in case.used_clauses():
        spots = sorted(
            (
                link.spot
                for link in case.alignment.links
                if (link.spot.quote, link.spot.clause) == (quote, clause)
            ),
            key=lambda spot: spot.start,
        )
        tokens = case.quotes[quote].in_clause(clause)
        for before, after in pairwise(spots):
            skipped = [token for token in tokens if before.end <= token.start and token.end <= after.start]
            if any(token.claim == (FaultKind.QUANTITY, "or") for token in skipped):
                yield Fault(FaultKind.QUANTITY, "或")
            verbs = [
                token
                for token in skipped
                if token.is_verb and not token.is_noun and token.role is Role.CONTENT
            ]
            if verbs and any(token.is_noun for token in skipped):
                yield Fault(FaultKind.ROLE, verbs[0].text)
