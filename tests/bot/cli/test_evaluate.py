"""`bulletin-bot evaluate` on a few questions of two collections."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import quality_measurement
from bot.cli.evaluate import quality_json, show_evaluation, store_quality
from bot.cli.main import app
from bot.cli.quality_measurement import Measured, measure_quality
from bot.cli.quality_tables import show_quality
from bot.serving.coverage_summary import measured_quality
from bot.settings import Settings, load_settings
from retrieval.types import Encoder
from tests.conftest import DATA

PARK = "公園管理簡報\n\n深圳福田區:落實巡園制度\n\n一、每天巡園。福田區設巡園員36名,每天巡園兩次。\n"
PLAIN = {
    "id": "d1",
    "q": "北京榜樣每月評出多少人?",
    "type": "number",
    "gold": [{"bulletin": "篇3", "place": "北京", "section": "二", "answer": "10名月榜人物"}],
}
FOLLOW_UP = {**PLAIN, "id": "d2", "q": "那山東呢?", "type": "followup", "turns": [PLAIN["q"], "那山東呢?"]}
NEAR = {
    "id": "h1",
    "q": "重慶請來授課的微信營銷專家是誰?",
    "type": "unanswerable",
    "gold": [],
    "note": "near miss: name",
}


@pytest.fixture
def measured_settings(
    tmp_path: Path, seed_index: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    monkeypatch.setattr(quality_measurement, "load_encoder", lambda *_, **_options: encoder)
    files: dict[str, list[dict[str, Any]]] = {
        "questions.jsonl": [PLAIN, FOLLOW_UP],
        "questions_heldout.jsonl": [NEAR],
        "collections/parks/questions.jsonl": [
            {"id": "p1", "q": "福田區有多少名巡園員?", "type": "number", "gold": []}
        ],
    }
    for name, lines in files.items():
        path = tmp_path / "eval" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    bulletins = tmp_path / "eval" / "collections" / "parks" / "bulletins"
    bulletins.mkdir()
    (bulletins / "公園.txt").write_text(PARK, encoding="utf-8")
    return load_settings(
        index_dir=seed_index, development_questions=tmp_path / "eval", model_cache=tmp_path / "cache"
    )


@pytest.fixture
def measured(measured_settings: Settings) -> Measured:
    return measure_quality(measured_settings, None)


def fields(measured: Measured) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(quality_json(measured))
    return found


def test_held_out_questions_come_first_and_each_collection_has_its_own_index(measured: Measured) -> None:
    found = fields(measured)
    assert [(one["collection"], one["set"], one["questions"]) for one in found["sets"]] == [
        ("bulletins", "heldout", 1),
        ("bulletins", "development", 2),
        ("parks", "development", 1),
    ]
    assert (found["set"], found["questions"], found["hit_at_1"]) == ("heldout", 1, None)
    assert list(found["sets"][2]["sources"]) == ["公園.txt"]


def test_a_follow_up_is_asked_in_its_conversation(measured: Measured) -> None:
    development = fields(measured)["sets"][1]
    assert development["intervals"]["follow_ups"]["questions"] == 1
    assert development["intervals"]["hit_at_1"]["questions"] == 1
    assert development["hit_at_1"] == 1.0


def test_every_figure_of_a_table_has_its_interval(measured: Measured) -> None:
    screen = io.StringIO()
    show_quality(measured, Console(file=screen, width=100, highlight=False))
    text = screen.getvalue()
    assert text.index("bulletins, held out: 1 questions") < text.index("bulletins, development: 2 questions")
    assert "Wilson" in text
    assert "0.207 to 1.000" in text


def test_a_file_that_is_named_is_measured_alone(measured_settings: Settings) -> None:
    file = measured_settings.development_questions / "questions.jsonl"
    found = fields(measure_quality(measured_settings, file))
    assert (found["set"], found["questions"], found["hit_at_1"]) == ("development", 2, 1.0)
    assert found["ablation"][0]["signals"] == "all"


def test_about_shows_what_was_stored_of_the_held_out_questions(
    measured_settings: Settings, measured: Measured
) -> None:
    folder = measured_settings.development_questions
    store_quality(measured, folder)
    found = measured_quality(folder, measured.sets[0].manifest)
    assert found is not None
    assert (found.questions, found.first_hit) == (1, None)
    assert found.near_answered is not None


def test_what_a_model_was_trained_on_is_named_and_left_out(
    measured_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = measured_settings.development_questions
    (folder / "training_files.json").write_text('{"questions.jsonl": ""}', encoding="utf-8")
    show_evaluation(measured_settings, None, collection="bulletins", as_json=True)
    shown = capsys.readouterr()
    assert [one["files"] for one in json.loads(shown.out)["sets"]] == [["questions_heldout.jsonl"]]
    assert shown.err == "Left out because a model was trained on it: questions.jsonl.\n"


def test_a_file_and_a_collection_at_once_is_wrong_usage() -> None:
    result = CliRunner().invoke(app, ["evaluate", "--questions", str(DATA), "--collection", "bulletins"])
    assert result.exit_code == 2
