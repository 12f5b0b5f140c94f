"""Superlatives over places: the figures that stand with one noun or near the question, largest or smallest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.answering.comparison import MOST_PLACES, PlaceAnswers
from retrieval.index import Index
from retrieval.language import Pattern, segmentation
from retrieval.questions import Query, Question, answer_types
from retrieval.ranking import Ranked, sentence_nearness
from retrieval.types import FigureOrder, PlaceAnswer, Quote

_WHICH_PLACE = Pattern(
    re.compile(
        r"(?:哪|边)(?:一|两|几|啲)?(?:个|座|些|家)?(?:地方|城市|省份?|市|区|县|地区)|哪里|哪儿|边度"
        r"|\bwhich (?:place|city|province|town|county)\b(?: (?:has|had|have|got|is|was))?(?: the)?"
        r"|\bwhere (?:is|are|was|were)(?: the)?"
    ),
    example="哪个城市的志愿者最多",
    counterexample="哪个项目得奖最多",
)
_MOST = Pattern(
    re.compile(
        r"最(?:为)?(?P<end>多|少|大|小|高|低|贵|便宜|长|短|久|早|晚)"
        r"|\b(?:the )?(?P<english>most|fewest|least|largest|biggest|highest|smallest|lowest|longest|shortest|earliest)\b"
    ),
    example="志愿者最多",
    counterexample="最近",
)
_SMALLEST = frozenset(
    ("少", "小", "低", "便宜", "短", "早", "fewest", "least", "smallest", "lowest", "shortest", "earliest")
)
_FRAME = Pattern(
    re.compile(
        r"[的嘅](?:是|系|喺|在|有)|[,。??!!]|^[的嘅]|[的嘅]$|(?:数量|人数|规模|总数)$|^(?:请问|在|喺|从)"
    ),
    example="志愿者的是",
    counterexample="志愿者",
)
# The figure asked for, by words of the question: money, people, a time. Otherwise any count.
_MONEY = Pattern(re.compile(r"[钱费贵价薪]|便宜|资金|奖金|补贴|彩礼|收入"), "学费最贵", "学生最多")
_PEOPLE = Pattern(re.compile(r"[人员]|志愿者|people|volunteers"), "人数最多", "广场最多")
_EARLY = Pattern(re.compile(r"最[早晚]|earliest"), "开通最早", "最多")
_LONG = Pattern(re.compile(r"最[久]|longest"), "守得最久", "最多")
_YEAR = Pattern(re.compile(r"(?:19|20)\d\d(?=年)"), "2016年开通", "20xx年")
_DURATION = Pattern(
    re.compile(r"[\d.一二三四五六七八九十百两]+(?=多?(?:年(?!级|度|代)|个月|天|个?小时|分钟))"),
    "守了21年",
    "3次",
)
# Measure words of one measure: 300名 and 1200人 are compared, 300名 and 1200人次 are not.
_UNITS = {"名": "人", "位": "人", "家": "所", "座": "所", "间": "所", "个": "所", "块": "元"}
_NEAR = 0.5
"""The least nearness of a sentence whose figure is compared."""
_FEWEST_WORDS = 0.5
"""Share of the words of the question that stand in the clause of such a figure."""
_OF_WORDS = 0.5
"""Added to the nearness of a sentence for the share of the words of the question that stand in the clause of the figure."""
_NEAR_AND_BOUND = _NEAR + _OF_WORDS
_FEWEST = 2
"""Places that a comparison of such figures needs."""
_PASSAGES_READ = 500


@dataclass(frozen=True, slots=True)
class _Superlative:
    """The measure and the things that a question compares."""

    nouns: tuple[str, ...]
    is_smallest: bool
    slot: answer_types.AskedSlot
    form: Pattern | None
    """The form of the figure, where it is a time."""


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a place, with the sentence in which it stands."""

    place: str
    value: float
    unit: str
    """The measure word, or the one that stands for its measure."""
    score: float
    """The nearness of the sentence to the question, and the share of it that stands beside the figure."""
    quote: Quote


