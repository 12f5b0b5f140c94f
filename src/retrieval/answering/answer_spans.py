"""Marks the span of a quote that answers: the figure that belongs to the noun asked about, a date, a name in quotation marks.

A figure is marked only where the text ties it to the question; where two are tied alike, none is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.language import Pattern, fold
from retrieval.questions import Question, answer_types
from retrieval.types import Quote

_MOST_NAMES = 3
"""With more names than this, none is marked."""
_DATE = Pattern(
    re.compile(
        r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])|\d{4}年(?:\d{1,2}月)?|\d{1,2}月|每[年月周天日](?:第[一二三四五]个?\w{2,3})?|每季度"
    ),
    example="2016年3月5日",
    counterexample="春天",
)
_NAMED = Pattern(
    re.compile(r"《[^》]{1,40}》|“[^”]{1,30}”|「[^」]{1,30}」"), example="“好人网”", counterexample="好人网"
)
_SHARE = Pattern(
    re.compile(r"\d[\d.?]*%|百分之[零一二三四五六七八九十百点]+|[一二三四五六七八九\d]成(?!立|员|果|为|功)"),
    example="80?62%",
    counterexample="80名",
)
_RANK = Pattern(
    re.compile(r"第[一二三四五六七八九十\d]+[届名位次]?|榜首|首位|冠军"),
    example="第六届",
    counterexample="六届",
)
_AGE = Pattern(
    re.compile(r"(?:\d+|[一二三四五六七八九十]+)[周多余]?岁"), example="35岁", counterexample="35名"
)
# A power of ten alone counts nothing exactly (千人), 百度 is a name, and 20 of 20xx年 is what is left of a year.
_BARE_POWER = Pattern(re.compile(r"\A[百千万亿](?!\d)"), example="千人", counterexample="3千人")
_MASKED_BEHIND = Pattern(re.compile(r"[x×*]|年代?"), example="xx年", counterexample="名")
_MONEY_BEHIND = Pattern(re.compile(r"[万亿]*(?:元|美元|人民币)"), example="万元", counterexample="万人")
_RANGE = Pattern(re.compile(r"\d+[至到~—-]+\Z"), example="4至", counterexample="评选出")
_ASKS = Pattern(
    re.compile(r"百分之几|[多几]少?|哪|how (?:many|much)|when"), example="多少", counterexample="少数"
)
_PAIR = Pattern(re.compile(r"(?=([㐀-鿿]{2}))"), example="志愿", counterexample="a志b")
_REACHED = Pattern(
    re.compile(r"[由从][^,。;]*?\d[^,。;]*?[到至达为]\Z"), example="由2016年的11%升到", counterexample="达到"
)
_TOTAL = Pattern(
    re.compile(r"(?:总数|总量|总计|共计|合计|总共)[已]?(?:达到?|有|为)?\Z"),
    example="总数达到",
    counterexample="达到",
)
_CLAUSE_MARK = re.compile(r"[,。;:!?()、]")

# Evidence that a figure is the one asked for, chosen on the development questions, whose marks
# `python -m benchmarks.quality.screen_lines` counts: the noun beside it counts most, then its measure word, then the
# other words of the question around it.
_OF_NOUN, _OF_MEASURE, _OF_WORDS, _OF_REACHED, _OF_ASKING_CLAUSE = 2.0, 0.6, 2.0, 1.0, 3.0
_LOST_A_CHARACTER = 0.05
_PAIRS_OF_SENTENCE = 3
_ANY_MEASURE = frozenset(("", "个"))
"""Asked with these, a figure may have any measure word."""
_LEAST, _LEAD = 0.2, 0.1
"""The evidence that a figure needs, and by how much it must exceed that of any other."""


# What English questions count, in the words of the bulletins.
_COUNTED_IN_ENGLISH = {
    "people": "人", "person": "人", "resident": "居民", "member": "成员", "volunteer": "志愿者", "student": "学生",
    "expert": "专家", "commentator": "评论", "household": "家庭", "family": "家庭", "project": "项目", "theme": "主题",
    "comment": "意见", "suggestion": "建议", "problem": "问题", "question": "问题", "article": "稿", "report": "报道",
    "course": "课程", "hour": "小时", "team": "队伍", "group": "队伍", "organisation": "组织", "organization": "组织",
    "station": "站", "school": "学校", "community": "社区", "village": "村", "site": "点", "activity": "活动",
    "event": "活动", "book": "书", "film": "片", "poster": "海报", "site visit": "参观", "entry": "作品", "work": "作品",
    "award": "奖", "tree": "树", "fan": "粉丝", "follower": "粉丝", "message": "信息", "screen": "屏", "plan": "方案",
}  # fmt: skip
_ENGLISH_WORD = Pattern(re.compile(r"[a-z]{3,}"), example="people", counterexample="人")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a text with the words that belong to it: from the last mark or figure to the next."""

    start: int
    end: int
    before: str
    after: str


def mark_answer(quote: Quote, question: Question) -> Quote:
    """The quote with marks on what answers; without any where nothing is sure."""
    text = fold(quote.text)
    match question.answer_type:
        case answer_types.AnswerType.NUMBER:
            spans = _figure_asked_for(text, question)
        case answer_types.AnswerType.DATE:
            spans = _chosen(
                text, _cut(text, [match.span() for match in _DATE.regex.finditer(text)]), question
            )
        case answer_types.AnswerType.NAME:
            spans = [match.span() for match in _NAMED.regex.finditer(text)]
        case _:
            spans = []
    fresh = [span for span in spans if text[slice(*span)].strip("《》“”「」") not in question.folded]
    marks = tuple((quote.start + start, quote.start + end) for start, end in fresh)
    return replace(quote, marks=marks) if len(marks) <= _MOST_NAMES else quote


