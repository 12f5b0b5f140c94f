"""A question to an answer: quotes with their citations, or a refusal with its reason."""

from __future__ import annotations

import time

from retrieval.confidence import THRESHOLD, confidence, gather_evidence, lacks_what_is_asked
from retrieval.expectations import hides_the_answer
from retrieval.filters import EVERYTHING, Filter
from retrieval.generation import Generation
from retrieval.questions import Question, read_question
from retrieval.quotes import choose_quotes
from retrieval.ranker import Query, make_query, rank_passages
from retrieval.text import fold
from retrieval.types import Answer, Encoder, Hit, Quote, Reason

TOP_HITS = 10
# Far from everything in the bulletins, not merely short of a quote that answers.
_OUT_OF_SCOPE = 0.05


def answer(text: str, generation: Generation, encoder: Encoder) -> Answer:
    """The answer to what a person wrote, whatever it is; hits (at most 10) come with a refusal too."""
    started = time.perf_counter()
    question = read_question(text)
    if question.is_empty:
        return Answer(question.text, "refused", "not_found", 0.0, (), (), _milliseconds_since(started))
    query = make_query(question, encoder.encode_queries([question.folded]))
    return _answer_query(generation, query, started)


def search(
    text: str, generation: Generation, encoder: Encoder, *, only: Filter = EVERYTHING, top_k: int = TOP_HITS
) -> tuple[Hit, ...]:
    """The passages nearest to the words that pass the filter, best first; none for a text without words."""
    question = read_question(text)
    passing = only.positions(generation)
    if question.is_empty or not len(passing):
        return ()
    query = make_query(question, encoder.encode_queries([question.folded]))
    return rank_passages(generation, query, passing).hits(generation, top_k)


def _answer_query(generation: Generation, query: Query, started: float) -> Answer:
    ranked = rank_passages(generation, query)
    quotes = choose_quotes(generation, query, ranked)
    sure = confidence(gather_evidence(generation, query, ranked, quotes[0]))
    uncovered = _uncovered_places(generation, query.question)
    masked = _masked(query.question, quotes[0])
    reason = _reason_to_refuse(query.question, uncovered, sure)
    if reason is None and (masked or lacks_what_is_asked(generation, query, ranked)):
        reason = "not_found"
    return Answer(
        question=query.question.text,
        status="refused" if reason else "answered",
        reason=reason,
        confidence=sure,
        quotes=() if reason else quotes,
        hits=ranked.hits(generation, TOP_HITS),
        took_ms=_milliseconds_since(started),
        uncovered_places=uncovered,
        masked=masked if reason == "not_found" else None,
    )


def _reason_to_refuse(question: Question, uncovered: tuple[str, ...], sure: float) -> Reason | None:
    """The place gate, then the score."""
    if uncovered and len(uncovered) == len(question.places):
        return "place_not_covered"
    if sure < _OUT_OF_SCOPE:
        return "out_of_scope"
    return "not_found" if sure < THRESHOLD else None


def _masked(question: Question, quote: Quote) -> Quote | None:
    return quote if hides_the_answer(question.folded, fold(quote.text)) else None


def _uncovered_places(generation: Generation, question: Question) -> tuple[str, ...]:
    return tuple(
        question.text[mention.start : mention.end]
        for mention in question.places
        if not len(generation.coverage.positions_for(mention))
    )


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000.0
