"""Parts of a clause without which the rest says more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.subjects import is_outer_place
from retrieval.answering.wording_check.tokens import Role, Token
from retrieval.answering.wording_check.words import FaultKind
from retrieval.places import find_places

_LOWERING = frozenset("副代准原前候拟助曾")


def dropped_parts(case: Case) -> Iterator[Fault]:
    """Parts of a clause without which the rest says more: one of two that a figure counts, a restriction, a district."""
    for quote, clause in case.used_clauses():
        spots = sorted(
            (
                link.spot
                for link in case.alignment.links
                if (link.spot.quote, link.spot.clause) == (quote, clause)
            ),
            key=lambda spot: spot.start,
        )
        text = case.quotes[quote].text
        tokens = case.quotes[quote].in_clause(clause)
        prefix = [token for token in tokens if token.end <= spots[0].start]
        if prefix and prefix[-1].text == "的" and any(_restricts(token) for token in prefix):
            yield Fault(FaultKind.CONDITION, text[prefix[0].start : spots[0].start])
        for before, after in pairwise(spots):
            gap = text[before.end : after.start]
            skipped = [token for token in tokens if before.end <= token.start and token.end <= after.start]
            content = [token for token in skipped if token.role is Role.CONTENT]
            is_counted = any(
                token.figure and token.start >= after.start and case.alignment.is_used(quote, token)
                for token in tokens
            )
            if is_counted and content and re.match("[和与及、]", gap) and "等" not in gap:
                yield Fault(FaultKind.FIGURE, gap)
            counts = any(token.figure and token.start == after.start for token in tokens)
            if gap.endswith("的") and (counts or any(_restricts(token) for token in skipped)):
                yield Fault(FaultKind.CONDITION, gap)
    yield from _widened_places(case)


def _restricts(token: Token) -> bool:
    """Whether a part of a clause with the token says which of several are meant."""
    is_count = token.figure is not None and token.figure.kind is not FigureKind.DATE
    return is_count or (
        token.claim is not None and token.claim[0] in (FaultKind.NEGATION, FaultKind.CONDITION)
    )


def _widened_places(case: Case) -> Iterator[Fault]:
    """合肥 where the quote says 合肥包河區."""
    for index, quote in enumerate(case.quotes):
        for mention in find_places(quote.text):
            inside = [
                link.spot
                for link in case.alignment.links
                if link.spot.quote == index
                and link.spot.start < mention.end
                and mention.start < link.spot.end
            ]
            end = mention.end - (quote.text[mention.end - 1] in "省市区县州旗")
            if inside and max(spot.end for spot in inside) < end:
                yield Fault(FaultKind.PLACE, quote.text[mention.start : mention.end])


def lost_ranks(case: Case) -> Iterator[Fault]:
    """A title without the character that lowers it: 局長 out of 副局長."""
    for link in case.alignment.links:
        text, at = case.quotes[link.spot.quote].text, link.spot.start
        mark = text[at - 1 : at] if at else ""
        here = case.sentence.text[link.token.start - 1 : link.token.start] if link.token.start else ""
        around = next(
            (token for token in case.quotes[link.spot.quote].tokens if token.start < at <= token.end), None
        )
        is_title = around is not None and (around.text == mark or around.end > at)
        if mark and is_title and mark in _LOWERING and mark != here and link.token.is_noun:
            yield Fault(FaultKind.NAME, mark + link.token.text)


def lost_attributes(case: Case) -> Iterator[Fault]:
    """A noun without the attribute right before it, which says of what level or sort it is: 文明單位 out of 市級文明單位."""
    for link in case.alignment.links:
        if not link.token.is_noun:
            continue
        tokens = case.quotes[link.spot.quote].tokens
        before = next((token for token in tokens if token.end == link.spot.start), None)
        is_attribute = (
            before is not None and before.role is Role.CONTENT and not (before.is_verb and not before.is_noun)
        )
        is_lost = before and is_attribute and not case.alignment.is_used(link.spot.quote, before)
        if before and is_lost and not is_outer_place(case.quotes[link.spot.quote], before, link.spot.start):
            yield Fault(FaultKind.QUANTITY, before.text + link.token.text)
