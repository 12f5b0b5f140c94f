"""Figures that the source itself hides: 20xx年, xx個展區."""

from __future__ import annotations

import re

from retrieval.questions.answer_types import expectation_of

_MASKED = re.compile(r"(?:\d{2})?[x×*]{2,}\s*[余多个名人届座条项]?(?P<behind>\w{0,6})")


def hides_the_answer(folded_question: str, folded_sentence: str) -> bool:
    """Whether the figure asked for is masked in the source: xx個展區 for 幾個展區, 20xx年 for 哪一年."""
    if expectation_of(folded_question) is None:
        return False
    return any(_is_asked_for(mask["behind"], folded_question) for mask in _MASKED.finditer(folded_sentence))


def _is_asked_for(behind: str, folded_question: str) -> bool:
    """Whether two neighbouring characters behind the mask, or its unit after 哪, stand in the question."""
    pairs = (behind[start : start + 2] for start in range(len(behind) - 1))
    return any(pair in folded_question for pair in pairs) or (
        behind.startswith("年") and re.search(r"[哪边何][一个]?年", folded_question) is not None
    )
