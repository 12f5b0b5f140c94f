"""Place by place: each place of the question with its own quotes under its own confidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.answering.confidence import THRESHOLD, confidence, gather_evidence
from retrieval.answering.quote_selection import choose_quotes
from retrieval.index import Index
from retrieval.places import PlaceMention, find_places
from retrieval.questions import Query, Question, question_types, read_question
from retrieval.ranking import Ranked, rank_passages
from retrieval.top_k import Ranking
from retrieval.types import Encoder, Hit, IntVector, PlaceAnswer, Quote

QUOTES_OF_A_PLACE = 2
QUOTES_OF_ALL_PLACES = 8
MOST_PLACES = 8
"""Of one question: each is embedded by itself, so that a list of a hundred places would hold up everybody for seconds."""
_CLAUSE = re.compile(r"[^,,。;;::!!??、\n]+[,,。;;::!!??、\n]*")
_WORDS_BETWEEN = re.compile(r"[^\s\W和跟与同及]")
# What is left between places once all but one are gone: 「北京、和重慶」 must not become 「、和重慶」.
_LINK_BEFORE = re.compile(r"(?:和|跟|与|同|及|以及|还有|或|、|/|&|vs\.?|\band|\bor)\s*$")
_LINK_AFTER = re.compile(r"^\s*(?:和|跟|与|同|及|以及|还有|或|、|/|&|vs\.?|and\b|or\b)\s*")


@dataclass(frozen=True, slots=True)
class PlaceAnswers:
    """How each place stands, in the order shown; `confidence` is that of the surest place."""

    places: tuple[PlaceAnswer, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    """The passages that were counted, best first; empty where none were."""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return tuple(quote for place in self.places for quote in place.quotes)


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A question put to one of its places alone."""

    place: PlaceMention
    query: Query


def queries_by_place(question: Question, index: Index, encoder: Encoder) -> tuple[PlaceQuery, ...]:
    """The question put to each of its places, embedded together; none unless it is about several."""
    places = question_types.apart(question.places)[:MOST_PLACES]
    covered = [place for place in places if index.place_index.covers(place)]
    is_linked = _are_linked(question, places)
    if len(covered) < 2 and not (covered and is_linked):
        return ()
    asked = places if is_linked else tuple(covered)
    texts = [text_for(question, place) for place in asked]
    encoding = encoder.encode_queries(texts)
    vectors = zip(encoding.vectors, encoding.tokens, encoding.spans, strict=True)
    return tuple(
        PlaceQuery(place, Query(read_question(text), *found))
        for place, text, found in zip(asked, texts, vectors, strict=True)
    )


def compare_places(query: Query, by_place: Sequence[PlaceQuery], index: Index) -> PlaceAnswers | None:
    """The places of the question side by side; None unless it is about several and one of them is answered.

    A question without places is about all that are covered: those that answer are kept, best first.
    """
    if not query.question.places:
        return _compare_all(query, index)
    found = [
        _answer_place(
            index,
            asked.query,
            _shown(query.question, asked.place),
            index.place_index.positions_for(asked.place),
        )
        for asked in by_place
    ]
    return _comparison([place for place, _ in found], max(sure for _, sure in found)) if found else None


def _compare_all(query: Query, index: Index) -> PlaceAnswers | None:
    ranked = rank_passages(index, query)
    found = []
    near = {index.passages[spot].place_name for spot in ranked.ranking.positions.tolist()}
    for place in index.places:
        if place.name not in near:  # nothing of it is among the candidates
            continue
        mentions = find_places(place.name)
        positions = index.place_index.positions_for(mentions[-1]) if mentions else np.zeros(0, np.int64)
        own = [
            spot
            for spot in np.intersect1d(positions, ranked.ranking.positions).tolist()
            if index.passages[spot].place_name == place.name
        ]
        found.append(_answer_among(index, query, ranked, place.name, np.asarray(own, np.int64)))
    best_first = sorted((pair for pair in found if pair[0].quotes), key=lambda pair: -pair[1])
    kept = [replace(place, quotes=place.quotes[:1]) for place, _ in best_first[:QUOTES_OF_ALL_PLACES]]
    return _comparison(kept, best_first[0][1]) if len(kept) > 1 else None


