"""`bulletin-bot purge` as an operator types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.main import main
from bot.operations.rebuilding import build
from bot.settings import Settings
from retrieval.index import generations, index_files
from tests.doubles import HashEncoder

FIRST = "工作簡報\n篇1\n上海\n一、市民修身\n上海開展市民修身行動,發放手冊五萬冊。\n"
SECOND = "工作簡報\n篇2\n江蘇南京\n一、圖書館\n南京的圖書館延長開放時間。\n"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Options that name the folders of an index of two bulletins."""
    monkeypatch.setenv("STATE_DB", str(tmp_path / "state.sqlite3"))
    monkeypatch.setenv("DEVELOPMENT_QUESTIONS", str(tmp_path / "none"))
    bulletins, index = tmp_path / "bulletins", tmp_path / "index"
    bulletins.mkdir()
    for name, text in (("first", FIRST), ("second", SECOND)):
        (bulletins / f"{name}.txt").write_text(text, encoding="utf-8")
    settings = Settings(bulletins_dir=bulletins, index_dir=index, development_questions=tmp_path / "none")
    build(settings, encoder=HashEncoder())
    return ["--data", str(bulletins), "--index", str(index)]


def run(*arguments: str) -> int:
    """The exit status."""
    try:
        main(["purge", *arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def labels(folders: list[str]) -> list[str]:
    index = index_files.load_index(generations.current_folder(Path(folders[3])))
    return [each.label for each in index.passages.bulletins]


def test_without_a_name_the_bulletins_are_listed(
    folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*folders) == 0
    printed = capsys.readouterr().out
    assert all(words in printed for words in ("篇1", "first.txt", "篇2", "second.txt"))


def test_what_goes_is_shown_and_nothing_is_done_unless_somebody_is_sure(
    folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("篇2", *folders) == 1
    printed = capsys.readouterr()
    assert "second.txt is deleted" in printed.out
    assert "江蘇南京" in printed.out
    assert printed.err.strip() == "Nothing was taken out: there is nobody to ask here, so add --yes."
    assert labels(folders) == ["篇1", "篇2"]
    assert run("篇2", "--yes", *folders) == 0
    assert labels(folders) == ["篇1"]
    assert "Older generations: none is kept." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("篇9", "No bulletin is called '篇9'"),
        ("txt", "'txt' names 2 bulletins: 篇1 (first.txt); 篇2 (second.txt)"),
    ],
)
def test_a_name_of_none_or_of_several_is_one_sentence(
    folders: list[str], capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    assert run(name, "--yes", *folders) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_an_unknown_collection_and_the_only_bulletin_are_one_sentence(
    folders: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("篇1", "--collection", "年報", "--yes", *folders) == 1
    assert "There is no collection '年報'" in capsys.readouterr().err
    assert run("篇1", "--yes", *folders) == 0
    assert run("篇2", "--yes", *folders) == 1
    assert "the only bulletin of the index" in capsys.readouterr().err
    assert labels(folders) == ["篇2"]
