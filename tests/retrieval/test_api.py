"""The library as `docs/api.md` shows it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import retrieval
from tests.conftest import BULLETINS
from tests.doubles import HashEncoder

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
SHOWN = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_lines_of_the_page_run_as_they_are(
    seed_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(seed_index, tmp_path / "data" / "index")
    shutil.copytree(BULLETINS, tmp_path / "data" / "bulletins")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for lines in SHOWN:
        exec(compile(lines, str(PAGE), "exec"), names)  # noqa: S102 - the page is ours
    answer, hits, index = names["answer"], names["hits"], names["index"]
    assert isinstance(answer, retrieval.Answered)
    assert "每月發佈10名月榜人物" in answer.quotes[0].text
    assert isinstance(hits, tuple)
    assert {hit.passage.place_name for hit in hits} == {"重慶"}
    assert isinstance(index, retrieval.BulletinIndex)
    assert "北京" in index.places
    assert capsys.readouterr().out.startswith(answer.quotes[0].text)


def test_what_was_built_is_what_is_opened_and_nothing_is_embedded_twice(tmp_path: Path) -> None:
    bulletins, folder = tmp_path / "bulletins", tmp_path / "index"
    bulletins.mkdir()
    (bulletins / "簡報.txt").write_text("篇1\n北京\n志願者走進社區。\n", encoding="utf-8")
    encoder = HashEncoder()
    built = retrieval.build(bulletins, folder, encoder)
    assert retrieval.open_index(str(folder), encoder).index.name == built.index.name
    encoder.passages_encoded.clear()
    again = retrieval.build(bulletins, folder, encoder)
    assert again.index.name != built.index.name
    assert encoder.passages_encoded == []
    assert [hit.passage.text for hit in again.search("志願者")] == ["志願者走進社區。"]


def test_what_a_caller_can_correct_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(retrieval.BulletinBotError, match="No folder of bulletins"):
        retrieval.build(tmp_path / "nothing", tmp_path / "index", HashEncoder())
    with pytest.raises(retrieval.BulletinBotError):
        retrieval.open_index(tmp_path, HashEncoder())


def test_importing_the_library_loads_no_library() -> None:
    heavy = "import sys, retrieval; sys.exit(any(name in sys.modules for name in ('numpy', 'torch', 'faiss', 'jieba')))"
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0


def test_every_name_that_is_listed_is_there() -> None:
    assert all(getattr(retrieval, name) for name in retrieval.__all__)
