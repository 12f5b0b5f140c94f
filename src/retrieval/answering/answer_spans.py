"""Where in a quote the answer stands, where that can be told: the number with its unit, the name in its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.language import fold
from retrieval.questions import Question, answer_types
from retrieval.types import Quote

_MOST = 3
"""More marks than these mark nothing."""
_FIGURE = re.compile(
    r"(?<![a-z\dx])第?(?:\d[\d,.]*|[一二两三四五六七八九十百千万亿]{1,6})[余多几]?(?:万|亿)?"
    r"(?:%|元|人次|名|位|人|个|家|所|处|座|间|站|支|项|条|件|款|种|类|点|批|篇|幅|部|本|册|份|期|首|次|场|届|轮|颗|级|户|组|倍|天|小时|分钟|岁)"
)
_DATE = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])|\d{4}年(?:\d{1,2}月)?|\d{1,2}月|每[年月周天日](?:第[一二三四五]个?\w{2,3})?|每季度"
)
_NAMED = re.compile(r"《[^》]{1,40}》|“[^”]{1,30}”|「[^」]{1,30}」")
_MARKS = {
    answer_types.AnswerType.NUMBER: _FIGURE,
    answer_types.AnswerType.DATE: _DATE,
    answer_types.AnswerType.NAME: _NAMED,
}


def mark_answer(quote: Quote, question: Question) -> Quote:
    """The quote with the spans that look like what is asked for; none where there are none, or too many to tell."""
    found = list(_spans(quote, question))
    return replace(quote, marks=tuple(found)) if len(found) <= _MOST else quote


def _spans(quote: Quote, question: Question) -> Iterator[tuple[int, int]]:
    """What the question already says is not what it asks for; of figures those with the unit it asks for come alone."""
    pattern = _MARKS.get(question.want)
    if pattern is None:
        return
    text = fold(quote.text)
    spans = [found.span() for found in pattern.finditer(text) if _inner(found.group()) not in question.folded]
    fitting = [span for span in spans if _has_unit_asked_for(text[slice(*span)], question)]
    for start, end in fitting or spans:
        yield quote.start + start, quote.start + end


def _inner(marked: str) -> str:
    return marked.strip("《》“”「」")


def _has_unit_asked_for(figure: str, question: Question) -> bool:
    return (
        question.want is answer_types.AnswerType.NUMBER
        and re.search(rf"[几少多]{figure[-1]}", question.folded) is not None
    )
