"""Words and claims that stand in no quote; negations, conditions, quantifiers and the like that are moved or left out."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.answering.wording_check.alignment import Link
from retrieval.answering.wording_check.cases import Case, Fault, is_doubly_negated
from retrieval.answering.wording_check.figure_equivalence import is_article
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.subjects import is_shared
from retrieval.answering.wording_check.tokens import Role, Token
from retrieval.answering.wording_check.words import ADDED_FREELY, LOST_BEFORE, NEVER_LOST, FaultKind
from retrieval.places import find_places

_NEGATING = frozenset("不未无没非勿莫")


_NEGATING_NOTHING_LISTED = (
    "不断 不仅 不但 不同 不少 不良 不只 不懈 不足 不同于 不论 不管 无论 不过 不妨 不如 "
    "不得不 不拘一格 无处不在 无偿 非常 非遗 非物质 非营利 无私"
)
_NEGATING_NOTHING = frozenset(_NEGATING_NOTHING_LISTED.split())


def moved_claims(case: Case) -> Iterator[Fault]:
    """A negation, a quantifier or the like that the quotes put before something else."""
    for links in case.clauses:
        for index, link in enumerate(links):
            if link.token.claim is None:
                continue
            after = next((other for other in links[index + 1 :] if other.token.role is not Role.CLAIM), None)
            beside = after or next(
                (other for other in links[:index][::-1] if other.token.role is not Role.CLAIM), None
            )
            if beside and not _bears_on(case, link, beside, is_before=beside is after):
                yield Fault(link.token.claim[0], link.token.text)


def _bears_on(case: Case, link: Link, beside: Link, *, is_before: bool) -> bool:
    if (link.spot.quote, link.spot.clause) != (beside.spot.quote, beside.spot.clause):
        return link.token.claim in ADDED_FREELY or link.token.claim == (FaultKind.QUANTITY, "both")
    if not is_before:
        return True
    if link.token.claim == (FaultKind.QUANTITY, "each") or (
        link.token.claim
        and link.token.claim[0]
        not in (FaultKind.NEGATION, FaultKind.QUANTITY, FaultKind.ORDER, FaultKind.COMPARISON)
    ):
        return True
    between = [
        token
        for token in case.quotes[link.spot.quote].in_clause(link.spot.clause)
        if link.spot.end <= token.start and token.end <= beside.spot.start and token.role is Role.CONTENT
    ]
    return link.spot.start < beside.spot.start and not any(
        not case.alignment.is_used(link.spot.quote, token) for token in between
    )


def lost_claims(case: Case) -> Iterator[Fault]:
    """A negation, a condition, a quantifier or a rate of the quotes that the sentence leaves out."""
    for quote, clause in case.used_clauses():
        tokens = case.quotes[quote].in_clause(clause)
        for index, token in enumerate(tokens):
            if case.alignment.is_used(quote, token):
                continue
            following = [other for other in tokens[index + 1 :] if other.role in (Role.CONTENT, Role.FIGURE)]
            is_next_used = bool(following) and case.alignment.is_used(quote, following[0])
            is_any_used = any(
                (other.is_verb or other.figure) and case.alignment.is_used(quote, other)
                for other in following
            )
            if (
                token.claim
                and token.claim[0] is FaultKind.NEGATION
                and is_doubly_negated(case, quote, clause)
                and _says_all(case)
            ):
                continue
            if token.claim and (
                (token.claim in NEVER_LOST and is_any_used) or (token.claim in LOST_BEFORE and is_next_used)
            ):
                yield Fault(token.claim[0], token.text)
            used_figure = any(other.figure and case.alignment.is_used(quote, other) for other in following)
            if token.is_rate and (is_next_used or used_figure):
                yield Fault(FaultKind.RATE, token.text)
        yield from _lost_condition(case, quote, clause)


def _says_all(case: Case) -> bool:
    return any(
        token.claim
        and token.claim
        in ((FaultKind.QUANTITY, "both"), (FaultKind.QUANTITY, "all"), (FaultKind.QUANTITY, "each"))
        for token in case.sentence.tokens
    )


def _lost_condition(case: Case, quote: int, clause: int) -> Iterator[Fault]:
    """The clause before, of the same sentence, that says when this one is true."""
    before = case.quotes[quote].in_clause(clause - 1) if clause else []
    here = case.quotes[quote].in_clause(clause)
    is_condition = bool(before) and before[0].claim is not None and before[0].claim[0] is FaultKind.CONDITION
    if (
        is_condition
        and here
        and before[0].sentence == here[0].sentence
        and (quote, clause - 1) not in case.used_clauses()
    ):
        yield Fault(FaultKind.CONDITION, before[0].text)


def lost_negation(case: Case) -> Iterator[Fault]:
    """A word of which the quotes have the negative: 文明 out of 不文明."""
    for link in case.alignment.links:
        text, at = case.quotes[link.spot.quote].text, link.spot.start
        if link.token.role is Role.CLAIM or not at or text[at - 1] not in _NEGATING:
            continue
        around = next(
            (token for token in case.quotes[link.spot.quote].tokens if token.start <= at - 1 < token.end),
            None,
        )
        is_said = link.token.start and case.sentence.text[link.token.start - 1] == text[at - 1]
        if (
            not is_said
            and around
            and around.text not in _NEGATING_NOTHING
            and not case.alignment.is_used(link.spot.quote, around)
        ) or (
            not is_said and around and around.start < at < around.end and around.text not in _NEGATING_NOTHING
        ):
            yield Fault(FaultKind.NEGATION, text[at - 1 : link.spot.end])


_KIND_OF_FIGURE = {
    FigureKind.COUNT: FaultKind.FIGURE,
    FigureKind.DATE: FaultKind.DATE,
    FigureKind.RATE: FaultKind.RATE,
}


def unsaid_words(case: Case) -> Iterator[Fault]:
    """Words, figures and claims that stand in no cited quote."""
    places = find_places(case.sentence.text)
    quoted = [other.figure for quote in case.quotes for other in quote.tokens if other.figure]
    for token in case.alignment.missing:
        if token.figure:
            if is_article(token.figure, quoted):
                continue
            yield Fault(_KIND_OF_FIGURE[token.figure.kind], token.text)
        elif token.claim:
            if not _may_be_added(case, token):
                yield Fault(token.claim[0], token.text)
        else:
            named = any(place.start < token.end and token.start < place.end for place in places)
            yield Fault(FaultKind.PLACE if named else FaultKind.UNSAID, token.text)


def _may_be_added(case: Case, token: Token) -> bool:
    """Whether a sentence may say it of itself: 已 of what is no plan, and 都 of two quotes that say the same."""
    links = case.alignment.in_clause(token.clause)
    if token.claim == (FaultKind.MODALITY, "done"):
        return not any(
            other.claim and other.claim in NEVER_LOST
            for link in links
            for other in case.quotes[link.spot.quote].in_clause(link.spot.clause)
        )
    if token.claim in ((FaultKind.QUANTITY, "both"), (FaultKind.QUANTITY, "all")):
        return is_shared(case, links) or any(
            is_doubly_negated(case, link.spot.quote, link.spot.clause) for link in links
        )
    return token.claim in ADDED_FREELY
