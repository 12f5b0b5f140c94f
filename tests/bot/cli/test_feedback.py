from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.feedback import confirm_feedback, export_feedback, open_state, show_feedback
from bot.cli.main import main
from bot.operations.evaluation_questions import Correction, question_line
from bot.settings import Settings
from bot.state.answers import save_answer
from bot.state.feedback import Feedback, save_verdict
from bot.state.records import QuotedSpan, Verdict
from bot.state.sqlite import open_database
from retrieval.errors import BulletinBotError
from retrieval.evaluation.dataset import read_questions
from retrieval.index.generations import current_folder
from retrieval.storage.passage_store import PassageStore
from tests.bot.state.test_answers import ANSWER
from tests.doubles import SMALL_PASSAGES

PEOPLE = SMALL_PASSAGES[0]  # 北京市評選身邊好人。每月發佈10名月榜人物。
GOOD = Feedback(
    feedback_id=1,
    verdict=Verdict.GOOD,
    question="每月發佈多少人",
    generation="20260101T000000.000000Z",
    quotes=(QuotedSpan(PEOPLE.passage_id, 9, 21),),
    at=0.0,
    confirmed=None,
)
NOTHING_SAID = Correction()


@pytest.fixture
def settings(tmp_path: Path, seed_index: Path) -> Settings:
    """A state with a good answer (1) and a bad refusal (2), beside the index of the seven bulletins."""
    settings = Settings(state_db=tmp_path / "bot.sqlite3", index_dir=seed_index)
    database = open_database(settings.state_db, lambda: 0.0)
    quotes = (QuotedSpan(_seed_passage(seed_index), 0, 8),)
    save_answer(database, replace(ANSWER, quotes=quotes))
    save_answer(database, replace(ANSWER, answer_id="a2", message_ids=(13,), quotes=()))
    save_verdict(database, "a1", 7, Verdict.GOOD)
    save_verdict(database, "a2", 7, Verdict.BAD)
    database.close()
    return settings


def _seed_passage(seed_index: Path) -> str:
    return PassageStore.load(current_folder(seed_index) / "passages")[0].passage_id


def test_a_good_answer_becomes_a_question_whose_gold_is_what_was_quoted() -> None:
    fields = json.loads(question_line(GOOD, SMALL_PASSAGES, NOTHING_SAID))
    assert fields.pop("id").startswith("feedback-")
    assert fields == {
        "q": "每月發佈多少人",
        "script": "hant",
        "type": "feedback",
        "place": "北京",
        "gold": [{"bulletin": "篇1", "place": "北京", "section": "二", "answer": PEOPLE.text[9:21]}],
        "note": "from feedback",
    }


def test_a_bad_answer_becomes_a_question_with_the_words_that_are_right_in_the_script_of_the_bulletin() -> (
    None
):
    bad = replace(GOOD, verdict=Verdict.BAD)
    fields = json.loads(question_line(bad, SMALL_PASSAGES, Correction(words=" 市民修身行动 ")))
    assert fields["gold"] == [{"bulletin": "篇2", "place": "上海", "section": None, "answer": "市民修身行動"}]


@pytest.mark.parametrize(
    ("kind", "note"), [("near", "near miss: from feedback"), ("far", "far: from feedback")]
)
def test_what_has_no_answer_becomes_a_question_to_refuse(kind: str, note: str) -> None:
    fields = json.loads(question_line(GOOD, SMALL_PASSAGES, Correction(unanswerable=kind)))  # type: ignore[arg-type]
    assert (fields["type"], fields["gold"], fields["note"]) == ("unanswerable", [], note)


@pytest.mark.parametrize(
    ("found", "correction", "sentence"),
    [
        (replace(GOOD, verdict=Verdict.BAD), NOTHING_SAID, r"Feedback 1 \(bad, answered\).*--answer WORDS"),
        (replace(GOOD, quotes=()), NOTHING_SAID, r"Feedback 1 \(good, refused\).*--unanswerable"),
        (
            replace(GOOD, quotes=(QuotedSpan("f" * 16, 0, 1),)),
            NOTHING_SAID,
            "passage f{16} .* not in the generation",
        ),
        (GOOD, Correction(words="無處可尋"), "No passage .* holds “無處可尋”"),
        (GOOD, Correction(words="。"), r"stands in \d+ passages: copy more"),
    ],
)
def test_where_nobody_said_what_is_right_the_operator_is_told_how(
    found: Feedback, correction: Correction, sentence: str
) -> None:
    with pytest.raises(BulletinBotError, match=sentence):
        question_line(found, SMALL_PASSAGES, correction)


