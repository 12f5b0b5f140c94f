"""A short soak with the encoder of character hashes, and the judgement of its figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from benchmarks.faults.soak import Plan, soak
from benchmarks.faults.soak_bot import MARKS, change_a_paragraph
from benchmarks.faults.soak_figures import Figures, Sample
from benchmarks.faults.soak_people import Act, ActKind

from tests.conftest import BULLETINS

WITHOUT_MODEL = (sys.executable, str(Path(__file__).parents[1] / "e2e" / "without_model.py"))


def test_many_people_are_answered_while_the_bulletins_are_rebuilt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVELOPMENT_QUESTIONS", str(tmp_path / "none"))
    result = tmp_path / "soak.json"
    figures = soak(Plan(minutes=0.25, rebuild_minutes=0.12, command=WITHOUT_MODEL, result=result))
    assert figures["failures"] == []
    assert figures["state"] == "passed"
    assert figures["acts"] == figures["answered"] == 75
    assert figures["rebuilds"] == figures["rebuilds served"] == 1
    assert json.loads(result.read_text(encoding="utf-8")) == json.loads(json.dumps(figures))


def figures_of(minutes: float, memory: float, waits: tuple[float, ...]) -> Figures:
    """A run whose memory is 100 until half of it is over and then this, and whose waits are these, evenly spread."""
    figures = Figures(minutes)
    figures.answered["question"] = len(waits)
    figures.samples = [
        Sample(minute, 100.0 if minute < minutes / 2 + 5 else memory, 0, 0, 0.0)
        for minute in range(int(minutes) + 1)
    ]
    figures.waits = [(minutes * spot / len(waits), wait) for spot, wait in enumerate(waits)]
    return figures


def test_memory_that_grows_by_more_than_a_twentieth_fails_a_long_run() -> None:
    assert figures_of(60, 104.0, (1.0,) * 60).trends() == []
    assert figures_of(60, 106.0, (1.0,) * 60).trends() == ["memory grew by 6.0%"]


def test_waits_that_rise_fail_a_long_run() -> None:
    rising = tuple(1 + spot / 60 for spot in range(60))
    (said,) = figures_of(60, 100.0, rising).trends()
    assert said.startswith("the 95th percentile of waits grew by")


def test_a_short_run_is_not_judged_by_trends() -> None:
    assert figures_of(12, 200.0, (1.0, 9.0)).trends() == []


def test_what_is_not_answered_not_verbatim_or_an_apology_fails() -> None:
    figures = Figures(60)
    figures.add(Act(ActKind.QUESTION, 1, "a", 0.0), 0.0, "")
    figures.add(Act(ActKind.QUESTION, 1, "b", 0.0, 1.0, quotes=("好。",)), 0.0, "壞。")
    figures.add(Act(ActKind.PRESS, 1, "c", 0.0, 1.0, apologised=True), 0.0, "")
    assert figures.faults() == [
        "1 without an answer",
        "1 answered with an apology",
        "1 quotes that are not in the bulletins",
    ]
    assert figures.waits == [(0.0, 1.0)]


def test_each_change_is_of_one_paragraph_and_can_be_removed_from_the_text(tmp_path: Path) -> None:
    (source,) = (path for path in BULLETINS.iterdir() if path.suffix == ".txt")
    text = source.read_text(encoding="utf-8")
    (tmp_path / source.name).write_text(text, encoding="utf-8")
    for number in (1, 2):
        change_a_paragraph(tmp_path, number)
        changed = (tmp_path / source.name).read_text(encoding="utf-8")
        assert f"本段已作第{number}次修訂。" in changed
        assert MARKS.sub("", changed) == text
