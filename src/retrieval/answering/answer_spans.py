"""Marks the spans of a quote that answer: a number with its unit, a date, a name in quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.language import Pattern, fold
from retrieval.questions import Question, answer_types
from retrieval.types import Quote

_MOST_MARKS = 3
"""With more marks than this, none is shown."""
_MARKS = {
    answer_types.AnswerType.NUMBER: answer_types.FIGURE,
    answer_types.AnswerType.DATE: Pattern(
        re.compile(
            r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])|\d{4}年(?:\d{1,2}月)?|\d{1,2}月|每[年月周天日](?:第[一二三四五]个?\w{2,3})?|每季度"
        ),
        example="2016年3月5日",
        counterexample="春天",
    ),
    answer_types.AnswerType.NAME: Pattern(
        re.compile(r"《[^》]{1,40}》|“[^”]{1,30}”|「[^」]{1,30}」"),
        example="“好人网”",
        counterexample="好人网",
    ),
}


def mark_answer(quote: Quote, question: Question) -> Quote:
    """The quote with marks on the spans that look like the answer; without marks if there are more than three."""
    marks = tuple(_spans(quote, question))
    return replace(quote, marks=marks) if len(marks) <= _MOST_MARKS else quote


def _spans(quote: Quote, question: Question) -> Iterator[tuple[int, int]]:
    """Spans that the question does not hold already; if any figure fits the slot, only such, with its noun first."""
    text = fold(quote.text)
    for start, end in _figures(text, question) or _signs(text, question):
        if text[start:end].strip("《》“”「」") not in question.folded:
            yield quote.start + start, quote.start + end


def _figures(text: str, question: Question) -> list[tuple[int, int]]:
    """The figures that fit the slot of a count or a sum: those in one clause with its noun, or else all."""
    if question.slot.kind not in {answer_types.SlotKind.COUNT, answer_types.SlotKind.MONEY}:
        return []
    counts = answer_types.bound_counts(question.slot, text)
    bound = [(start, end) for start, end, is_bound in counts if is_bound]
    return bound or [(start, end) for start, end, _ in counts]


def _signs(text: str, question: Question) -> list[tuple[int, int]]:
    pattern = _MARKS.get(question.answer_type)
    return [match.span() for match in pattern.regex.finditer(text)] if pattern else []
