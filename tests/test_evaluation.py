from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.evaluation import EvaluationQuestion, Gold, evaluate, holds_hit, holds_quote, read_questions
from retrieval.types import Answer, BulletinBotError, Hit, Passage, Quote, Reading
from tests.conftest import DATA
from tests.doubles import SMALL_PASSAGES

PEOPLE, VOLUNTEERS = SMALL_PASSAGES[:2]
GOLD = Gold("篇1", "北京", "10名月榜人物")


def question(text: str, *golds: Gold, note: str = "") -> EvaluationQuestion:
    return EvaluationQuestion(text, text, "number", golds, note)


def answered(*passages: Passage) -> Answer:
    """An answer that quotes each passage whole, and hits them in that order."""
    hits = tuple(Hit(passage, 1 / rank, rank) for rank, passage in enumerate(passages, start=1))
    quotes = tuple(Quote(passage, 0, len(passage.text), 1.0) for passage in passages)
    return Answer("", "answered", None, 0.9, quotes, hits, 1.0)


def refused(*passages: Passage) -> Answer:
    return Answer("", "refused", "not_found", 0.1, (), answered(*passages).hits, 1.0)


def test_a_gold_is_in_a_passage_of_its_bulletin_and_place_that_holds_its_words() -> None:
    assert GOLD.is_in(PEOPLE)
    assert not GOLD.is_in(VOLUNTEERS)
    assert not Gold("篇2", "北京", GOLD.answer).is_in(PEOPLE)
    assert not Gold("篇1", "上海", GOLD.answer).is_in(PEOPLE)


def test_a_hit_counts_only_among_the_first_that_are_looked_at() -> None:
    answer = answered(VOLUNTEERS, PEOPLE)
    assert not holds_hit(question("q", GOLD), answer, 1)
    assert holds_hit(question("q", GOLD), answer, 2)


def test_a_quote_counts_in_either_script() -> None:
    simplified = Gold("篇1", "北京", "发布10名")
    assert holds_quote(question("q", simplified), answered(PEOPLE), 1)
    assert not holds_quote(question("q", GOLD), answered(VOLUNTEERS, PEOPLE), 1)
    assert holds_quote(question("q", GOLD), answered(VOLUNTEERS, PEOPLE), None)


def test_the_scores_are_shares_of_the_questions_of_their_kind() -> None:
    questions = [
        question("first", GOLD),
        question("second", GOLD),
        question("missed", GOLD),
        question("refused", GOLD),
        question("near", note="near miss: no number"),
        question("far refused"),
        question("far answered"),
    ]
    answers = {
        "first": answered(PEOPLE),
        "second": answered(VOLUNTEERS, PEOPLE),
        "missed": answered(VOLUNTEERS),
        "refused": refused(PEOPLE),
        "near": answered(PEOPLE),
        "far refused": refused(PEOPLE),
        "far answered": answered(PEOPLE),
        "FIRST": answered(VOLUNTEERS),
    }

    def other_script(text: str) -> str:
        return text.upper() if text == "first" else text

    score = evaluate(questions, answers.__getitem__, other_script)
    assert score.questions == 7
    assert (score.hit_at_1, score.hit_at_3) == (2 / 4, 3 / 4)
    assert (score.first_quote, score.any_quote) == (1 / 4, 2 / 4)
    assert score.wrong_refusals == 1 / 4
    assert score.near_misses_refused == 0.0
    assert score.far_refused == 1 / 2
    assert score.same_first_hit_in_both_scripts == 6 / 7


def test_a_share_of_no_questions_is_not_a_number() -> None:
    score = evaluate([question("q", GOLD)], lambda _: answered(PEOPLE), str)
    assert (score.near_misses_refused, score.far_refused) == (None, None)
    assert evaluate([], lambda _: answered(PEOPLE), str).hit_at_1 is None


def test_held_out_questions_are_read_only_where_they_are_named() -> None:
    everything = {found.question_id for found in read_questions(DATA / "eval")}
    held_out = {found.question_id for found in read_questions(DATA / "eval" / "questions_heldout.jsonl")}
    assert len(held_out) == 150
    assert not everything & held_out
    for name in ("questions.jsonl", "questions_written.jsonl"):
        assert {found.question_id for found in read_questions(DATA / "eval" / name)} <= everything


def test_every_answer_of_the_development_questions_stands_in_a_passage(seed_reading: Reading) -> None:
    for found in read_questions(DATA / "eval"):
        for gold in found.golds:
            assert any(gold.is_in(passage) for passage in seed_reading.passages), found.question_id


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        "{}",
        '{"id": "1", "q": "?", "type": "x"}',
        '{"id": "1", "q": "?", "type": "x", "gold": 5}',
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    good = json.dumps({"id": "1", "q": "?", "type": "x", "gold": []})
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BulletinBotError, match=r"questions\.jsonl, line 2 is not a question"):
        read_questions(path)


def test_a_file_of_questions_that_is_not_utf_8_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes("北京".encode("big5"))
    with pytest.raises(BulletinBotError):
        read_questions(path)


def test_no_questions_are_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(BulletinBotError, match=r"^No questions at \S+: name a file with --questions\.$"):
            read_questions(path)