def _figure_asked_for(text: str, question: Question) -> list[tuple[int, int]]:
    """The one figure of the kind asked for with the most evidence; none where two are alike."""
    kind = question.slot.kind
    others = {
        answer_types.SlotKind.SHARE: _SHARE,
        answer_types.SlotKind.RANK: _RANK,
        answer_types.SlotKind.AGE: _AGE,
    }
    if kind in others:
        return _chosen(
            text, _cut(text, [match.span() for match in others[kind].regex.finditer(text)]), question
        )
    all_figures = [match.span() for match in answer_types.FIGURE.regex.finditer(text)]
    asked = [(start, end) for start, end, _ in answer_types.bound_counts(question.slot, text)]
    if kind is answer_types.SlotKind.COUNT:
        asked = [span for span in asked if _counts(text, *span)]
    others_between = [span for span in all_figures if not any(_overlap(span, own) for own in asked)]
    return _chosen(text, _cut(text, asked, others_between), question)


def _counts(text: str, start: int, end: int) -> bool:
    """Whether the span is a count: no year with masked digits, no bare power of ten, no sum of money."""
    behind = text[end:]
    return not (
        _BARE_POWER.regex.search(text[start:end])
        or _MASKED_BEHIND.regex.match(behind)
        or _MONEY_BEHIND.regex.match(behind)
        or text[end - 1 : end] == "%"
    )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _cut(
    text: str, asked: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]] = ()
) -> list[_Figure]:
    """The figures with the words that belong to each; words between two figures belong to the earlier one."""
    spans = sorted((*asked, *others))
    figures = []
    for start, end in asked:
        left = max((other_end for _, other_end in spans if other_end <= start), default=0)
        right = min((other for other, _ in spans if other >= end), default=len(text))
        between = _CLAUSE_MARK.split(text[left:start])
        is_joined = left > 0 and len(between) == 1 and len(between[0]) > 1
        before = "" if is_joined else between[-1]
        range_start = _RANGE.regex.search(text[:start])
        first = range_start.start() if range_start else start
        figures.append(_Figure(first, end, before, _CLAUSE_MARK.split(text[end:right])[0]))
    return figures


def _chosen(text: str, figures: Sequence[_Figure], question: Question) -> list[tuple[int, int]]:
    """The span of the figure with the most evidence, if it has enough and more than any other."""
    if not figures:
        return []
    weights = _weights_of_pairs(question)
    weighed = sorted(
        ((_evidence(text, figure, question, weights), figure) for figure in figures),
        key=lambda pair: -pair[0],
    )
    best, figure = weighed[0]
    if len(weighed) > 1:
        is_sure = best >= _LEAST and best - weighed[1][0] >= _LEAD
    else:
        is_sure = best > 0 or _is_about(text, figure, question, weights)
    return [(figure.start, figure.end)] if is_sure else []


def _evidence(text: str, figure: _Figure, question: Question, weights: Mapping[str, float]) -> float:
    around, slot = f"{figure.before} {figure.after}", question.slot
    beside = sum(_nearness(noun, figure) for noun in slot.nouns) / max(len(slot.nouns), 1)
    has_measure = slot.measure not in _ANY_MEASURE and text[: figure.end].endswith(slot.measure)
    words = sum(weight for pair, weight in weights.items() if pair in around) / max(
        sum(weights.values()), 1.0
    )
    return (
        _OF_NOUN * beside
        + _OF_MEASURE * has_measure
        + _OF_WORDS * words
        + _OF_REACHED * bool(_REACHED.regex.search(text[: figure.start]))
    )


def _nearness(noun: str, figure: _Figure) -> float:
    """1 where the noun stands at the figure, less with every character between, at least a half; 0 without it."""
    behind, ahead = figure.after.find(noun), figure.before.rfind(noun)
    distances = [behind] * (behind >= 0) + [len(figure.before) - ahead - len(noun)] * (ahead >= 0)
    return max(1.0 - _LOST_A_CHARACTER * min(distances), 0.5) if distances else 0.0


def _is_about(text: str, figure: _Figure, question: Question, weights: Mapping[str, float]) -> bool:
    """Whether the sentence has the measure word asked for, a total with its noun, or enough pairs of the question."""
    if question.is_foreign:
        return not weights
    if question.slot.measure not in _ANY_MEASURE:
        return True
    if _TOTAL.regex.search(text[: figure.start]) and any(noun in text for noun in question.slot.nouns):
        return True
    return sum(pair in text for pair in weights) >= _PAIRS_OF_SENTENCE


def _weights_of_pairs(question: Question) -> dict[str, float]:
    """The pairs of characters of the question outside of its places; those of the clause that asks weigh more."""
    if question.is_foreign:
        words = (word.group().removesuffix("s") for word in _ENGLISH_WORD.regex.finditer(question.folded))
        return {_COUNTED_IN_ENGLISH[word]: 1.0 for word in words if word in _COUNTED_IN_ENGLISH}
    masked = list(question.folded)
    for place in question.places:
        masked[place.start : place.end] = " " * (place.end - place.start)
    folded = "".join(masked)
    asks = _ASKS.regex.search(folded)
    weights: dict[str, float] = {}
    offset = 0
    for clause in _CLAUSE_MARK.split(folded):
        weight = _OF_ASKING_CLAUSE if asks and offset <= asks.start() <= offset + len(clause) else 1.0
        for pair in _PAIR.regex.findall(_ASKS.regex.sub(" ", clause)):
            weights[pair] = max(weight, weights.get(pair, 0.0))
        offset += len(clause) + 1
    return weights
