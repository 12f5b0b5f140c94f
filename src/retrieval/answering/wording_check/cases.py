"""A worded sentence with its quotes and its alignment, and what is found wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retrieval.answering.wording_check.alignment import Alignment, Link
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.tokens import Role, TokenizedText
from retrieval.answering.wording_check.words import FaultKind


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sentence does not hold, and the words of the sentence or the quote that show it, folded."""

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with its quotes and its alignment."""

    sentence: TokenizedText
    quotes: tuple[TokenizedText, ...]
    alignment: Alignment

    @property
    def clauses(self) -> list[list[Link]]:
        """The links by the clauses of the sentence; clauses without links are left out."""
        numbers = sorted({link.token.clause for link in self.alignment.links})
        return [self._agent_first(self.alignment.in_clause(number)) for number in numbers]

    def _agent_first(self, links: list[Link]) -> list[Link]:
        """The links of a passive clause with who does it, and what, before what it is done to: 由市文明辦發佈|月榜."""
        text = self.sentence.text
        agent = next(
            (
                index
                for index, link in enumerate(links)
                if text[link.token.start - 1 : link.token.start] in tuple("由被")
            ),
            0,
        )
        return links[agent:] + links[:agent]

    def place_of(self, link: Link) -> int:
        """The offset of the words in the quote, in a passive clause as if its agent came first."""
        tokens = self.quotes[link.spot.quote].in_clause(link.spot.clause)
        mark = next((token for token in tokens if token.text in ("由", "被")), None)
        is_before = mark is not None and link.spot.start < mark.start
        return link.spot.start + (10_000 if is_before else 0)

    def is_date(self, link: Link) -> bool:
        """Whether the link is of a date."""
        return link.token.figure is not None and link.token.figure.kind is FigureKind.DATE

    def used_clauses(self) -> list[tuple[int, int]]:
        """(quote, clause) of each clause of the quotes that the sentence repeats content words or figures of."""
        spots = [link.spot for link in self.alignment.links if link.token.role is not Role.CLAIM]
        return sorted({(spot.quote, spot.clause) for spot in spots})


Rule = Callable[[Case], Iterator[Fault]]


def is_doubly_negated(case: Case, quote: int, clause: int) -> bool:
    """沒有一個不參加, and 沒有一家."""
    tokens = case.quotes[quote].in_clause(clause)
    negations = [token for token in tokens if token.claim and token.claim[0] is FaultKind.NEGATION]
    one = any(token.figure and token.figure.values == (1.0,) for token in tokens)
    return len(negations) > 1 or (bool(negations) and one)
