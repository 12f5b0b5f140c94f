"""What a sentence says beyond its quotes: rules over its alignment, each a generator of faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from retrieval.answering.wording_check.alignment import Alignment, Link
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.tokens import Role, Token, TokenizedText
from retrieval.answering.wording_check.words import (
    ADDED_FREELY,
    LOST_BEFORE,
    NEVER_LOST,
    ROLE_MARKS,
    FaultKind,
)
from retrieval.language import personal_names
from retrieval.places import find_places


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
            (index for index, link in enumerate(links) if text[link.token.start - 1 : link.token.start] in tuple("由被")),
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

_NEGATING = frozenset("不未无没非勿莫")
_NEGATING_NOTHING = frozenset(
    "不断 不仅 不但 不同 不少 不良 不只 不懈 不足 不同于 不论 不管 无论 不过 不妨 不如 不得不 不拘一格 无处不在 无偿 非常 非遗 非物质 非营利 无私".split()
)
_JOINING = re.compile("[和与及、或]")
_KIND_OF_FIGURE = {FigureKind.COUNT: FaultKind.FIGURE, FigureKind.DATE: FaultKind.DATE, FigureKind.RATE: FaultKind.RATE}
_PREPOSITIONS = frozenset(
    "通过 以 用 在 按照 按 对 为 从 向 将 把 据 结合 围绕 利用 针对 依托 根据 依据 经 经过 由 随着 为了 借 借助 坚持 对于 于".split()
)


def unsaid_words(case: Case) -> Iterator[Fault]:
    """Words, figures and claims that stand in no cited quote."""
    places = find_places(case.sentence.text)
    for token in case.alignment.missing:
        if token.figure:
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
        return _is_shared(case, links) or any(_is_doubly_negated(case, link.spot.quote, link.spot.clause) for link in links)
    return token.claim in ADDED_FREELY


def _is_doubly_negated(case: Case, quote: int, clause: int) -> bool:
    """沒有一個不參加, and 沒有一家."""
    tokens = case.quotes[quote].in_clause(clause)
    negations = [token for token in tokens if token.claim and token.claim[0] is FaultKind.NEGATION]
    one = any(token.figure and token.figure.values == (1.0,) for token in tokens)
    return len(negations) > 1 or (bool(negations) and one)


def _is_shared(case: Case, links: Sequence[Link]) -> bool:
    """Whether each of several quotes says all of the clause but the names, of which each is in one of them."""
    used = {link.spot.quote for link in links}
    choices = case.alignment.choices
    own = [link for link in links if not used <= choices[link.token.start]]
    shared = [link for link in links if used <= choices[link.token.start]]
    return len(used) > 1 and all(link.token.is_noun for link in own) and any(not link.token.is_noun for link in shared)


def joined_quotes(case: Case) -> Iterator[Fault]:
    """A clause out of two quotes, and one that leaves its subject to a clause from another quote."""
    for links in case.clauses:
        if len({link.spot.quote for link in links}) > 1 and not _is_shared(case, links):
            yield Fault(FaultKind.ROLE, _words(links))
    for before, links in pairwise(case.clauses):
        first = links[0]
        if first.spot.quote != before[-1].spot.quote and not (first.token.is_noun or first.token.figure):
            yield from _passed_over(case, first)


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
            if link.spot.clause < before.spot.clause and not (case.is_date(before) or _is_subject(case, link)):
                yield Fault(FaultKind.ROLE, before.token.text + link.token.text)
        entered = {link.spot.clause: link for link in reversed(links)}
        for clause, link in sorted(entered.items()):
            others = [other for other in linked + links if other.spot.clause != clause or other.spot.quote != link.spot.quote]
            is_first = not linked and link is links[0]
            if others and not is_first:
                yield from _passed_over(case, link)
        linked += links


def _is_subject(case: Case, link: Link) -> bool:
    """Whether the words open their clause of the quote."""
    tokens = case.quotes[link.spot.quote].in_clause(link.spot.clause)
    first = next((token for token in tokens if token.role is Role.CONTENT), None)
    return link.token.is_noun and first is not None and first.start <= link.spot.start < first.end


def _passed_over(case: Case, link: Link) -> Iterator[Fault]:
    quote = case.quotes[link.spot.quote]
    start = min(
        other.spot.start
        for other in case.alignment.links
        if (other.spot.quote, other.spot.clause) == (link.spot.quote, link.spot.clause)
    )
    prefix = [token for token in quote.in_clause(link.spot.clause) if token.end <= start]
    prefix = [token for token in prefix if not _is_outer_place(quote, token, start)]
    is_adverbial = False
    for token in prefix:
        is_adverbial = is_adverbial or token.text in _PREPOSITIONS
        weighs = token.figure is not None or token.claim in NEVER_LOST or token.claim in LOST_BEFORE
        if weighs or (token.is_noun and not is_adverbial):
            yield Fault(FaultKind.ROLE, token.text)
            return


def _is_outer_place(quote: TokenizedText, token: Token, start: int) -> bool:
    """Whether it is the province or the city before the district that the sentence names, or the last character of one."""
    if token.text in ("省", "市", "区", "县", "全市", "全省", "全区", "全县"):
        return token.text in ("省", "市", "区", "县")
    mentions = find_places(quote.text)
    return any(place.start <= token.start and token.end <= start < place.end for place in mentions)


def moved_claims(case: Case) -> Iterator[Fault]:
    """A negation, a quantifier or the like that the quotes put before something else."""
    for links in case.clauses:
        for index, link in enumerate(links):
            if link.token.claim is None:
                continue
            after = next((other for other in links[index + 1 :] if other.token.role is not Role.CLAIM), None)
            beside = after or next((other for other in links[:index][::-1] if other.token.role is not Role.CLAIM), None)
            if beside and not _bears_on(case, link, beside, is_before=beside is after):
                yield Fault(link.token.claim[0], link.token.text)


def _bears_on(case: Case, link: Link, beside: Link, *, is_before: bool) -> bool:
    if (link.spot.quote, link.spot.clause) != (beside.spot.quote, beside.spot.clause):
        return link.token.claim in ADDED_FREELY or link.token.claim == (FaultKind.QUANTITY, "both")
    if not is_before:
        return True
    if link.token.claim == (FaultKind.QUANTITY, "each") or (
        link.token.claim and link.token.claim[0] not in (FaultKind.NEGATION, FaultKind.QUANTITY, FaultKind.ORDER, FaultKind.COMPARISON)
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
                (other.is_verb or other.figure) and case.alignment.is_used(quote, other) for other in following
            )
            if token.claim and token.claim[0] is FaultKind.NEGATION and _is_doubly_negated(case, quote, clause) and _says_all(case):
                continue
            if token.claim and ((token.claim in NEVER_LOST and is_any_used) or (token.claim in LOST_BEFORE and is_next_used)):
                yield Fault(token.claim[0], token.text)
            used_figure = any(other.figure and case.alignment.is_used(quote, other) for other in following)
            if token.is_rate and (is_next_used or used_figure):
                yield Fault(FaultKind.RATE, token.text)
        yield from _lost_condition(case, quote, clause)


def _says_all(case: Case) -> bool:
    return any(
        token.claim and token.claim in ((FaultKind.QUANTITY, "both"), (FaultKind.QUANTITY, "all"), (FaultKind.QUANTITY, "each"))
        for token in case.sentence.tokens
    )


def _lost_condition(case: Case, quote: int, clause: int) -> Iterator[Fault]:
    """The clause before, of the same sentence, that says when this one is true."""
    before = case.quotes[quote].in_clause(clause - 1) if clause else []
    here = case.quotes[quote].in_clause(clause)
    is_condition = bool(before) and before[0].claim is not None and before[0].claim[0] is FaultKind.CONDITION
    if is_condition and here and before[0].sentence == here[0].sentence and (quote, clause - 1) not in case.used_clauses():
        yield Fault(FaultKind.CONDITION, before[0].text)


def lost_negation(case: Case) -> Iterator[Fault]:
    """A word of which the quotes have the negative: 文明 out of 不文明."""
    for link in case.alignment.links:
        text, at = case.quotes[link.spot.quote].text, link.spot.start
        if link.token.role is Role.CLAIM or not at or text[at - 1] not in _NEGATING:
            continue
        around = next(
            (token for token in case.quotes[link.spot.quote].tokens if token.start <= at - 1 < token.end), None
        )
        is_said = link.token.start and case.sentence.text[link.token.start - 1] == text[at - 1]
        if not is_said and around and around.text not in _NEGATING_NOTHING and not case.alignment.is_used(link.spot.quote, around):
            yield Fault(FaultKind.NEGATION, text[at - 1 : link.spot.end])
        elif not is_said and around and around.start < at < around.end and around.text not in _NEGATING_NOTHING:
            yield Fault(FaultKind.NEGATION, text[at - 1 : link.spot.end])


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
            if any(other.token.role is Role.CONTENT for other in links) and not _keeps_company(case, link, links):
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
        if token.figure and token.figure.kind is FigureKind.COUNT and first.end <= token.start and token.end <= second.start
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
    return not beside or any(spot.start < token.end and token.start < spot.end for token in beside for spot in repeated)


def _rates_of_others(case: Case, links: Sequence[Link]) -> Iterator[Fault]:
    rates = [link for link in links if link.token.is_rate]
    counts = [link for link in links if link.token.figure and not link.token.is_rate]
    for rate in rates:
        for count in counts:
            own = case.quotes[count.spot.quote].in_clause(count.spot.clause)
            if rate.spot.clause != count.spot.clause and any(token.is_rate for token in own):
                yield Fault(FaultKind.RATE, rate.token.text + count.token.text)


def dropped_parts(case: Case) -> Iterator[Fault]:
    """Parts of a clause without which the rest says more: one of two that a figure counts, a restriction, a district."""
    for quote, clause in case.used_clauses():
        spots = sorted(
            (link.spot for link in case.alignment.links if (link.spot.quote, link.spot.clause) == (quote, clause)),
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
            is_counted = any(token.figure and token.start >= after.start and case.alignment.is_used(quote, token) for token in tokens)
            if is_counted and content and re.match("[和与及、]", gap) and "等" not in gap:
                yield Fault(FaultKind.FIGURE, gap)
            if gap.endswith("的") and any(_restricts(token) for token in skipped):
                yield Fault(FaultKind.CONDITION, gap)
    yield from _widened_places(case)


def _restricts(token: Token) -> bool:
    """Whether a part of a clause with the token says which of several are meant."""
    is_count = token.figure is not None and token.figure.kind is not FigureKind.DATE
    return is_count or (token.claim is not None and token.claim[0] in (FaultKind.NEGATION, FaultKind.CONDITION))


def _widened_places(case: Case) -> Iterator[Fault]:
    """合肥 where the quote says 合肥包河區."""
    for index, quote in enumerate(case.quotes):
        for mention in find_places(quote.text):
            inside = [
                link.spot
                for link in case.alignment.links
                if link.spot.quote == index and link.spot.start < mention.end and mention.start < link.spot.end
            ]
            end = mention.end - (quote.text[mention.end - 1] in "省市区县州旗")
            if inside and max(spot.end for spot in inside) < end:
                yield Fault(FaultKind.PLACE, quote.text[mention.start : mention.end])


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
        if one.spot.start > two.spot.start and figures[0] and figures[1] and figures[0].kind is figures[1].kind:
            yield Fault(FaultKind.ROLE, one.token.text + two.token.text)
    weighty = [link for link in links if not _is_object(case, link) and not (link.token.is_rate or case.is_date(link))]
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
        if is_joined and is_single and (one.spot.quote != two.spot.quote or one.spot.end != two.spot.start):
            if one.token.text in personal_names.SURNAMES:
                yield Fault(FaultKind.NAME, one.token.text + two.token.text)


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
                if between and not link.token.figure is None or (between and link.token.is_verb):
                    yield Fault(FaultKind.DATE, date.token.text + link.token.text)


RULES: tuple[Rule, ...] = (
    unsaid_words,
    joined_quotes,
    mixed_clauses,
    moved_claims,
    lost_claims,
    lost_negation,
    moved_figures,
    dropped_parts,
    turned_roles,
    moved_dates,
)
"""In the order in which faults are told."""
