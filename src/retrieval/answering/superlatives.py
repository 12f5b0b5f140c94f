"""Superlatives over places: the figures that stand with one noun, largest or smallest first."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from retrieval.answering.comparison import MOST_PLACES, PlaceAnswers
from retrieval.index import Index
from retrieval.language import Pattern
from retrieval.questions import Question, answer_types
from retrieval.types import IntVector, PlaceAnswer, Quote

_WHICH_MOST = Pattern(
    re.compile(
        r"哪(?:一|两|几)?(?:个|座|些|里)?(?:地方|城市|省份?|市|区|县|地区|单位)?的?(?P<noun>[^\W]{2,12}?)(?:数量?|人数|规模)?最(?P<end>[多少大小高低])"
        r"|\bwhich (?:place|city|province) has the (?P<most>most|fewest) (?P<things>[\w ]+)"
    ),
    example="哪个城市的志愿者最多",
    counterexample="最多的城市",
)
_SMALLEST = frozenset(("少", "小", "低", "fewest"))
_PASSAGES_READ = 500


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a place, with the sentence in which it stands."""

    place: str
    value: float
    quote: Quote


def rank_places(question: Question, index: Index, within: IntVector) -> PlaceAnswers | None:
    """The places with a figure beside the noun of the superlative, in its order; None for another question or without any."""
    match = _WHICH_MOST.regex.search(question.folded)
    slot = answer_types.count_slot(match["noun"] or match["things"]) if match else None
    if match is None or slot is None:
        return None
    is_smallest = (match["end"] or match["most"]) in _SMALLEST
    best: dict[str, _Figure] = {}
    for figure in _figures(slot, index, within):
        known = best.get(figure.place)
        if known is None or (figure.value < known.value) == is_smallest:
            best[figure.place] = figure
    ordered = sorted(best.values(), key=lambda figure: figure.value, reverse=not is_smallest)[:MOST_PLACES]
    places = tuple(PlaceAnswer(figure.place, (figure.quote,)) for figure in ordered)
    return PlaceAnswers(places, 1.0) if places else None


def _figures(slot: answer_types.AskedSlot, index: Index, within: IntVector) -> list[_Figure]:
    """Every figure in one clause with the noun, of passages about a place."""
    holding = [index.folded_texts.holding(noun) for noun in slot.nouns]
    positions = np.intersect1d(np.unique(np.concatenate(holding)), within)[:_PASSAGES_READ]
    figures = []
    for position in positions.tolist():
        passage, text = index.passages[position], index.folded_texts[position]
        for row in index.sentence_rows(position) if passage.place_name else ():
            start, end = (int(edge) for edge in index.spans[row])
            for left, right, _ in answer_types.bound_counts(slot, text[start:end]):
                value = answer_types.value_of(text[start + left : start + right])
                clause = answer_types.clause_around(text[start:end], left, right)
                if value is not None and all(noun in clause for noun in slot.nouns):
                    marks = ((start + left, start + right),)
                    figures.append(
                        _Figure(passage.place_name or "", value, Quote(passage, start, end, 1.0, marks))
                    )
    return figures
