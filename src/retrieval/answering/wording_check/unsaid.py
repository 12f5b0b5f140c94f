"""Words, figures and claims of a sentence that stand in no cited quote."""

from __future__ import annotations

from collections.abc import Iterator

from retrieval.answering.wording_check.cases import Case, Fault, is_doubly_negated
from retrieval.answering.wording_check.figure_equivalence import is_article
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.subjects import is_shared
from retrieval.answering.wording_check.tokens import Token
from retrieval.answering.wording_check.words import ADDED_FREELY, NEVER_LOST, FaultKind
from retrieval.places import find_places

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
