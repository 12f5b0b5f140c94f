"""Answers a question: quotes with their citations, or a refusal with its reason."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from dataclasses import replace

from retrieval.answering.comparison import (
    PlaceAnswers,
    compare_places,
    lacks_a_figure,
    queries_by_place,
    without_passages,
)
from retrieval.answering.drafting import TOP_HITS, draft_closely
from retrieval.answering.overview import overview_of
from retrieval.answering.place_listing import SURE_OF_WORDS, list_places
from retrieval.answering.quote_selection import asks_for_all, choose_quotes
from retrieval.answering.refusals import Draft, refuse
from retrieval.answering.scoping import masks_its_year, positions_within, with_scope
from retrieval.answering.superlatives import rank_places
from retrieval.index import Filter, Index
from retrieval.questions import (
    Query,
    Question,
    corrected_question,
    encode_question,
    question_types,
    read_question,
)
from retrieval.ranking import rank_passages
from retrieval.types import (
    Answer,
    Answered,
    Encoder,
    Hit,
    IntVector,
    PlaceShift,
    QuestionType,
    Quote,
    Refused,
    SmallTalkReply,
    Stages,
)


class Stopwatch:
    """A clock that starts when it is made and adds the time since the last lap to a stage."""

    def __init__(self) -> None:
        self._started = self._lapped = time.perf_counter()
        self._spent: defaultdict[str, float] = defaultdict(float)

    def lap(self, stage: str) -> None:
        """End a stage, named as in `Stages`."""
        now = time.perf_counter()
        self._spent[stage] += (now - self._lapped) * 1000.0
        self._lapped = now

    @property
    def total_ms(self) -> float:
        """Milliseconds since the start."""
        return (time.perf_counter() - self._started) * 1000.0

    @property
    def stages(self) -> Stages:
        """Milliseconds of each stage so far."""
        return Stages(**self._spent)


def answer(text: str, index: Index, encoder: Encoder, *, skip: frozenset[str] = frozenset()) -> Answer:
    """The answer to any message. The ids to skip are of passages that are neither quoted nor hits."""
    watch = Stopwatch()
    typed = read_question(text)
    question = _corrected(typed, index)
    watch.lap("reading")
    scope = question.scope
    if scope is None:
        decided = _answer_question(question, index, encoder, watch, skip)
    else:
        within = positions_within(question, index)
        decided = _answer_scoped(question, within, index, encoder, watch, skip)
    return replace(
        decided,
        question=typed.text,
        read_as=None if question is typed else question.text,
        renamed_places=question.renamed_places,
        took_ms=watch.total_ms,
        stages=watch.stages,
    )


def _corrected(typed: Question, index: Index) -> Question:
    """The question with its spelling corrected, unless that takes away the bulletin that it names (第16期里 is no 七里)."""
    corrected = corrected_question(typed, index)
    return corrected if typed.scope is None or corrected.scope is not None else typed


def _answer_scoped(
    question: Question,
    within: IntVector,
    index: Index,
    encoder: Encoder,
    watch: Stopwatch,
    skip: frozenset[str],
) -> Answer:
    """The answer from the passages within the scope of the question; a refusal if there are none."""
    scope = question.scope
    if scope is None or (not scope.is_part and not scope.excluded):
        rest = read_question(scope.rest) if scope else question
        return _answer_question(rest, index, encoder, watch, skip)
    if len(within):
        answered = _answer_question(read_question(scope.rest), index, encoder, watch, skip, within)
        return with_scope(answered, question, within, index) if isinstance(answered, Answered) else answered
    query = encode_question(question, encoder)
    watch.lap("embedding")
    ranked = rank_passages(index, query)
    hits = ranked.hits(index, TOP_HITS)
    watch.lap("ranking")
    best = choose_quotes(index, query, ranked)[0] if hits else None
    is_dated = scope.date is not None or scope.is_newest
    return Refused(
        question=question.text,
        reason="date_not_covered" if is_dated else "not_found",
        hits=hits,
        masked=best if best and is_dated and masks_its_year(best) else None,
    )


def _answer_question(
    question: Question,
    index: Index,
    encoder: Encoder,
    watch: Stopwatch,
    skip: frozenset[str],
    within: IntVector | None = None,
) -> Answer:
    """The answer from the passages at the positions within, or from all."""
    if question.is_empty and within is None:
        return Refused(question=question.text, reason="not_found")
    query = encode_question(question, encoder)
    watch.lap("embedding")
    ranked = rank_passages(index, query, within)
    if skip:
        ranked = without_passages(index, ranked, skip)
    watch.lap("ranking")
    if question.small_talk:
        hits = ranked.hits(index, TOP_HITS)
        return SmallTalkReply(question=question.text, hits=hits, small_talk=question.small_talk)
    if not skip and (openings := overview_of(question, index, within)):
        return Answered(
            question=question.text,
            quotes=openings,
            hits=ranked.hits(index, TOP_HITS),
            confidence=1.0,
            question_type=QuestionType.OVERVIEW,
        )
    if not len(ranked.ranking.positions):
        return Refused(question=question.text, reason="not_found")
    draft, ranked = draft_closely(index, query, ranked, encoder.extractor)
    watch.lap("extracting" if draft.extracted else "quoting")
    whole = _answer_whole(index, draft)
    watch.lap("quoting")
    by_place = None if skip else rank_places(query, index, ranked, is_answered=isinstance(whole, Answered))
    by_place = by_place or (None if skip else _answer_places(index, encoder, query, watch, within))
    watch.lap("comparing")
    if by_place and question.type is QuestionType.COMPARISON and lacks_a_figure(question, by_place):
        return Refused(
            question=question.text, reason="not_found", hits=draft.hits, confidence=by_place.confidence
        )
    if (
        isinstance(whole, Refused)
        and by_place is None
        and not skip
        and question_types.asks_where(question.folded, question.places)
    ):
        by_place = _where_it_stands(query, index, within)
    return _answered_by_place(whole, by_place, question.type) if by_place else whole


def _answer_whole(index: Index, draft: Draft) -> Answered | Refused:
    """The answer to the question as one, whichever places it names."""
    question = draft.question
    return refuse(draft) or Answered(
        question=question.text,
        quotes=draft.quotes,
        hits=draft.hits,
        confidence=draft.answerability,
        uncovered_places=draft.uncovered_places,
        place_shift=_place_shift(index, question, draft.quotes[0]),
        is_set=asks_for_all(question),
    )


def _place_shift(index: Index, question: Question, quote: Quote) -> PlaceShift | None:
    """The shift from the one place of the question to that of the quote; None if it names several."""
    if len(question.places) != 1 or quote.passage.place is None:
        return None
    return index.place_index.shift_from(question.places[0], question.place_names[0], quote.passage.place)


def _answer_places(
    index: Index, encoder: Encoder, query: Query, watch: Stopwatch, within: IntVector | None
) -> PlaceAnswers | None:
    """The answers of a comparison or a coverage by place; None for another question, or if no place has an answer."""
    if query.question.type is QuestionType.COVERAGE:
        return list_places(query, index, within)
    if query.question.type is not QuestionType.COMPARISON:
        return None
    by_place = queries_by_place(query.question, index, encoder)
    watch.lap("embedding")
    return compare_places(query, by_place, index, encoder.extractor)


def _where_it_stands(query: Query, index: Index, within: IntVector | None) -> PlaceAnswers | None:
    """The places whose passages hold the words of a question for a place that nothing else answers."""
    listed = list_places(query, index, within)
    return listed if listed and listed.confidence >= SURE_OF_WORDS else None


def _answered_by_place(
    whole: Answered | Refused, by_place: PlaceAnswers, question_type: QuestionType
) -> Answered:
    """The quotes of the places in place of those of the whole question; for a coverage, its hits come first."""
    return Answered(
        question=whole.question,
        quotes=by_place.quotes,
        hits=_merged_hits(by_place.hits, whole.hits),
        confidence=by_place.confidence,
        question_type=question_type,
        by_place=by_place.places,
        uncovered_places=whole.uncovered_places,
        figure_order=by_place.figure_order,
    )


def _merged_hits(first: tuple[Hit, ...], others: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The first hits, then the others, ten in all and ranked anew; no score above the one before it."""
    known = {hit.passage.passage_id for hit in first}
    hits = [*first, *(hit for hit in others if hit.passage.passage_id not in known)][:TOP_HITS]
    scores = itertools.accumulate((hit.score for hit in hits), min)
    return tuple(
        Hit(hit.passage, score, rank) for rank, (hit, score) in enumerate(zip(hits, scores, strict=True), 1)
    )


def search(
    text: str, index: Index, encoder: Encoder, *, only: Filter | None = None, top_k: int = TOP_HITS
) -> tuple[Hit, ...]:
    """The passages nearest to the words that pass the filter, best first; empty for a text without words."""
    question = read_question(text)
    passing = (only or Filter()).positions(index)
    if question.is_empty or not len(passing):
        return ()
    query = encode_question(question, encoder)
    return rank_passages(index, query, passing, most=top_k).hits(index, top_k)
