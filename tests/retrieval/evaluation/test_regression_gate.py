from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.building.builder import build_generation
from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.evaluation.regression_gate import Verdict, compare
from retrieval.index.index import Index
from retrieval.progress import Stage, no_progress
from retrieval.types import Encoder, Passage
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

ENCODER = HashEncoder()
ANSWERS = (("篇1", "北京", "10名月榜人物"), ("篇2", "上海", "5萬冊"), ("篇2", "江蘇南京", "延長開放時間"))
QUESTIONS = tuple(
    EvaluationQuestion(f"q{number}", f"{place}{answer}", "number", (Gold(bulletin, place, answer),), "")
    for number, (bulletin, place, answer) in enumerate(ANSWERS)
)


def index(passages: tuple[Passage, ...]) -> Index:
    return loaded(build_generation(passages, ENCODER), ENCODER)


def judged(new: Index, before: Index | None, kept: dict[str, tuple[bool, bool]] | None = None) -> Verdict:
    verdict = compare(QUESTIONS, new, before, kept or {}, ENCODER, 0.05, no_progress)
    assert verdict is not None
    return verdict


def test_a_first_generation_has_nothing_to_fall_below() -> None:
    verdict = judged(index(SMALL_PASSAGES), None)
    assert verdict.passed
    assert verdict.hits_before == verdict.hits_after == 1.0
    assert verdict.regressions == ()


def test_what_was_lost_from_a_file_that_is_still_read_counts() -> None:
    verdict = judged(index(SMALL_PASSAGES[2:]), index(SMALL_PASSAGES))
    assert not verdict.passed
    assert verdict.regressions == ("q0",)
    assert round(verdict.hits_after, 3) == 0.667


def test_a_gain_elsewhere_does_not_hide_what_was_lost_but_makes_up_for_it() -> None:
    verdict = judged(index(SMALL_PASSAGES[2:]), index(SMALL_PASSAGES[:3]))
    assert verdict.regressions == ("q0",)
    assert verdict.passed


def test_what_is_kept_of_the_one_in_service_is_not_asked_again() -> None:
    first = judged(index(SMALL_PASSAGES), None)
    asked: list[tuple[int, int]] = []
    again = compare(
        QUESTIONS,
        index(SMALL_PASSAGES[2:]),
        None,
        first.outcomes,
        ENCODER,
        0.05,
        lambda stage, done, total: asked.append((done, total)) if stage is Stage.QUESTIONS else None,
    )
    assert again is not None
    assert asked[-1] == (2, 2)
    assert again.passed


def test_after_a_small_change_the_questions_about_its_place_and_a_few_others_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = tuple(
        make_passage(f"{number:016x}", f"第{number}次。", place=f"浙江{number}") for number in range(40)
    )
    questions = tuple(
        EvaluationQuestion(
            f"q{number}", f"第{number}次", "name", (Gold("篇1", f"浙江{number}", f"第{number}次"),), ""
        )
        for number in range(40)
    )
    before = index(many)
    first = compare(questions, before, None, {}, ENCODER, 0.05, no_progress)
    assert first is not None
    asked: list[str] = []

    def record(question: EvaluationQuestion, _new: Index, _encoder: Encoder) -> tuple[bool, bool]:
        asked.append(question.question_id)
        return True, True

    monkeypatch.setattr("retrieval.evaluation.regression_gate._ask", record)
    changed = index((replace(many[0], passage_id="f" * 16, text="第0次改了。"), *many[1:]))
    again = compare(questions, changed, before, first.outcomes, ENCODER, 0.05, no_progress)
    assert again is not None
    assert len(again.outcomes) == 40
    assert "q0" in asked
    assert len(asked) == 6
    asked.clear()
    same = compare(questions, before, before, first.outcomes, ENCODER, 0.05, no_progress)
    assert same is not None
    assert same.outcomes == first.outcomes
    assert asked == []


def test_a_question_whose_answer_was_nowhere_is_not_asked() -> None:
    elsewhere = EvaluationQuestion("q9", "廣州有什麼?", "name", (Gold("篇1", "廣州", "花市"),), "")
    far = EvaluationQuestion("q8", "怎麼煮蛋?", "unanswerable", (), "far")
    new = index(SMALL_PASSAGES)
    assert compare((elsewhere, far), new, new, {}, ENCODER, 0.05, no_progress) is None


def test_at_most_fifty_questions_are_asked_and_always_the_same() -> None:
    many = tuple(
        EvaluationQuestion(f"q{number}", f"第{number}問", "name", QUESTIONS[0].golds, "")
        for number in range(150)
    )
    new = index(SMALL_PASSAGES)
    verdicts = [compare(asked, new, None, {}, ENCODER, 0.05, no_progress) for asked in (many, many[::-1])]
    assert verdicts[0] is not None
    assert verdicts[1] is not None
    assert verdicts[0].outcomes == verdicts[1].outcomes
    assert len(verdicts[0].outcomes) == 50


@pytest.mark.parametrize(("margin", "passes"), [(0.05, False), (0.6, False), (1.0, True)])
def test_an_index_whose_quotes_are_worthless_is_refused_without_one_before_it(
    margin: float, passes: bool
) -> None:
    outcomes = {str(number): (True, number < 2) for number in range(20)}
    verdict = Verdict(margin, outcomes, 1.0, 1.0, 0.1, 0.1, ())
    assert verdict.passed is passes


def test_a_few_questions_say_nothing_of_the_floor() -> None:
    assert Verdict(0.05, {"1": (False, False)}, 0.0, 0.0, 0.0, 0.0, ()).passed
