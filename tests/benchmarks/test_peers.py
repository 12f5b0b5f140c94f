"""The comparison with other libraries: its inputs, its measures and its table. No library is run here."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import pytest
from benchmarks.peers.candidates import CANDIDATES, ENVIRONMENTS, ROOT, Candidate
from benchmarks.peers.comparison import Hits, asked, passage_text, row_of
from benchmarks.peers.environments import python_in
from benchmarks.peers.protocol import Outcome, PassageText, Search, Task, measure
from benchmarks.peers.report import Report, table_of
from benchmarks.peers.sizes import Sizes
from rich.console import Console

from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from tests.doubles import make_passage

RECORDED = ROOT / "benchmarks" / "results" / "peers.json"
CANDIDATE = Candidate("Library", "default", "txtai", "hybrid")


PASSAGES = tuple(
    make_passage(name, f"第{name}條:發佈{name}名好人。", place="重慶", section="二、好人榜")
    for name in "1234"
)


def question(identity: str) -> EvaluationQuestion:
    gold = Gold("篇1", "重慶", f"{identity}名好人")
    return EvaluationQuestion(f"q{identity}", f"發佈了多少名{identity}?", "number", (gold,), "")


def outcome(*hits: str) -> Outcome:
    """Hits as letters of ids; half of them of the questions in the other script."""
    return Outcome(tuple(map(tuple, hits)), (0.001,) * len(hits), 2.5, 900_000_000, {"txtai": "1"})


def test_a_library_gets_the_passage_with_its_path_and_by_wish_folded() -> None:
    assert passage_text(PASSAGES[0], folded=False).under_path == "篇1 重慶 二、好人榜\n第1條:發佈1名好人。"
    folded = passage_text(PASSAGES[0], folded=True)
    assert folded.text == "第1条:发布1名好人。"
    assert folded.passage_id == "1"


def test_every_question_is_asked_in_both_scripts() -> None:
    assert asked({"a": [question("1")], "b": [question("2")]}, folded=False) == (
        "發佈了多少名1?",
        "發佈了多少名2?",
        "发布了多少名1?",
        "发布了多少名2?",
    )


def test_hits_are_counted_by_file_and_scripts_are_compared_by_the_first() -> None:
    sets = {"a": [question("1"), question("2")], "b": [question("3")]}
    six = outcome("12", "132", "412", "13", "231", "4")
    row = row_of(CANDIDATE, six, Sizes(400_000_000, 1_500_000_000, 700_000_000), sets, PASSAGES)
    assert row.hits == {"a": Hits(0.5, 1.0), "b": Hits(0.0, 0.0)}
    assert row.same_first_hit == pytest.approx(2 / 3, abs=1e-4)
    assert (row.resident_megabytes, row.over_bare_megabytes) == (900.0, 500.0)
    assert row.query_milliseconds == 1.0


def test_tasks_and_outcomes_come_through_as_json_unchanged() -> None:
    text = PassageText("1", "篇1", "重慶", "二、好人榜", "「發佈」\n1名")
    task = Task("hybrid", "/model", (text,), ("多少?",), ("txtai",))
    assert Task.from_json(task.as_json()) == task
    result = outcome("12", "3")
    assert Outcome.from_json(result.as_json()) == result
    sizes = Sizes(1, 2, 3)
    assert Sizes.from_json(sizes.as_json()) == sizes


def test_the_time_of_a_question_is_taken_when_its_embedding_is_remembered() -> None:
    embedded: list[str] = []
    searched: list[str] = []

    class Model:
        def encode(self, text: str) -> str:
            embedded.append(text)
            return text

    def build() -> Search:
        model = Model()

        def search(text: str) -> list[str]:
            searched.append(model.encode(text))
            return ["1", "2", "1"]

        return search

    task = Task("hybrid", "", (), ("甲", "乙"), ())
    result = measure(task, build, (Model, "encode"))
    assert searched == ["甲", "甲", "乙", "甲", "乙"]
    assert embedded == ["甲", "甲", "乙"]
    assert result.hits == (("1", "2"), ("1", "2"))
    assert len(result.query_seconds) == 2
    assert result.resident > 1_000_000


def test_the_recorded_result_is_read_back_and_every_row_shown() -> None:
    report = Report.from_json(RECORDED.read_text(encoding="utf-8"))
    assert Report.from_json(report.as_json()) == report
    candidates = [(candidate.name, candidate.form) for candidate in CANDIDATES]
    assert [(row.name, row.form) for row in report.rows] == candidates
    assert set(report.versions) <= set(ENVIRONMENTS)
    written = io.StringIO()
    Console(width=250, file=written).print(table_of(report))
    lines = written.getvalue().splitlines()
    for row in report.rows:
        (line,) = (line for line in lines if f" {row.name} " in line and f" {row.form} " in line)
        assert f"{row.hits['questions'].at_1:.3f} {row.hits['questions'].at_3:.3f}" in line


def test_the_libraries_run_the_model_on_the_same_code_as_this_project() -> None:
    shared = {"torch", "sentence-transformers", "transformers", "tokenizers", "numpy", "faiss-cpu"}
    own = pins(ROOT / "requirements" / "run.lock") | pins(ROOT / "requirements" / "torch.lock")
    theirs = pins(ROOT / "benchmarks" / "peers" / "requirements.txt")
    assert {name: theirs[name] for name in shared} == {name: own[name] for name in shared}
    named = {name for environment in ENVIRONMENTS.values() for name in environment.packages}
    assert named - {"bulletin-bot"} <= set(theirs)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_each_library_runs_isolated_with_its_packages_held_to_the_pinned_versions(name: str) -> None:
    command = python_in(name)
    arguments = list(itertools.pairwise(command))
    environment = ENVIRONMENTS[name]
    assert "--isolated" in command
    assert command[-1] == "python"
    assert [value for option, value in arguments if option == "--constraints"] == list(
        map(str, environment.constraints)
    )
    packages = [value for option, value in arguments if option == "--with"]
    assert packages == [str(ROOT) if name == "bulletin-bot" else name for name in environment.packages]


def pins(file: Path) -> dict[str, str]:
    lines = (line for line in file.read_text(encoding="utf-8").splitlines() if "==" in line)
    return {
        name.lower().replace("_", "-"): version.split()[0]
        for name, _, version in (line.partition("==") for line in lines)
    }
