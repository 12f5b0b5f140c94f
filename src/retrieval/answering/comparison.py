"""Answers a question place by place: each place has its own quotes under its own confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.answering.answerability import is_answerable
from retrieval.answering.confidence import THRESHOLD, confidence, gather_evidence
from retrieval.answering.extraction import extract_answers
from retrieval.answering.quote_selection import choose_quotes
from retrieval.index import Index
from retrieval.language import Pattern, fold
from retrieval.places import PlaceMention, find_places
from retrieval.questions import (
    Query,
    Question,
    answer_types,
    encode_questions,
    question_types,
    read_question,
)
from retrieval.ranking import Ranked, rank_passages
from retrieval.top_k import Ranking
from retrieval.types import Encoder, Extractor, FigureOrder, Hit, IntVector, PlaceAnswer, Quote

QUOTES_OF_A_PLACE = 2
QUOTES_OF_ALL_PLACES = 8
MOST_PLACES = 8
"""Places of one question that are answered: each is embedded by itself, and a hundred would hold up everybody for seconds."""
_WHICH_HAS_MORE = Pattern(
    re.compile(
        r"(?:哪|谁|边)[^,。?]{0,12}(?:更|比较|最)?(?:多|少|大|高|低)(?!少)(?:些|一点)?[\s\W呢啊吗的]*\Z"
        r"|\b(?:more|fewer|less|larger|higher)\b.* than\b"
    ),
    example="北京和南京哪个评出的人更多?",
    counterexample="北京和南京各评出多少人?",
)
_CLAUSE = re.compile(r"[^,,。;;::!!??、\n]+[,,。;;::!!??、\n]*")
_WORDS_BETWEEN = Pattern(re.compile(r"[^\s\W和跟与同及]"), example=" 请教授、", counterexample=" 和 、")
# Links that are left between places once all but one are removed: 「北京、和重慶」 must not become 「、和重慶」.
_LINK_BEFORE = Pattern(
    re.compile(r"(?:和|跟|与|同|及|以及|还有|或|、|/|&|vs\.?|\band|\bor)\s*$"),
    example="、",
    counterexample="的好人",
)
_LINK_AFTER = Pattern(
    re.compile(r"^\s*(?:和|跟|与|同|及|以及|还有|或|、|/|&|vs\.?|and\b|or\b)\s*"),
    example=" 和 ",
    counterexample="的好人和志愿者",
)


@dataclass(frozen=True, slots=True)
class PlaceAnswers:
    """The answers for each place, in the order shown; `confidence` is that of the surest place."""

    places: tuple[PlaceAnswer, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    """The passages that were counted, best first; empty if none were counted."""
    figure_order: FigureOrder | None = None
    """The order of the places by their figures; None if they are in another."""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for place in self.places for quote in place.quotes)


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A question put to one of its places alone."""

    place: PlaceMention
    query: Query


def queries_by_place(question: Question, index: Index, encoder: Encoder) -> tuple[PlaceQuery, ...]:
    """The question put to each of its places, embedded together; empty unless it is about several."""
    places = question.distinct_places[:MOST_PLACES]
    covered = tuple(place for place in places if index.place_index.covers(place))
    is_linked = question_types.is_about_several(question.folded, places)
    if len(covered) < 2 and not (covered and is_linked):
        return ()
    asked = places if is_linked else covered
    queries = encode_questions([read_question(text_for(question, place)) for place in asked], encoder)
    return tuple(PlaceQuery(place, query) for place, query in zip(asked, queries, strict=True))


def compare_places(
    query: Query, by_place: Sequence[PlaceQuery], index: Index, extractor: Extractor | None
) -> PlaceAnswers | None:
    """The answers for the places of the question; None unless it is about several and one of them is answered.

    A place without an answer has no quotes.
    A question without places is about all covered ones: those with an answer, best first.
    """
    if not query.question.places:
        return _compare_all(query, index)
    if not by_place:
        return None
    answers = [
        _answer_place(
            index,
            asked.query,
            query.question.text[asked.place.start : asked.place.end],
            index.place_index.positions_for(asked.place),
            extractor,
        )
        for asked in by_place
    ]
    return _answered_any([place for place, _ in answers], max(surest for _, surest in answers))


def lacks_a_figure(question: Question, answers: PlaceAnswers) -> bool:
    """Whether the question asks which place has more, and the quotes of one hold no figure: then nobody can tell."""
    if not _WHICH_HAS_MORE.regex.search(question.folded):
        return False
    texts = (" ".join(fold(quote.text) for quote in place.quotes) for place in answers.places)
    return not all(answer_types.FIGURE.regex.search(text) for text in texts)


