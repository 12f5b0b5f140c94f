"""The measures of one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.evaluation.metrics import Measure, holds_answer, measure_answer, measure_conversation
from retrieval.types import Answered, Hit, Passage, Quote, Refused
from tests.doubles import SMALL_PASSAGES

PEOPLE, VOLUNTEERS = SMALL_PASSAGES[:2]
GOLD = Gold("篇1", "北京", "10名月榜人物", PEOPLE.section)
QUESTION = EvaluationQuestion("q", "北京榜樣每月多少人?", "number", (GOLD,), "")


def answered(*passages: Passage) -> Answered:
    """An answer that quotes each passage whole, and hits them in that order."""
    hits = tuple(Hit(passage, 1 / rank, rank) for rank, passage in enumerate(passages, start=1))
    quotes = tuple(Quote(passage, 0, len(passage.text), 1.0) for passage in passages)
    return Answered(question="", confidence=0.9, quotes=quotes, hits=hits)


def refused(*passages: Passage) -> Refused:
    """A refusal that hits the passages in that order."""
    return Refused(question="", reason="not_found", confidence=0.1, hits=answered(*passages).hits)


def test_the_rank_of_the_first_passage_that_answers_counts() -> None:
    found = measure_answer(QUESTION, answered(VOLUNTEERS, PEOPLE), SMALL_PASSAGES)
    assert (found[Measure.HIT_AT_1], found[Measure.HIT_AT_3]) == (0.0, 1.0)
    assert found[Measure.MRR_AT_10] == 0.5
    assert found[Measure.NDCG_AT_10] == pytest.approx(0.6309, abs=1e-4)


def test_quotes_count_first_and_anywhere() -> None:
    found = measure_answer(QUESTION, answered(VOLUNTEERS, PEOPLE), SMALL_PASSAGES)
    assert (found[Measure.FIRST_QUOTE], found[Measure.ANY_QUOTE]) == (0.0, 1.0)


def test_a_quote_counts_in_either_script() -> None:
    simplified = replace(QUESTION, golds=(Gold("篇1", "北京", "发布10名"),))
    assert holds_answer(simplified, answered(PEOPLE).quotes[0])
    assert not holds_answer(QUESTION, answered(VOLUNTEERS).quotes[0])


def test_a_citation_is_exact_only_with_its_section() -> None:
    assert measure_answer(QUESTION, answered(PEOPLE), SMALL_PASSAGES)[Measure.CITATION] == 1.0
    elsewhere = replace(QUESTION, golds=(replace(GOLD, section="九"),))
    assert measure_answer(elsewhere, answered(PEOPLE), SMALL_PASSAGES)[Measure.CITATION] == 0.0
    assert Measure.CITATION not in measure_answer(QUESTION, answered(VOLUNTEERS), SMALL_PASSAGES)


def test_only_what_applies_to_a_question_is_measured() -> None:
    near = EvaluationQuestion("n", "?", "x", (), "near miss: no number")
    far = replace(near, note="")
    assert measure_answer(near, refused(PEOPLE), SMALL_PASSAGES) == {Measure.NEAR_MISSES_REFUSED: 1.0}
    assert measure_answer(far, answered(PEOPLE), SMALL_PASSAGES) == {Measure.FAR_REFUSED: 0.0}
    assert measure_answer(QUESTION, refused(PEOPLE), SMALL_PASSAGES)[Measure.WRONG_REFUSALS] == 1.0


def test_an_answer_without_hits_ranks_nothing() -> None:
    found = measure_answer(QUESTION, refused(), SMALL_PASSAGES)
    assert (found[Measure.HIT_AT_1], found[Measure.NDCG_AT_10]) == (0.0, 0.0)


BOOK = SMALL_PASSAGES[3]
BOTH = EvaluationQuestion(
    "b", "北京和上海各多少?", "compare", (GOLD, Gold("篇2", "上海", "5萬冊")), "", needs_all=True
)


def test_all_answers_are_given_only_if_each_gold_is_quoted() -> None:
    assert measure_answer(BOTH, answered(PEOPLE, BOOK), SMALL_PASSAGES)[Measure.ALL_ANSWERS] == 1.0
    assert measure_answer(BOTH, answered(PEOPLE), SMALL_PASSAGES)[Measure.ALL_ANSWERS] == 0.0
    assert Measure.ALL_ANSWERS not in measure_answer(QUESTION, answered(PEOPLE), SMALL_PASSAGES)


def test_words_quoted_from_another_place_are_not_its_answer() -> None:
    elsewhere = replace(BOOK, text=f"{BOOK.text}10名月榜人物")
    assert measure_answer(BOTH, answered(elsewhere), SMALL_PASSAGES)[Measure.ALL_ANSWERS] == 0.0


def test_a_comparison_that_does_not_say_so_needs_one_answer_of_each_place() -> None:
    golds = (GOLD, replace(GOLD, answer="每月發佈"), *BOTH.golds[1:])
    asked = replace(BOTH, golds=golds, needs_all=False)
    assert len(asked.needed) == 2
    assert replace(asked, kind="list").needed == ()


@pytest.mark.parametrize(
    ("note", "kind"),
    [
        ("near miss: only_b; only Jiangsu", "only_b"),
        ("near miss: list of names not given; 篇1 一", "list"),
        ("near miss: wrong place not given; of Ruijin", "only_b"),
        ("near miss: colour not given", "other"),
        ("near miss", "other"),
    ],
)
def test_a_note_names_the_kind_of_near_miss(note: str, kind: str) -> None:
    assert replace(QUESTION, golds=(), note=note).near_miss == kind


def test_a_follow_up_is_right_if_it_is_answered_or_refused_without_an_answer() -> None:
    asked = replace(QUESTION, kind="followup", earlier=("?",))
    right, wrong = answered(PEOPLE), answered(VOLUNTEERS)
    assert measure_conversation(asked, right, wrong) == {Measure.FOLLOW_UPS: 1.0}
    assert measure_conversation(asked, wrong, right) == {Measure.FOLLOW_UPS: 0.0}
    assert measure_conversation(replace(asked, golds=()), refused(), right) == {Measure.FOLLOW_UPS: 1.0}


def test_a_whole_question_is_held_against_its_answer_alone() -> None:
    asked = replace(QUESTION, kind="standalone", earlier=("?",))
    same = measure_conversation(asked, answered(PEOPLE), answered(PEOPLE))
    assert same == {Measure.STANDALONE: 1.0, Measure.STANDALONE_AS_ALONE: 1.0}
    for alone in (answered(VOLUNTEERS, PEOPLE), refused(PEOPLE)):
        found = measure_conversation(asked, answered(PEOPLE, VOLUNTEERS), alone)
        assert found == {Measure.STANDALONE: 1.0, Measure.STANDALONE_AS_ALONE: 0.0}