def _comparison(places: Sequence[PlaceAnswer], sure: float) -> PlaceAnswers | None:
    found = PlaceAnswers(tuple(places), sure)
    return found if found.quotes else None


def _are_linked(question: Question, places: Sequence[PlaceMention]) -> bool:
    return question_types.is_about_several(question.folded, places)


def _shown(question: Question, place: PlaceMention) -> str:
    return question.text[place.start : place.end]


def text_for(question: Question, place: PlaceMention) -> str:
    """The folded question as if it named this place alone; clauses about other places only are left out."""
    named = {span: _places_in(question, span) for span in _clauses(question)}
    has_own = any(_only(found, place) for found in named.values())
    parts = []
    for span, found in named.items():
        if found and has_own and not any(other.code == place.code for other in found):
            continue
        parts.append(_with_only(question.folded, span, found, place))
    return "".join(parts).strip() or question.folded


def _clauses(question: Question) -> Iterator[tuple[int, int]]:
    """The spans of the clauses; a place alone before a 「、」 belongs to what follows."""
    start = 0
    for clause in _CLAUSE.finditer(question.folded):
        span = (start, clause.end())
        inside = _places_in(question, span)
        rest = question_types.without_places(question.folded[: span[1]], inside)[start:]
        if clause.end() == len(question.folded) or not inside or _WORDS_BETWEEN.search(rest):
            yield span
            start = clause.end()


def _places_in(question: Question, span: tuple[int, int]) -> list[PlaceMention]:
    return [place for place in question.places if span[0] <= place.start < span[1]]


def _only(found: Sequence[PlaceMention], place: PlaceMention) -> bool:
    return bool(found) and all(other.code == place.code for other in found)


def _with_only(folded: str, span: tuple[int, int], found: Sequence[PlaceMention], place: PlaceMention) -> str:
    """The clause with the first of its places turned into this one, and the others taken out with their links."""
    if not found or _only(found, place):
        return folded[span[0] : span[1]]
    name = folded[place.start : place.end]
    text = folded[span[0] : found[0].start] + name
    for left, right in zip(found, [*found[1:], None], strict=True):
        gap = folded[left.end : right.start if right else span[1]]
        gap = _LINK_AFTER.sub("", gap) if right or left is not found[0] else gap
        text += _LINK_BEFORE.sub("", gap) if right else gap
    return text


def _answer_place(index: Index, query: Query, name: str, positions: IntVector) -> tuple[PlaceAnswer, float]:
    """The best quotes of the passages at the positions, judged among all candidates."""
    if not len(positions):
        return PlaceAnswer(name, ()), 0.0
    ranked = rank_passages(index, query, also=positions)
    return _answer_among(index, query, ranked, name, positions)


def _answer_among(
    index: Index, query: Query, ranked: Ranked, name: str, positions: IntVector
) -> tuple[PlaceAnswer, float]:
    own = only_at(ranked, positions)
    if not len(own.ranking.positions):
        return PlaceAnswer(name, ()), 0.0
    quotes = choose_quotes(index, query, own, QUOTES_OF_A_PLACE)
    sure = confidence(gather_evidence(index, query, ranked, quotes[0]))
    return PlaceAnswer(name, quotes if sure >= THRESHOLD else ()), sure


def only_at(ranked: Ranked, positions: IntVector) -> Ranked:
    """The ranking without the passages that stand elsewhere; scores are those among all."""
    kept = np.isin(ranked.ranking.positions, positions)
    return replace(
        ranked,
        ranking=Ranking(ranked.ranking.positions[kept], ranked.ranking.scores[kept]),
        features={name: values[kept] for name, values in ranked.features.items()},
    )


def without_passages(index: Index, ranked: Ranked, passage_ids: frozenset[str]) -> Ranked:
    """The ranking without the passages of these ids."""
    found = ranked.ranking.positions
    kept = [spot for spot in found if index.passages[spot].passage_id not in passage_ids]
    return only_at(ranked, np.asarray(kept, np.int64))
