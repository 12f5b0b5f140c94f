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
    answer_types.AnswerType.NUMBER: Pattern(
        re.compile(
            r"(?<![a-z\dx])第?(?:\d[\d,.]*|[一二两三四五六七八九十百千万亿]{1,6})[余多几]?(?:万|亿)?"
            r"(?:%|元|人次|名|位|人|个|家|所|处|座|间|站|支|项|条|件|款|种|类|点|批|篇|幅|部|本|册|份|期|首|次|场|届|轮|颗|级|户|组|倍|天|小时|分钟|岁)"
        ),
        example="10名",
        counterexample="x10名",
    ),
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
    """Spans that the question does not hold already; if any figure has the unit asked for, only such figures."""
    pattern = _MARKS.get(question.answer_type)
    if pattern is None:
        return
    text = fold(quote.text)
    spans = [
        match.span()
        for match in pattern.regex.finditer(text)
        if match.group().strip("《》“”「」") not in question.folded
    ]
    fitting = [span for span in spans if _has_unit_asked_for(text[slice(*span)], question)]
    for start, end in fitting or spans:
        yield quote.start + start, quote.start + end


def _has_unit_asked_for(figure: str, question: Question) -> bool:
    return (
        question.answer_type is answer_types.AnswerType.NUMBER
        and re.search(rf"[几少多]{figure[-1]}", question.folded) is not None
    )