def test_the_same_content_has_the_same_id_whatever_its_number() -> None:
    again = replace(GOOD, feedback_id=9, generation="other", at=5.0)
    other = replace(GOOD, question="每月發佈幾人")
    lines = [question_line(found, SMALL_PASSAGES, NOTHING_SAID) for found in (GOOD, again, other)]
    assert lines[0] == lines[1]
    assert json.loads(lines[0])["id"] != json.loads(lines[2])["id"]


def test_exporting_adds_what_is_missing_and_leaves_every_line_alone(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "questions_feedback.jsonl"
    file.write_text('{"id": "d1", "q": "問", "type": "name", "gold": []}', encoding="utf-8")
    before = file.read_text(encoding="utf-8")
    confirm_feedback(settings, [1], NOTHING_SAID)
    export_feedback(settings, file)
    export_feedback(settings, file)
    confirm_feedback(settings, [2], Correction(unanswerable="near"))
    export_feedback(settings, file)
    assert file.read_text(encoding="utf-8").startswith(before + "\n")
    questions = read_questions(file)
    assert [question.text for question in questions] == ["問", ANSWER.turn.question, ANSWER.turn.question]
    assert [question.is_near_miss for question in questions] == [False, False, True]


def test_a_file_of_anything_else_is_not_added_to(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("my notes\n", encoding="utf-8")
    confirm_feedback(settings, [1], NOTHING_SAID)
    with pytest.raises(BulletinBotError, match=r"notes\.txt, line 1"):
        export_feedback(settings, file)
    assert file.read_text(encoding="utf-8") == "my notes\n"


def test_several_are_confirmed_together_or_not_at_all(settings: Settings) -> None:
    with pytest.raises(BulletinBotError, match="Feedback 2"):
        confirm_feedback(settings, [1, 2], NOTHING_SAID)
    with pytest.raises(BulletinBotError, match="There is no feedback 3"):
        confirm_feedback(settings, [1, 3], NOTHING_SAID)
    assert open_state(settings).number("SELECT count(*) FROM feedback WHERE confirmed IS NOT NULL") == 0


def test_the_list_is_a_table_or_a_line_of_json_each(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    confirm_feedback(settings, [1], NOTHING_SAID)
    capsys.readouterr()
    show_feedback(settings, as_json=False)
    table = capsys.readouterr().out
    assert "1970-01-01 00:00" in table
    assert "refused" in table
    show_feedback(settings, as_json=True)
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert " ".join(good) == "id at verdict question generation quotes confirmed"
    assert (good["verdict"], good["confirmed"]["q"], good["quotes"][0]["end"]) == (
        "good",
        ANSWER.turn.question,
        8,
    )
    assert (bad["verdict"], bad["confirmed"], bad["quotes"]) == ("bad", None, [])


def test_without_a_state_the_operator_is_told_who_makes_it(tmp_path: Path) -> None:
    missing = tmp_path / "bot.sqlite3"
    with pytest.raises(BulletinBotError, match="There is no state in"):
        open_state(Settings(state_db=missing))
    assert not missing.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--answer", "words"],
        ["--unanswerable", "near", "--confirm", "1", "--confirm", "2"],
        ["--unanswerable", "maybe"],
    ],
)
def test_wrong_usage_ends_with_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["feedback", *arguments])
    assert end.value.code == 2


def test_the_command_line_confirms_and_exports_in_one_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STATE_DB", str(settings.state_db))
    file = tmp_path / "questions_feedback.jsonl"
    with pytest.raises(SystemExit) as end:
        main(["feedback", "--confirm", "1", "--export", str(file), "--index", str(settings.index_dir)])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"Confirmed: 1.\n1 of 1 confirmed questions added to {file}.\n"
    assert len(read_questions(file)) == 1
