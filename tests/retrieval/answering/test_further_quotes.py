"""Which quotes behind the first a chat shows."""

from __future__ import annotations

from dataclasses import replace

from retrieval.answering.further_quotes import for_chat
from retrieval.types import Answered, PlaceAnswer, QuestionType, Quote, Refused
from tests.answers import as_answered
from tests.chatting import a_passage, answered

PASSAGE = a_passage("甲社區有圖書館。乙社區有志願者。丙社區有廣場。")


def _answer(*scores: float, question: str = "哪裡有圖書館和志願者") -> Answered:
    spans = ((0, 8), (8, 16), (16, 23))
    quotes = (Quote(PASSAGE, *span, score) for span, score in zip(spans, scores, strict=False))
    return replace(answered(*quotes), question=question)


def _shown(answer: Answered) -> int:
    return len(as_answered(for_chat(answer)).quotes)


def test_an_answer_by_place_keeps_the_quotes_of_every_place() -> None:
    whole = _answer(5.0, 4.5)
    by_place = tuple(
        PlaceAnswer(name, (quote,)) for name, quote in zip(("甲", "乙"), whole.quotes, strict=True)
    )
    assert _shown(replace(whole, by_place=by_place)) == 2


def test_a_further_quote_far_below_the_first_is_left_out() -> None:
    assert _shown(_answer(5.0, 4.5)) == 1


def test_a_further_quote_with_a_word_of_the_question_that_the_first_lacks_is_shown() -> None:
    assert _shown(_answer(5.0, 4.95)) == 2
    assert _shown(_answer(5.0, 4.95, question="哪裡有圖書館")) == 1


def test_sets_comparisons_and_refusals_stay_as_they_are() -> None:
    whole = replace(_answer(5.0, 1.0, 1.0), is_set=True)
    assert for_chat(whole) == whole
    compared = replace(_answer(5.0, 1.0), question_type=QuestionType.COMPARISON)
    assert for_chat(compared) == compared
    refusal = Refused(question="問", reason="not_found")
    assert for_chat(refusal) is refusal
