"""A question to an answer: quotes with their citations, or a refusal with its reason."""

from __future__ import annotations

import itertools
from dataclasses import replace

from retrieval.answering.comparison import PlaceAnswers, compare_places, queries_by_place, without_passages
from retrieval.answering.confidence import confidence, gather_evidence
from retrieval.answering.place_listing import list_places
from retrieval.answering.quote_selection import choose_quotes
from retrieval.answering.refusals import RefusalInput, masked_quote, reason_to_refuse, said_elsewhere
from retrieval.answering.timing import Stopwatch
from retrieval.index import EVERYTHING, Filter, Index
from retrieval.questions import (
    Query,
    Question,
    encode_question,
    read_question,
    small_talk,
    spelling_correction,
)
from retrieval.ranking import rank_passages
from retrieval.types import Answer, Encoder, Hit, PlaceShift, QuestionType, Quote, Reason

TOP_HITS = 10
_NOT_YET = 0.0  # `answer` tells how long it took, once it is whole


def answer(text: str, index: Index, encoder: Encoder, *, skip: frozenset[str] = frozenset()) -> Answer:
    """The answer to what a person wrote, whatever it is; hits (at most 10) come with a refusal too.

    Passages whose ids are to be skipped are neither quoted nor hit: that is how a person is told more.
    """
    watch = Stopwatch()
    typed = read_question(text)
    question = _mended(typed, index)
    watch.lap("reading")
    found = _answer_question(question, index, encoder, watch, skip)
    timed = replace(found, took_ms=watch.total_ms, stages=watch.stages)
    return timed if question is typed else replace(timed, question=typed.text, read_as=question.text)


def _mended(typed: Question, index: Index) -> Question:
    """The question with its spelling mended; the very same one where nothing was."""
    if typed.is_empty or typed.kind is QuestionType.SMALL_TALK:
        return typed
    text = spelling_correction.correct_spelling(typed, spelling_correction.vocabulary_of(index))
    return typed if text == typed.text else read_question(text)


def _answer_question(
    question: Question, index: Index, encoder: Encoder, watch: Stopwatch, skip: frozenset[str]
) -> Answer:
    if question.is_empty:
        return _without_hits(question, "not_found")
    query = encode_question(question, encoder)
    watch.lap("embedding")
    whole = _answer_query(index, query, watch, skip)
    if question.kind is QuestionType.SMALL_TALK:
        return _as_small_talk(question, whole)
    found = None if skip else _answer_places(question, index, encoder, query, watch)
    watch.lap("comparing")
    return _by_place(whole, found, question.kind) if found else whole


def _answer_places(
    question: Question, index: Index, encoder: Encoder, query: Query, watch: Stopwatch
) -> PlaceAnswers | None:
    if question.kind is QuestionType.COVERAGE:
        return list_places(query, index)
    if question.kind is not QuestionType.COMPARISON:
        return None
    by_place = queries_by_place(question, index, encoder)
    watch.lap("embedding")
    return compare_places(query, by_place, index)


def _by_place(whole: Answer, found: PlaceAnswers, kind: QuestionType) -> Answer:
    """The answer to the whole question, its quotes (and for a coverage its hits) replaced by those of the places."""
    return replace(
        whole,
        kind=kind,
        status="answered",
        reason=None,
        confidence=found.confidence,
        quotes=found.quotes,
        hits=_first(found.hits, whole.hits),
        by_place=found.places,
    )


def _as_small_talk(question: Question, whole: Answer) -> Answer:
    """A refusal in which no reason is said: what was written asks nothing."""
    talk = small_talk(question.folded)
    return replace(
        whole,
        kind=QuestionType.SMALL_TALK,
        small_talk=talk,
        status="refused",
        reason="out_of_scope",
        confidence=0.0,
        quotes=(),
    )


def _first(found: tuple[Hit, ...], others: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The hits found, then the others, ten in all and ranked anew; no score above the one before it."""
    known = {hit.passage.passage_id for hit in found}
    hits = [*found, *(hit for hit in others if hit.passage.passage_id not in known)][:TOP_HITS]
    scores = itertools.accumulate((hit.score for hit in hits), min)
    return tuple(
        Hit(hit.passage, score, rank) for rank, (hit, score) in enumerate(zip(hits, scores, strict=True), 1)
    )


def search(
    text: str, index: Index, encoder: Encoder, *, only: Filter = EVERYTHING, top_k: int = TOP_HITS
) -> tuple[Hit, ...]:
    """The passages nearest to the words that pass the filter, best first; none for a text without words."""
    question = read_question(text)
    passing = only.positions(index)
    if question.is_empty or not len(passing):
        return ()
    query = encode_question(question, encoder)
    return rank_passages(index, query, passing, most=top_k).hits(index, top_k)


def _answer_query(index: Index, query: Query, watch: Stopwatch, skip: frozenset[str]) -> Answer:
    ranked = rank_passages(index, query)
    if skip:
        ranked = without_passages(index, ranked, skip)
    watch.lap("ranking")
    if not len(ranked.ranking.positions):
        return _without_hits(query.question, "not_found")
    quotes = choose_quotes(index, query, ranked)
    evidence = gather_evidence(index, query, ranked, quotes[0])
    sure = confidence(evidence)
    uncovered = _uncovered_places(index, query.question)
    found = RefusalInput(quotes, evidence, sure, uncovered)
    reason = reason_to_refuse(query.question, found)
    watch.lap("quoting")
    return Answer(
        question=query.question.text,
        status="refused" if reason else "answered",
        reason=reason,
        confidence=sure,
        quotes=() if reason else quotes,
        hits=ranked.hits(index, TOP_HITS),
        took_ms=_NOT_YET,
        uncovered_places=uncovered,
        masked=masked_quote(query.question, quotes) if reason == "not_found" else None,
        elsewhere=said_elsewhere(query.question, found) if reason == "not_found" else None,
        place_shift=None if reason else _place_shift(index, query.question, quotes[0]),
    )


def _place_shift(index: Index, question: Question, quote: Quote) -> PlaceShift | None:
    """Only for a question about one place: one about several says what is of which."""
    if len(question.places) != 1 or quote.passage.place is None:
        return None
    mention = question.places[0]
    asked = question.text[mention.start : mention.end]
    return index.place_index.shift_from(mention, asked, quote.passage.place)


def _uncovered_places(index: Index, question: Question) -> tuple[str, ...]:
    return tuple(
        question.text[mention.start : mention.end]
        for mention in question.places
        if not index.place_index.covers(mention)
    )


def _without_hits(question: Question, reason: Reason) -> Answer:
    return Answer(question.text, "refused", reason, 0.0, (), (), _NOT_YET)
