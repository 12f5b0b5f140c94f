"""When not to answer: what is nearest to a question may still not say what it asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.answering.confidence import THRESHOLD, Evidence, lacks_answer_type
from retrieval.language import fold
from retrieval.places import find_places
from retrieval.questions import Question, answer_types
from retrieval.types import Elsewhere, Quote, Reason

# Far from everything in the bulletins, not merely short of a quote that answers.
_OUT_OF_SCOPE = 0.05
# Only of what the gazetteer knows by name: not which street or village.
_PLACE_WITHIN_ASKED = re.compile(
    r"(?:哪|边|何|什么)(?:一?[个座处])?(?:城市|地级市|县级市|[市区县](?!民|委|直))|which (?:city|district|county)"
)


@dataclass(frozen=True, slots=True)
class RefusalInput:
    """What was found for a question, before it is said."""

    quotes: tuple[Quote, ...]
    """Best first, at least one."""
    evidence: Evidence
    """What speaks for the first quote."""
    confidence: float
    """The probability that it answers, by that evidence."""
    uncovered: tuple[str, ...]
    """The places of the question that the bulletins do not cover."""


def reason_to_refuse(question: Question, found: RefusalInput) -> Reason | None:
    """Why the quotes are no answer, None if they are: the place, then what they lack, then how near they are."""
    if found.uncovered and len(found.uncovered) == len(question.places):
        return "place_not_covered"
    if _is_lacking(question, found):
        return "not_found"
    if found.confidence < _OUT_OF_SCOPE:
        return "out_of_scope"
    return "not_found" if found.confidence < THRESHOLD else None


def said_elsewhere(question: Question, found: RefusalInput) -> Elsewhere | None:
    """Of which place the first quote says what was asked about another; None if it says nothing of the kind."""
    told_of = found.quotes[0].passage.place_name
    if not told_of or not _is_of_another_place(question, found.evidence):
        return None
    if found.confidence < THRESHOLD or _is_without_what_is_asked(question, found):
        return None
    place = question.places[0]
    return Elsewhere(question.text[place.start : place.end], told_of)


def masked_quote(question: Question, quotes: tuple[Quote, ...]) -> Quote | None:
    """The first quote, if the source itself masks in it what is asked for (xx, ?)."""
    return quotes[0] if is_masked(question.folded, fold(quotes[0].text)) else None


def _is_lacking(question: Question, found: RefusalInput) -> bool:
    """Whether the quotes are about the matter, and do not hold what is asked about it.

    The last three refuse 8 more of the 98 near misses of the development questions, and one more of 316 answerable ones.
    """
    return (
        masked_quote(question, found.quotes) is not None
        or _is_without_what_is_asked(question, found)
        or _is_of_another_place(question, found.evidence)
        or _names_no_place_within(question, found.quotes)
    )


def _is_without_what_is_asked(question: Question, found: RefusalInput) -> bool:
    return lacks_answer_type(found.evidence) or _none_holds_what_is_expected(question, found.quotes)


def _none_holds_what_is_expected(question: Question, quotes: tuple[Quote, ...]) -> bool:
    """Whether a sum, a date, a name or the like is asked for, and what would be shown has none."""
    expectation = answer_types.answer_pattern_of(question.folded)
    return expectation is not None and not any(expectation.is_met_by(fold(quote.text)) for quote in quotes)


def _is_of_another_place(question: Question, evidence: Evidence) -> bool:
    """Whether one place was asked about, and the first quote is about none that the question may mean."""
    return len(question.places) == 1 and not evidence.placed


def _names_no_place_within(question: Question, quotes: tuple[Quote, ...]) -> bool:
    """Whether it is asked which city or district of a place, and neither a quote nor its citation names any."""
    if len(question.places) != 1 or not _PLACE_WITHIN_ASKED.search(question.folded):
        return False
    asked = question.places[0].code
    named = (f"{quote.passage.place_name}{quote.text}" for quote in quotes)
    return not any(mention.code != asked for text in named for mention in find_places(text))


_MASKED = re.compile(r"(?:\d{2})?[x×*]{2,}\s*[余多个名人届座条项]?(?P<behind>\w{0,6})")


def is_masked(folded_question: str, folded_sentence: str) -> bool:
    """Whether the figure asked for is masked in the source: xx個展區 for 幾個展區, 20xx年 for 哪一年."""
    if answer_types.answer_pattern_of(folded_question) is None:
        return False
    return any(_is_asked_for(mask["behind"], folded_question) for mask in _MASKED.finditer(folded_sentence))


def _is_asked_for(behind: str, folded_question: str) -> bool:
    """Whether two neighbouring characters behind the mask, or its unit after 哪, stand in the question."""
    pairs = (behind[start : start + 2] for start in range(len(behind) - 1))
    return any(pair in folded_question for pair in pairs) or (
        behind.startswith("年") and re.search(r"[哪边何][一个]?年", folded_question) is not None
    )
