"""Sets of questions by collection and use."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError
from retrieval.evaluation.question_sets import (
    MAIN,
    TRAINING_FILES,
    Split,
    question_set_of,
    read_question_sets,
)
from tests.conftest import DATA

OTHER = "collections/parks/questions_heldout.jsonl"
FILES = ("questions.jsonl", "questions_heldout.jsonl", OTHER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files of the collection in service and a held-out one of another, each with a question and a follow-up."""
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        alone = {"id": f"{name}1", "q": "多少?", "type": "number", "gold": []}
        lines = [alone, {**alone, "id": f"{name}2", "turns": ["北京多少?", "多少?"]}]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def trained(folder: Path, listed: object) -> None:
    (folder / TRAINING_FILES).write_text(json.dumps(listed), encoding="utf-8")


def test_each_collection_is_held_out_first_and_the_one_in_service_before_all(folder: Path) -> None:
    found = read_question_sets(folder)
    assert [(one.collection, one.split, one.files) for one in found.sets] == [
        (MAIN, Split.HELD_OUT, ("questions_heldout.jsonl",)),
        (MAIN, Split.DEVELOPMENT, ("questions.jsonl",)),
        ("parks", Split.HELD_OUT, (OTHER,)),
    ]
    assert [len(one.questions) for one in found.sets] == [2, 2, 2]
    assert found.trained_on == ()


def test_one_collection_can_be_chosen(folder: Path) -> None:
    assert [one.collection for one in read_question_sets(folder, "parks").sets] == ["parks"]
    with pytest.raises(BulletinBotError, match=r"no collection lakes in .*: there are bulletins, parks"):
        read_question_sets(folder, "lakes")


def test_what_a_model_was_trained_on_is_left_out_by_name(folder: Path) -> None:
    trained(folder, {"questions.jsonl": "0" * 64, OTHER: "1" * 64})
    found = read_question_sets(folder)
    assert [one.files for one in found.sets] == [("questions_heldout.jsonl",)]
    assert found.trained_on == ("questions.jsonl", OTHER)


def test_what_a_model_was_trained_on_is_left_out_under_another_name_too(folder: Path) -> None:
    digest = hashlib.sha256((folder / "questions_heldout.jsonl").read_bytes()).hexdigest()
    trained(folder, {"questions_as_it_was_called.jsonl": digest})
    assert read_question_sets(folder).trained_on == ("questions_heldout.jsonl",)


@pytest.mark.parametrize("content", ["{", "[]", '{"questions.jsonl": 5}', "null"])
def test_a_list_of_training_files_that_is_none_is_one_sentence(folder: Path, content: str) -> None:
    (folder / TRAINING_FILES).write_text(content, encoding="utf-8")
    with pytest.raises(BulletinBotError, match=r"training_files\.json .*JSON object of file names"):
        read_question_sets(folder)


def test_without_questions_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BulletinBotError, match="No questions at"):
        read_question_sets(tmp_path)


def test_a_file_that_is_named_is_held_out_if_its_name_says_so(folder: Path) -> None:
    assert question_set_of(folder / "questions_heldout.jsonl").split is Split.HELD_OUT
    assert question_set_of(folder / "questions.jsonl").split is Split.DEVELOPMENT
    assert {found.file for found in question_set_of(folder).questions} == {"questions.jsonl"}


def test_every_question_of_the_project_is_in_one_set_or_trained_on() -> None:
    sets = read_question_sets(DATA / "eval")
    asked = [found.question_id for one in sets.sets for found in one.questions]
    lines = [
        json.loads(line)["id"]
        for file in (DATA / "eval").rglob("questions*.jsonl")
        if file.relative_to(DATA / "eval").as_posix() not in sets.trained_on
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert sorted(asked) == sorted(lines)
