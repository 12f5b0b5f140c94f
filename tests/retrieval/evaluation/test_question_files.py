"""The question files in `data/eval` agree with the bulletins that they ask about; only totals are looked at."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from retrieval.evaluation.dataset import (
    EvaluationQuestion,
    read_conversations,
    read_questions,
)
from retrieval.reading import read_collection
from retrieval.types import Reading
from tests.conftest import DATA

EVAL = DATA / "eval"
OTHER = EVAL / "collections" / "local_services"
THIRD = (EVAL / "questions_third_development.jsonl", EVAL / "questions_third_heldout.jsonl")
FOURTH = (EVAL / "questions_fourth_development.jsonl", EVAL / "questions_fourth_heldout.jsonl")
OTHERS = (OTHER / "questions_development.jsonl", OTHER / "questions_heldout.jsonl")
NEAR_MISSES = {
    "number",
    "name",
    "date",
    "money",
    "reason",
    "rule",
    "list",
    "comparison",
    "only_b",
    "other",
}
NEAR_MISSES_OF_FOURTH = (NEAR_MISSES - {"list", "other"}) | {"who", "where"}


class CitedPath(NamedTuple):
    """The part of a gold that a person sees as its citation."""

    bulletin: str
    place: str | None
    section: str | None


@pytest.fixture(scope="module")
def other_reading() -> Reading:
    """The four bulletins of the second collection as read."""
    return read_collection(OTHER / "bulletins")


def everything_in(*files: Path) -> list[EvaluationQuestion]:
    return [found for file in files for found in (*read_questions(file), *read_conversations(file))]


def lines_of(*files: Path) -> list[dict[str, object]]:
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def kind_of(found: EvaluationQuestion) -> str:
    """The kind; of a question to be refused that is asked alone, the kind of near miss, or far."""
    if found.golds or found.earlier:
        return found.kind
    return found.note.partition(";")[0] if found.is_near_miss else "far"


def unfounded(questions: list[EvaluationQuestion], reading: Reading) -> list[str]:
    """The ids of the questions with a gold that stands in no passage of its bulletin, place and section."""
    texts: dict[CitedPath, str] = {}
    for passage in reading.passages:
        path = CitedPath(passage.bulletin, passage.place_name, passage.section)
        texts[path] = texts.get(path, "") + "\n" + passage.text
    return [
        found.question_id
        for found in questions
        for gold in found.golds
        if gold.answer not in texts.get(CitedPath(gold.bulletin, gold.place, gold.section), "")
    ]


@pytest.mark.parametrize("files", [THIRD, FOURTH], ids=["third", "fourth"])
def test_every_gold_of_a_set_stands_verbatim_below_its_section(
    files: tuple[Path, Path], seed_reading: Reading
) -> None:
    assert unfounded(everything_in(*files), seed_reading) == []


def test_every_gold_of_the_second_collection_stands_verbatim_below_its_section(
    other_reading: Reading,
) -> None:
    assert unfounded(everything_in(*OTHERS), other_reading) == []


def test_no_id_stands_twice_in_all_the_files() -> None:
    files = [*EVAL.glob("questions*.jsonl"), *OTHER.glob("questions*.jsonl")]
    ids = Counter(line["id"] for line in lines_of(*files))
    assert [found for found, times in ids.items() if times > 1] == []


def test_no_new_question_is_asked_in_another_file_too() -> None:
    files = [*EVAL.glob("questions*.jsonl"), *OTHER.glob("questions*.jsonl")]
    asked = Counter(str(line.get("turns", line["q"])) for line in lines_of(*files))
    assert [
        found
        for line in lines_of(*THIRD, *FOURTH, *OTHERS)
        if asked[found := str(line.get("turns", line["q"]))] > 1
    ] == []


@pytest.mark.parametrize(
    ("files", "answerable", "near", "far", "conversations"),
    [(THIRD, 167, 61, 10, 20), (FOURTH, 135, 65, 40, 30), (OTHERS, 71, 31, 4, 8)],
    ids=["third", "fourth", "second collection"],
)
def test_the_kinds_of_questions_are_as_many_as_the_document_says(
    files: tuple[Path, Path], answerable: int, near: int, far: int, conversations: int
) -> None:
    asked = everything_in(*files)
    assert sum(bool(found.golds) for found in asked) == answerable
    assert sum(found.is_near_miss for found in asked) == near
    assert sum(found.note.startswith("far") for found in asked) == far
    assert sum(bool(found.earlier) for found in asked) == conversations


@pytest.mark.parametrize(
    ("files", "kinds"),
    [(THIRD, NEAR_MISSES), (FOURTH, NEAR_MISSES_OF_FOURTH), (OTHERS, NEAR_MISSES)],
    ids=["third", "fourth", "second collection"],
)
def test_development_and_held_out_questions_have_near_misses_of_all_ten_kinds(
    files: tuple[Path, Path], kinds: set[str]
) -> None:
    for file in files:
        notes = [found.note for found in everything_in(file) if found.is_near_miss and not found.earlier]
        assert {note.removeprefix("near miss: ").partition(";")[0] for note in notes} == kinds


@pytest.mark.parametrize("files", [THIRD, FOURTH, OTHERS], ids=["third", "fourth", "second collection"])
def test_the_kinds_are_halved_between_development_and_held_out(files: tuple[Path, Path]) -> None:
    halves = [
        Counter(kind_of(found) for found in everything_in(file) if "twin" not in found.note) for file in files
    ]
    for kind in halves[0] | halves[1]:
        assert abs(halves[0][kind] - halves[1][kind]) <= 1, kind


def test_an_english_twin_stands_beside_its_chinese_question_with_the_same_golds() -> None:
    for file in (*THIRD, *FOURTH):
        lines = {line["id"]: line for line in lines_of(file)}
        for line in lines.values():
            if "twin_of" in line:
                twin = lines[line["twin_of"]]
                assert (line["script"], line["gold"]) == ("en", twin["gold"])
                assert twin["script"] != "en"


def test_twenty_two_questions_have_an_english_twin() -> None:
    assert sum("twin_of" in line for line in lines_of(*THIRD, *FOURTH)) == 22