def parse_superlative(question: Question) -> _Superlative | None:
    """The comparison of a question for the place with the most or the least; None for another question."""
    folded = question.folded
    most, place = _MOST.regex.search(folded), _WHICH_PLACE.regex.search(folded)
    if most is None or place is None or question.places:
        return None
    rest = _MOST.regex.sub(" ", _WHICH_PLACE.regex.sub(" ", folded)).strip()
    rest = _FRAME.regex.sub(" ", _FRAME.regex.sub(" ", rest).strip()).strip()
    nouns = tuple(dict.fromkeys(segmentation.content_words(rest))) or ((rest,) if rest else ())
    is_smallest = (most["end"] or most["english"]) in _SMALLEST
    return _Superlative(nouns, is_smallest, *_figure_asked(folded, nouns)) if nouns else None


def _figure_asked(folded: str, nouns: tuple[str, ...]) -> tuple[answer_types.AskedSlot, Pattern | None]:
    count = answer_types.AskedSlot(answer_types.SlotKind.COUNT, "", nouns)
    if _EARLY.regex.search(folded):
        return count, _YEAR
    if _LONG.regex.search(folded):
        return count, _DURATION
    if _MONEY.regex.search(folded):
        return answer_types.AskedSlot(answer_types.SlotKind.MONEY, "", nouns), None
    measure = "人" if _PEOPLE.regex.search(folded) else ""
    return answer_types.AskedSlot(answer_types.SlotKind.COUNT, measure, nouns), None


def rank_places(query: Query, index: Index, ranked: Ranked, *, is_answered: bool) -> PlaceAnswers | None:
    """The places with a figure that answers the superlative, in its order; None for another question or without any.

    A figure counts that stands in one clause with all words of the noun; where that is so of no place, one that stands
    with half of them in a sentence near to the question, if two places have such a figure.
    A single place is enough where the question has no answer else.
    """
    asked = parse_superlative(query.question)
    if asked is None:
        return None
    figures = list(_figures(asked, query, index, ranked))
    bound = [figure for figure in figures if figure.score >= _NEAR_AND_BOUND]
    places = _in_order(asked, bound, _FEWEST if is_answered else 1) or _in_order(asked, figures, _FEWEST)
    order = FigureOrder.SMALLEST_FIRST if asked.is_smallest else FigureOrder.LARGEST_FIRST
    return PlaceAnswers(places, 1.0, figure_order=order) if places else None


def _in_order(asked: _Superlative, figures: Sequence[_Figure], fewest: int) -> tuple[PlaceAnswer, ...]:
    """The places by their figures of the unit of the nearest one; none if there are fewer than the fewest."""
    if not figures:
        return ()
    nearest = max(figures, key=lambda figure: figure.score)
    best: dict[str, _Figure] = {}
    for figure in figures:
        known = best.get(figure.place)
        if figure.unit == nearest.unit and (known is None or figure.score > known.score):
            best[figure.place] = figure
    ordered = sorted(best.values(), key=lambda figure: figure.value, reverse=not asked.is_smallest)
    if len(ordered) < fewest:
        return ()
    return tuple(PlaceAnswer(figure.place, (figure.quote,)) for figure in ordered[:MOST_PLACES])


def _figures(asked: _Superlative, query: Query, index: Index, ranked: Ranked) -> Iterator[_Figure]:
    """The figures in sentences near to the question, or in one clause with its words, of passages about a place."""
    positions = ranked.ranking.positions[:_PASSAGES_READ]
    for position, nearness in sentence_nearness(index, query, positions).items():
        passage, text = index.passages[position], index.folded_texts[position]
        spans = index.spans[index.sentence_rows(position)].tolist() if passage.place_name else []
        for (start, end), near in zip(spans, nearness.tolist(), strict=bool(spans)):
            for left, right in _spans(asked, text[start:end]):
                value = answer_types.value_of(text[start + left : start + right])
                clause = answer_types.clause_around(text[start:end], left, right)
                held = sum(noun in clause for noun in asked.nouns) / len(asked.nouns)
                if value is not None and (held == 1.0 or (near >= _NEAR and held >= _FEWEST_WORDS)):
                    score = max(near, _NEAR if held == 1.0 else 0.0) + _OF_WORDS * held
                    marks = ((start + left, start + right),)
                    quote = Quote(passage, start, end, score, marks)
                    unit = _UNITS.get(text[start + right - 1], text[start + right - 1])
                    unit = unit if asked.form is None else ""
                    yield _Figure(passage.place_name or "", value, unit, score, quote)


def _spans(asked: _Superlative, sentence: str) -> list[tuple[int, int]]:
    if asked.form:
        return [match.span() for match in asked.form.regex.finditer(sentence)]
    return [(left, right) for left, right, _ in answer_types.bound_counts(asked.slot, sentence)]
