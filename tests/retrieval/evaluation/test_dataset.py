"""The files of questions with known answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError
from retrieval.evaluation.dataset import Gold, read_questions
from retrieval.types import Reading
from tests.conftest import DATA
from tests.doubles import SMALL_PASSAGES

PEOPLE, VOLUNTEERS = SMALL_PASSAGES[:2]
GOLD = Gold("篇1", "北京", "10名月榜人物")


def test_a_gold_is_in_a_passage_of_its_bulletin_and_place_that_holds_its_words() -> None:
    assert GOLD.is_in(PEOPLE)
    assert not GOLD.is_in(VOLUNTEERS)
    assert not Gold("篇2", "北京", GOLD.answer).is_in(PEOPLE)
    assert not Gold("篇1", "上海", GOLD.answer).is_in(PEOPLE)


def test_held_out_questions_are_read_only_where_they_are_named() -> None:
    everything = {found.question_id for found in read_questions(DATA / "eval")}
    held_out = {found.question_id for found in read_questions(DATA / "eval" / "questions_heldout.jsonl")}
    held_out |= {
        found.question_id for found in read_questions(DATA / "eval" / "questions_heldout_second.jsonl")
    }
    assert len(held_out) == 270
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
