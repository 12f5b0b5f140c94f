from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.cli.progress import changed_lines, show_report, shown_progress
from bot.operations import index_status
from retrieval.building.diff import count_by_place, passage_changes
from retrieval.building.reports import BuildReport
from retrieval.evaluation.regression_gate import Verdict
from retrieval.progress import Stage
from tests.doubles import SMALL_PASSAGES, make_passage


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    return Console(file=written, force_terminal=terminal, width=120, color_system=None), written


def report(*, passed: bool = True, forced: bool = False) -> BuildReport:
    new = (make_passage("f" * 16, "每月發佈12名。", section="二、每月評選"), *SMALL_PASSAGES[1:])
    details = passage_changes(SMALL_PASSAGES, new)
    after = 1.0 if passed else 0.5
    return BuildReport(
        generation="20260102T000000.000000Z",
        replaces="20260101T000000.000000Z",
        passages=6,
        embedded=1,
        encoder="test/character-hashes",
        changes=count_by_place(details, SMALL_PASSAGES, new),
        details=details,
        findings=(),
        gate=Verdict(0.05, {"a": (True, True), "b": (True, True)}, 1.0, after, 1.0, 1.0, ()),
        forced=forced,
        seconds={},
    )


def test_without_a_terminal_a_stage_is_one_plain_line_with_its_rate() -> None:
    plain, written = console(terminal=False)
    with shown_progress(plain) as progress:
        for done in (0, 16, 32, 40):
            progress(Stage.EMBEDDING, done, 40)
        progress(Stage.WRITING, 0, 1)
        progress(Stage.WRITING, 1, 1)
    first, second = written.getvalue().splitlines()
    assert first.startswith("embedding 40/40, ")
    assert "/s" in first
    assert second.startswith("writing 1/1")
    assert "\x1b" not in written.getvalue()


def test_a_long_stage_says_now_and_then_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 6))
    monkeypatch.setattr("bot.cli.progress.time.monotonic", lambda: float(next(clock)))
    plain, written = console(terminal=False)
    with shown_progress(plain) as progress:
        for done in (0, 10, 20, 30):
            progress(Stage.EMBEDDING, done, 40)
    assert written.getvalue() == "embedding 20/40, 1.7/s, 12 s left\n"


def test_hours_are_said_as_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 30))
    monkeypatch.setattr("bot.cli.progress.time.monotonic", lambda: float(next(clock)))
    plain, written = console(terminal=False)
    with shown_progress(plain) as progress:
        for done in (0, 10, 20):
            progress(Stage.EMBEDDING, done, 4020)
    assert written.getvalue().splitlines()[-1] == "embedding 20/4020, 0.3/s, 3 h 20 min left"


def test_nothing_to_embed_is_said_too() -> None:
    plain, written = console(terminal=False)
    with shown_progress(plain) as progress:
        progress(Stage.EMBEDDING, 0, 0)
    assert written.getvalue() == "embedding 0/0\n"


def test_on_a_terminal_every_stage_has_a_bar_with_rate_and_time_left() -> None:
    bars, written = console(terminal=True)
    with shown_progress(bars) as progress:
        progress(Stage.EMBEDDING, 0, 40)
        progress(Stage.EMBEDDING, 20, 40)
    assert "embedding" in written.getvalue()
    assert "20/40" in written.getvalue()
    assert "-:--:--" in written.getvalue()


def test_the_report_shows_places_old_and_new_text_the_questions_and_what_serves() -> None:
    plain, written = console(terminal=False)
    show_report(report(), plain)
    said = written.getvalue()
    assert "北京" in said
    assert (
        "changed: 篇1·北京·二、每月評選: 北京市評選身邊好人。每月發佈10名月榜人物。 → 每月發佈12名。" in said
    )
    assert "2 questions with known answers, passed" in said
    assert "Generation 20260102T000000.000000Z is in service: 6 passages, 1 of them embedded" in said


def test_many_changes_are_cut_short_and_counted() -> None:
    many = tuple(make_passage(f"{number:016x}", "字" * 100, section=f"{number}、事") for number in range(12))
    *shown, rest = changed_lines(passage_changes((), many))
    assert len(shown) == 10
    assert shown[0].startswith("added: 篇1·北京·0、事: ")
    assert shown[0].endswith("字…")
    assert rest == "… and 2 more"


@pytest.mark.parametrize(
    ("passed", "forced", "word"),
    [(True, False, "passed"), (False, True, "let pass by --force"), (False, False, "not passed")],
)
def test_how_the_questions_went_is_one_sentence(passed: bool, forced: bool, word: str) -> None:
    assert f"known answers, {word}: " in index_status.gate_line(report(passed=passed, forced=forced))