def _compare_all(query: Query, index: Index) -> PlaceAnswers | None:
    ranked = rank_passages(index, query)
    answers = []
    ranked_places = {index.passages[position].place_name for position in ranked.ranking.positions.tolist()}
    for place in index.places:
        if place.name not in ranked_places:
            continue
        mentions = find_places(place.name)
        positions = index.place_index.positions_for(mentions[-1]) if mentions else np.zeros(0, np.int64)
        own = [
            position
            for position in np.intersect1d(positions, ranked.ranking.positions).tolist()
            if index.passages[position].place_name == place.name
        ]
        answers.append(_answer_among(index, query, ranked, place.name, np.asarray(own, np.int64)))
    best_first = sorted((answer for answer in answers if answer[0].quotes), key=lambda answer: -answer[1])
    shown = [replace(place, quotes=place.quotes[:1]) for place, _ in best_first[:QUOTES_OF_ALL_PLACES]]
    return _answered_any(shown, best_first[0][1]) if len(shown) > 1 else None


def _answered_any(places: Sequence[PlaceAnswer], surest: float) -> PlaceAnswers | None:
    answers = PlaceAnswers(tuple(places), surest)
    return answers if answers.quotes else None


def text_for(question: Question, place: PlaceMention) -> str:
    """The folded question as if it named this place alone; clauses about other places only are left out."""
    places_of_clauses = {span: _places_in(question, span) for span in _clauses(question)}
    has_own = any(_only(places, place) for places in places_of_clauses.values())
    parts = []
    for span, places in places_of_clauses.items():
        if places and has_own and not any(other.code == place.code for other in places):
            continue
        parts.append(_with_only(question.folded, span, places, place))
    return "".join(parts).strip() or question.folded


def _clauses(question: Question) -> Iterator[tuple[int, int]]:
    """The spans of the clauses; a place alone before a 「、」 belongs to the clause after it."""
    start = 0
    for clause in _CLAUSE.finditer(question.folded):
        span = (start, clause.end())
        inside = _places_in(question, span)
        rest = question_types.without_places(question.folded[: span[1]], inside)[start:]
        if clause.end() == len(question.folded) or not inside or _WORDS_BETWEEN.regex.search(rest):
            yield span
            start = clause.end()


def _places_in(question: Question, span: tuple[int, int]) -> list[PlaceMention]:
    return [place for place in question.places if span[0] <= place.start < span[1]]


def _only(places: Sequence[PlaceMention], place: PlaceMention) -> bool:
    return bool(places) and all(other.code == place.code for other in places)


def _with_only(
    folded: str, span: tuple[int, int], places: Sequence[PlaceMention], place: PlaceMention
) -> str:
    """The clause with this place in place of its first one; its other places are removed with their links."""
    if not places or _only(places, place):
        return folded[span[0] : span[1]]
    name = folded[place.start : place.end]
    text = folded[span[0] : places[0].start] + name
    for left, right in zip(places, [*places[1:], None], strict=True):
        gap = folded[left.end : right.start if right else span[1]]
        gap = _LINK_AFTER.regex.sub("", gap) if right or left is not places[0] else gap
        text += _LINK_BEFORE.regex.sub("", gap) if right else gap
    return text


def _answer_place(
    index: Index, query: Query, name: str, positions: IntVector, extractor: Extractor | None
) -> tuple[PlaceAnswer, float]:
    """The best quotes of the passages at the positions, with their confidence among all candidates.

    Where a figure, a date or the like is asked for, the extractor reads them: a place whose passages do not say it has no quotes.
    """
    if not len(positions):
        return PlaceAnswer(name, ()), 0.0
    ranked = rank_passages(index, query, also=positions)
    reader = extractor if query.question.answer_pattern else None
    return _answer_among(index, query, ranked, name, positions, reader)


def _answer_among(
    index: Index,
    query: Query,
    ranked: Ranked,
    name: str,
    positions: IntVector,
    extractor: Extractor | None = None,
) -> tuple[PlaceAnswer, float]:
    own = only_at(ranked, positions)
    if not len(own.ranking.positions):
        return PlaceAnswer(name, ()), 0.0
    extracted = extract_answers(index, query.question, own, extractor)
    quotes = choose_quotes(index, query, own, QUOTES_OF_A_PLACE, extracted)
    probability = confidence(gather_evidence(index, query, ranked, quotes[0]))
    is_answered = probability >= THRESHOLD and (not extracted or is_answerable(probability, extracted))
    return PlaceAnswer(name, quotes if is_answered else ()), probability


def only_at(ranked: Ranked, positions: IntVector) -> Ranked:
    """The ranking of the passages at these positions alone; scores are those among all."""
    is_at = np.isin(ranked.ranking.positions, positions)
    return replace(
        ranked,
        ranking=Ranking(ranked.ranking.positions[is_at], ranked.ranking.scores[is_at]),
        features={name: values[is_at] for name, values in ranked.features.items()},
    )


def without_passages(index: Index, ranked: Ranked, passage_ids: frozenset[str]) -> Ranked:
    """The ranking without the passages of these ids."""
    others = [
        position
        for position in ranked.ranking.positions
        if index.passages[position].passage_id not in passage_ids
    ]
    return only_at(ranked, np.asarray(others, np.int64))
