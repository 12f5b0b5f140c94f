from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.operations.rebuilding import build
from bot.operations.watcher import watch
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from tests.doubles import HashEncoder

TEXT = "精神文明建設工作簡報 篇1\n\n上海開展市民修身行動。\n"


class Looks(threading.Event):
    """Time for a watch: between two looks a step of a script happens; it stops when there are no more."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        super().__init__()
        self._steps = list(steps)

    def wait(self, timeout: float | None = None) -> bool:
        if not self._steps:
            return True
        self._steps.pop(0)()
        return False


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bulletins").mkdir()
    (tmp_path / "bulletins" / "1.txt").write_text(TEXT, encoding="utf-8")
    return Settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        development_questions=tmp_path / "none",
    )


def nothing() -> None:
    """Nobody touches the files."""


def appends(settings: Settings, text: str) -> Callable[[], object]:
    def step() -> None:
        with (settings.bulletins_dir / "1.txt").open("a", encoding="utf-8") as file:
            file.write(text)

    return step


def watched(settings: Settings, *steps: Callable[[], object]) -> tuple[int, list[str]]:
    """How often it built, and what it complained about."""
    complaints: list[str] = []
    builds: list[str] = []
    watch(
        settings,
        lambda: builds.append(build(settings, encoder=HashEncoder()).generation),
        complaints.append,
        Looks(*steps),
    )
    return len(builds), complaints


def test_it_builds_what_the_index_was_not_built_from_and_then_rests(settings: Settings) -> None:
    assert watched(settings, *[nothing] * 6) == (1, [])
    assert watched(settings, *[nothing] * 6) == (0, [])


def test_it_builds_after_a_change_has_settled_and_not_before(settings: Settings) -> None:
    build(settings, encoder=HashEncoder())
    grows = [appends(settings, f"\n第{number}段。\n") for number in range(4)]
    assert watched(settings, nothing, nothing, *grows) == (0, [])
    assert watched(settings, *[nothing] * 4) == (1, [])


def test_a_file_that_was_only_touched_is_not_built_again(settings: Settings) -> None:
    build(settings, encoder=HashEncoder())
    touch = (settings.bulletins_dir / "1.txt").touch
    assert watched(settings, nothing, nothing, touch, *[nothing] * 4) == (0, [])


def test_a_complaint_is_made_once_and_the_next_change_is_built(settings: Settings) -> None:
    (settings.bulletins_dir / "1.txt").write_text("", encoding="utf-8")
    builds, complaints = watched(settings, *[nothing] * 5, appends(settings, TEXT), *[nothing] * 3)
    assert builds == 1
    assert len(complaints) == 1
    assert complaints[0].startswith("Nothing to index in ")


def test_a_folder_that_goes_away_and_comes_back_is_watched_on(settings: Settings) -> None:
    away = settings.bulletins_dir.with_name("away")

    def leave() -> None:
        settings.bulletins_dir.rename(away)

    def come_back() -> None:
        away.rename(settings.bulletins_dir)

    assert watched(settings, leave, nothing, nothing, come_back, nothing, nothing)[0] == 1


def test_while_somebody_else_builds_it_tries_again(settings: Settings) -> None:
    from retrieval.storage.lock import IndexBusyError

    tries: list[str] = []

    def rebuild() -> None:
        tries.append("try")
        if len(tries) == 1:
            raise IndexBusyError(settings.index_dir, None)
        raise BulletinBotError("enough")

    complaints: list[str] = []
    watch(settings, rebuild, complaints.append, Looks(*[nothing] * 8))
    assert len(tries) == 2
    assert complaints[1] == "enough"


def test_a_rebuild_that_fails_in_a_way_nobody_foresaw_is_said_and_the_files_are_watched_on(
    settings: Settings,
) -> None:
    tries: list[str] = []
    complaints: list[str] = []

    def rebuild() -> None:
        tries.append("try")
        if len(tries) == 1:
            raise ZeroDivisionError
        build(settings, encoder=HashEncoder())

    watch(
        settings,
        rebuild,
        complaints.append,
        Looks(*[nothing] * 4, appends(settings, "\n北京。\n"), *[nothing] * 4),
    )
    assert len(tries) == 2
    assert ["ZeroDivisionError" in complaint for complaint in complaints] == [True]


NAMES = [
    "公告.txt".encode("gb18030"),
    "公告.txt".encode(),
    b"\xff\xfe\x80.txt",
    b"\xff\xfe\x81.txt",
    b"\xed\xa0\x80.txt",
    b"\x1b[31m.txt",
]


def test_files_whose_names_are_no_text_are_built_and_each_change_of_them_is_noticed(
    settings: Settings,
) -> None:
    paths = [Path(os.fsdecode(os.fsencode(settings.bulletins_dir) + b"/" + name)) for name in NAMES]
    for number, path in enumerate(paths):
        path.write_text(f"{TEXT}\n重慶有{number}名志願者。\n", encoding="utf-8")
    assert watched(settings, *[nothing] * 4) == (1, [])
    for path in paths:
        path.write_text(TEXT, encoding="utf-8")
        assert watched(settings, *[nothing] * 4) == (1, []), path
