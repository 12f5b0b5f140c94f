"""Decides which quotes behind the first a chat shows: those that come near to it, or hold words that it lacks."""

from __future__ import annotations

from dataclasses import replace

from retrieval.language import fold
from retrieval.questions import Question, read_question
from retrieval.types import Answer, Answered, QuestionType, Quote

# A further quote is shown if its score is at most `_MARGIN` below that of the first. Words of the question that the first
# lacks raise its score; a first quote with what is asked for, a later sentence of the same passage and another place lower
# it. A logistic regression over the development questions, rounded. Of the plain answers 24 % then show further quotes
# (held out 18 %), 36 % of which hold an answer (34 %), and a quote that is shown holds one in 0.015 fewer answers than
# if all were (0.033): `python -m benchmarks.quality.screen_lines`.
_MARGIN = 0.062
_OF_WORDS, _IF_MET, _IF_LATER, _IF_ELSEWHERE = 0.125, -0.05, -0.05, -0.025
_MOST = 2


def for_chat(answer: Answer) -> Answer:
    """The answer as a person sees it: a plain one with the further quotes that are likely to add something."""
    if not isinstance(answer, Answered) or answer.question_type is not QuestionType.PLAIN:
        return answer
    if answer.is_set or answer.by_place:  # every quote is a part of the answer
        return answer
    first, *others = answer.quotes
    question = read_question(answer.read_as or answer.question)
    near = [quote for quote in others[:_MOST] if _score(quote, first, question) >= first.score - _MARGIN]
    return replace(answer, quotes=(first, *near))


def _score(quote: Quote, first: Quote, question: Question) -> float:
    text, known = fold(quote.text), fold(first.text)
    fresh = sum(word in text and word not in known for word in question.topic) / max(len(question.topic), 1)
    pattern = question.answer_pattern
    is_met = pattern is not None and pattern.is_met_by(known)
    is_later = quote.passage == first.passage and quote.start > first.start
    is_elsewhere = quote.passage.place_name != first.passage.place_name
    return (
        quote.score
        + _OF_WORDS * fresh
        + _IF_MET * is_met
        + _IF_LATER * is_later
        + _IF_ELSEWHERE * is_elsewhere
    )
