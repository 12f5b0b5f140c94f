"""The possible answer to a question as one: its quotes with what speaks for and against them."""

from __future__ import annotations

from retrieval.answering.confidence import confidence, gather_evidence
from retrieval.answering.extraction import ExtractedAnswer, extract_answers, promote_answering
from retrieval.answering.quote_selection import choose_quotes
from retrieval.answering.refusals import Draft, is_decided_unread, is_masked
from retrieval.index import Index
from retrieval.questions import Query, Question
from retrieval.ranking import Ranked
from retrieval.types import Elsewhere, Extractor, QuestionType

TOP_HITS = 10
"""Hits that come with every answer, if so many passages are ranked."""


def draft_closely(
    index: Index, query: Query, ranked: Ranked, extractor: Extractor | None
) -> tuple[Draft, Ranked]:
    """The draft from at least one ranked passage, and the ranking with the passages of extracted answers moved up.

    Nothing is read without an extractor, for a question that is not plain, nor where the unread draft is refused already.
    Of 787 development questions, most without an answer, 321 are refused unread: all of them are refused after reading too,
    for the same reasons. A masked figure is read all the same: it is shown, from the quote that fits best.
    """
    unread = draft_answer(index, query, ranked)
    is_plain = query.question.type is QuestionType.PLAIN
    if extractor is None or not is_plain or (is_decided_unread(unread) and not is_masked(unread)):
        return unread, ranked
    extracted = extract_answers(index, query.question, ranked, extractor)
    promoted = promote_answering(index, ranked, extracted)
    return draft_answer(index, query, promoted, extracted), promoted


def draft_answer(
    index: Index, query: Query, ranked: Ranked, extracted: tuple[ExtractedAnswer, ...] = ()
) -> Draft:
    """The quotes with what speaks for and against them, for `refuse`; there is at least one ranked passage."""
    question = query.question
    quotes = choose_quotes(index, query, ranked, extracted=extracted)
    evidence = gather_evidence(index, query, ranked, quotes[0])
    return Draft(
        question=question,
        quotes=quotes,
        hits=ranked.hits(index, TOP_HITS),
        evidence=evidence,
        confidence=confidence(evidence),
        uncovered_places=tuple(
            name
            for name, place in zip(question.place_names, question.places, strict=True)
            if not index.place_index.covers(place)
        ),
        around=_place_around(index, question),
        extracted=extracted,
    )


def _place_around(index: Index, question: Question) -> Elsewhere | None:
    """The only place of the question with the covered one around it; None if it has passages of its own."""
    if len(question.places) != 1:
        return None
    around = index.place_index.covered_around(question.places[0])
    return Elsewhere(question.place_names[0], around) if around else None
