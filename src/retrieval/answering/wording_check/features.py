"""Measures of a sentence against its quotes, from which the decision is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from retrieval.answering.wording_check.cases import Case, Fault
from retrieval.answering.wording_check.claims import unsaid_words
from retrieval.answering.wording_check.coverage import measure_coverage, measure_order
from retrieval.answering.wording_check.figure_equivalence import is_article
from retrieval.answering.wording_check.figures import FigureKind
from retrieval.answering.wording_check.tokens import Role
from retrieval.answering.wording_check.words import CLAIM_NOTHING, OPPOSITES, ROLE_MARKS, FaultKind

_NEGATION = re.compile("(?:不得不|不断|不仅|不但|不同|不少|不只|非常|非遗)|(?P<not>[不未没无非免禁拒勿])")
_DONE = re.compile("已|完成|完毕|结束|圆满")
_PLAN = re.compile("拟|计划|将|力争|预计|准备|打算|争取|有望|目标|待|尚")


def measure_sentence(case: Case, faults: Iterable[Fault]) -> dict[str, float]:
    """The measures by name; faults are those of the rules, counted by kind."""
    added = set(unsaid_words(case))
    more = Counter(fault.kind for fault in added)
    kinds = Counter(fault.kind for fault in faults if fault not in added)
    return {
        **{f"fault: {kind.value}": float(kinds[kind]) for kind in FaultKind if kind not in _NOT_OF_RULES},
        **{f"added: {kind.value}": float(more[kind]) for kind in FaultKind if kind not in _NOT_OF_RULES},
        **_sizes(case),
        **_coverage(case),
        **_order(case),
        **_figures(case),
        **_claims(case),
    }


def _sizes(case: Case) -> dict[str, float]:
    used = case.used_clauses()
    said = [
        (index, token)
        for index, quote in enumerate(case.quotes)
        for token in quote.tokens
        if token.role is not Role.MARK
    ]
    is_used = [case.alignment.is_used(index, token) for index, token in said]
    content = [token for token in case.sentence.tokens if token.role is Role.CONTENT]
    first = case.alignment.links[0]
    return {
        "characters": float(len(case.sentence.text)),
        "words": float(len(content)),
        "clauses": float(len({token.clause for token in case.sentence.tokens})),
        "clauses of quotes used": float(len(used)),
        "share of quotes used": sum(is_used) / max(1, len(said)),
        "first word at": float(min(first.spot.start, 80)),
        "nouns left out": float(_left_out(case, used)),
    }


def _left_out(case: Case, used: Iterable[tuple[int, int]]) -> int:
    """Nouns of the quotes between two words that the sentence repeats."""
    count = 0
    for quote, clause in used:
        tokens = case.quotes[quote].in_clause(clause)
        repeated = [index for index, token in enumerate(tokens) if case.alignment.is_used(quote, token)]
        between = tokens[repeated[0] : repeated[-1]] if repeated else []
        count += sum(token.is_noun and not case.alignment.is_used(quote, token) for token in between)
    return count


def _coverage(case: Case) -> dict[str, float]:
    coverage = measure_coverage(case)
    return {
        "coverage": coverage.mean,
        "lowest word": min((value for _, value in coverage.words), default=1.0),
        "coverage of first word": coverage.words[0][1] if coverage.words else 1.0,
        "coverage of lowest clause": coverage.lowest_clause,
        "lowest noun": coverage.lowest(nouns=True),
        "lowest verb": coverage.lowest(nouns=False),
        "missing nouns": float(coverage.missing(nouns=True)),
        "missing verbs": float(coverage.missing(nouns=False)),
        "new characters": float(coverage.new_characters),
        "share of new characters": coverage.new_share,
        "longest new run": float(coverage.longest_new_run),
    }


def _order(case: Case) -> dict[str, float]:
    order = measure_order(case)
    return {
        "turned within": float(order.turned_within),
        "turned between": float(order.turned_between),
        "turned share": (order.turned_within + order.turned_between) / max(1, order.pairs),
        "pairs": float(order.pairs),
        "neighbours": float(order.neighbours),
        "crossings": float(order.crossings),
        "steps back": float(order.steps_back),
        "mixed clauses": float(order.mixed),
    }


def _figures(case: Case) -> dict[str, float]:
    quoted = [token.figure for quote in case.quotes for token in quote.tokens if token.figure]
    missing = [token.figure for token in case.alignment.missing if token.figure]
    other_unit = [one for one in missing if any(one.values == other.values for other in quoted)]
    return {
        "figures": float(sum(token.figure is not None for token in case.sentence.tokens)),
        "figures of quotes": float(len(quoted)),
        "missing figures": float(sum(not is_article(one, quoted) for one in missing)),
        "articles": float(sum(is_article(one, quoted) for one in missing)),
        "missing rates": float(sum(one.kind is FigureKind.RATE for one in missing)),
        "figures with another unit": float(len(other_unit)),
    }


def _claims(case: Case) -> dict[str, float]:
    said = case.sentence.text
    clauses = "".join(
        token.text for quote, clause in case.used_clauses() for token in case.quotes[quote].in_clause(clause)
    )
    everything = "".join(quote.text for quote in case.quotes)
    return {
        "negations": float(_negations(said)),
        "negations more": float(_negations(said) - _negations(clauses)),
        "opposites": float(says_opposite(case)),
        "said done": float(len(_DONE.findall(said))),
        "strange characters": float(strange_characters(case)),
        "了": float(said.count("了")),
        "other prepositions": float(_other_prepositions(case)),
        "words without support": float(len(case.alignment.missing)),
        "plans lost": float(max(0, len(_PLAN.findall(clauses)) - len(_PLAN.findall(said)))),
        "said of all": float(bool(_ALL.search(said)) and not _ALL.search(everything)),
    }


_NOT_OF_RULES = (FaultKind.CITATION, FaultKind.DOUBT)
_ALL = re.compile("均|都|全部|全体|所有|一律")


def _other_prepositions(case: Case) -> int:
    """Words behind a preposition of the quotes that stand behind another there: 由 and 被."""
    everything = "".join(quote.text for quote in case.quotes)
    count = 0
    for link in case.alignment.links:
        before = case.sentence.text[link.token.start - 1 : link.token.start] if link.token.start else ""
        text, at = case.quotes[link.spot.quote].text, link.spot.start
        if before and before in ROLE_MARKS and before in everything and link.token.role is Role.CONTENT:
            count += text[at - 1 : at] != before
    return count


def strange_characters(case: Case) -> int:
    """Characters of words that say nothing of a thing or a deed, but stand in no quote: 剛 of a name cut in two."""
    everything = "".join(quote.text for quote in case.quotes)
    return sum(
        character.isalnum() and character not in everything
        for token in case.sentence.tokens
        if token.role is Role.GRAMMAR and token.text not in CLAIM_NOTHING
        for character in token.text
    )


def says_opposite(case: Case) -> int:
    """The number of opposites of which the sentence says one, and the clauses that it repeats only the other."""
    clauses = "".join(
        token.text for quote, clause in case.used_clauses() for token in case.quotes[quote].in_clause(clause)
    )
    return sum(_is_opposite(row, case.sentence.text, clauses) for row in OPPOSITES)


def _negations(text: str) -> int:
    return sum(match["not"] is not None for match in _NEGATION.finditer(text))


def _is_opposite(row: tuple[re.Pattern[str], re.Pattern[str]], said: str, quoted: str) -> bool:
    """Whether the sentence says one of two opposites where the quotes say the other."""
    one, other = row
    mine = bool(one.search(said)), bool(other.search(said))
    theirs = bool(one.search(quoted)), bool(other.search(quoted))
    return mine != theirs and mine in ((True, False), (False, True)) and theirs == mine[::-1]
