"""The pairs written for training and their twins: spans that hold, labels that agree, files left out."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from benchmarks.quality import training_pairs
from benchmarks.quality.pair_twins import twins
from benchmarks.quality.written_pairs import WrittenBulletin, read_written

WRITTEN = Path(__file__).parents[2] / "data" / "training" / "written"
FILES = sorted(WRITTEN.glob("*.txt"))
SMALL = """@ 簡報
= places 泉州
= names 林炳煌
# 泉州市：議事
## 一、辦法
P 泉州設亭29座，由林炳煌召集。每亭設席29個，每月初五開會。
+n 席位有多少個？ => 每亭設席【29個】
+w 誰召集 => 林炳煌
-f 蓋一座要多少錢 <= 每座造價【3萬元】。
-t 哪年蓋的
P 亭子由住戶輪流打掃，打掃不力的停議一次，連停三次的換人。
+p 不打掃會怎樣 => 停議一次
"""


@pytest.fixture
def small(tmp_path: Path) -> WrittenBulletin:
    file = tmp_path / "small.txt"
    file.write_text(SMALL, encoding="utf-8")
    return read_written(file)


def test_a_marked_answer_is_the_occurrence_between_the_words_around_it(small: WrittenBulletin) -> None:
    seats = small.pairs[0]
    assert (seats.answer, seats.passage[seats.start - 4 : seats.start]) == ("29個", "每亭設席")


def test_a_near_miss_with_a_sentence_is_also_asked_of_the_passage_that_holds_the_sentence(
    small: WrittenBulletin,
) -> None:
    near, told = (pair for pair in small.pairs if pair.question == "蓋一座要多少錢")
    assert (near.answer, told.answer, told.kind) == (None, "3萬元", "told_money")
    assert "【" not in told.passage
    assert near.passage != told.passage


@pytest.mark.parametrize("line", ["+n 幾座 => 30座", "+n 幾座", "-q 幾座", "-n 幾座 => 29座", "幾座"])
def test_a_line_that_cannot_be_read_is_named_by_file_and_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(f"@ 簡報\nP 泉州設亭29座。\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.txt, line 3: "):
        read_written(file)


def test_a_twin_holds_no_answer_and_differs_from_its_pair_in_question_or_passage(
    small: WrittenBulletin,
) -> None:
    asked = {(pair.question, pair.passage): pair.answer for pair in small.pairs}
    made = tuple(twins((small, read_written(FILES[0])), seed=1))
    assert {"twin_sentence_deleted", "twin_clause_deleted", "twin_other_paragraph", "twin_told_other"} <= {
        pair.kind for pair in made
    }
    assert all((pair.answer is None) == pair.kind.startswith("twin_") for pair in made)
    assert not [pair for pair in made if (pair.question, pair.passage) in asked]


def test_the_same_seed_makes_the_same_twins(small: WrittenBulletin) -> None:
    bulletins = (small, read_written(FILES[1]))
    assert tuple(twins(bulletins, seed=7)) == tuple(twins(bulletins, seed=7))


def test_no_question_of_a_passage_is_both_answered_and_not() -> None:
    labels: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for file in FILES:
        for pair in read_written(file).pairs:
            labels[pair.question, pair.passage].add(pair.answer)
    assert len(labels) > 4000
    assert not [question for question, answers in labels.items() if len(answers) > 1]


def test_places_and_names_to_exchange_stand_in_their_file() -> None:
    for file in FILES:
        bulletin = read_written(file)
        text = file.read_text(encoding="utf-8").split("\n#", 1)[1]
        assert [word for word in bulletin.places + bulletin.names if word not in text] == []


def test_files_left_out_leave_no_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in FILES[:3]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    out = tmp_path / "pairs.jsonl"
    monkeypatch.setattr(sys, "argv", ["pairs", str(tmp_path), str(out), "--without", FILES[0].name])
    training_pairs.main()
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {row["id"][:2] for row in rows} == {FILES[1].name[:2], FILES[2].name[:2]}
    assert all(
        row["answer"] is None or row["passage"][row["start"] : row["end"]] == row["answer"] for row in rows
    )
    assert "of 2 bulletins" in capsys.readouterr().out
