"""The bot beside a rebuild: the index it serves, the time of the change, and the memory it frees."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import shutil
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.serving.answerer import Answerer
from bot.serving.index_reloader import reloading, watch_pointer
from bot.settings import Settings
from retrieval.building.builder import build_generation, write_generation
from retrieval.index.generations import current_folder, load_serving, roll_back
from retrieval.types import Answer, Passage
from tests.doubles import SMALL_PASSAGES, HashEncoder, make_passage

QUESTION = "北京市評選身邊好人。每月發佈10名月榜人物。"
SECONDS = 30.0


def build(index: Path, passages: tuple[Passage, ...] = SMALL_PASSAGES) -> str:
    encoder = HashEncoder()
    return write_generation(build_generation(passages, encoder), encoder, index, {}).name


def eventually(holds: Callable[[], bool]) -> None:
    """Waits until it holds; a minute of a busy machine is not a failure."""
    pause = threading.Event()
    for _ in range(int(SECONDS / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    pytest.fail("it never came to hold")


def _serves(answerer: Answerer, name: str) -> bool:
    return answerer.index.name == name


@pytest.fixture
def answerer(tmp_path: Path) -> Iterator[Answerer]:
    """An answerer that follows the index below tmp_path."""
    build(tmp_path)
    encoder = HashEncoder()
    answerer = Answerer(load_serving(tmp_path, encoder.name), encoder)
    stop = threading.Event()
    thread = threading.Thread(target=watch_pointer, args=(answerer, tmp_path, stop, 0.01))
    thread.start()
    yield answerer
    stop.set()
    thread.join()
    answerer.close()


def test_a_new_generation_and_a_rollback_are_served_without_a_restart(
    answerer: Answerer, tmp_path: Path
) -> None:
    first = answerer.index.name
    second = build(tmp_path)
    eventually(lambda: answerer.index.name == second)
    roll_back(tmp_path)
    eventually(lambda: answerer.index.name == first)


def test_the_memory_of_the_generation_before_is_given_back(answerer: Answerer, tmp_path: Path) -> None:
    answerer.answer_now(QUESTION)
    gone = weakref.ref(answerer.index)
    name = build(tmp_path)
    eventually(lambda: answerer.index.name == name)
    gc.collect()
    assert gone() is None


def test_a_damaged_generation_is_not_taken_and_named(
    answerer: Answerer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = answerer.index.name
    broken = tmp_path / "20990101T000000.000000Z"
    shutil.copytree(tmp_path / before, broken)
    (broken / "spans.npy").write_bytes(b"")
    (tmp_path / "next").write_text(broken.name, encoding="utf-8")
    (tmp_path / "next").replace(tmp_path / "current")
    eventually(lambda: "spans.npy is damaged" in caplog.text)
    assert answerer.index.name == before
    assert f"The generation {before} stays in service." in caplog.text
    name = build(tmp_path)
    eventually(lambda: answerer.index.name == name)


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def replaced(file: Path) -> None:
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(bytes(len(content)))


@pytest.mark.parametrize("damage", [cut_short, replaced, Path.unlink])
def test_when_a_file_in_service_is_damaged_the_generation_before_is_served(
    answerer: Answerer, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    before = answerer.index.name
    name = build(tmp_path)
    eventually(functools.partial(_serves, answerer, name))
    damage(tmp_path / name / "tokens" / "codes.npy")
    eventually(functools.partial(_serves, answerer, before))
    eventually(lambda: f"the generation {before} is served from now on" in caplog.text)
    assert f"codes.npy of the index in service was changed: the generation {before} is served" in caplog.text
    assert answerer.answer_now(QUESTION).hits
    assert answerer.index_fault == ""


def test_with_nothing_whole_the_small_index_in_memory_goes_on_and_the_fault_is_said_once(
    answerer: Answerer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(tmp_path / answerer.index.name)
    eventually(lambda: answerer.index_fault != "")
    assert answerer.answer_now(QUESTION).quotes
    assert caplog.text.count("there is no whole index to serve instead") == 1
    name = build(tmp_path)
    eventually(functools.partial(_serves, answerer, name))
    assert answerer.index_fault == ""


TRUNCATED = """
import sys
from pathlib import Path
from retrieval.answering import answer
from retrieval.index.generations import load_serving
from tests.doubles import HashEncoder
encoder = HashEncoder()
index = load_serving(Path(sys.argv[1]), encoder.name)
for file in Path(sys.argv[1]).rglob("*"):
    if file.is_file():
        file.write_bytes(b"")
print(answer(sys.argv[2], index, encoder).quotes[0].text)
"""


def test_a_small_index_whose_files_are_cut_short_after_loading_answers_on(tmp_path: Path) -> None:
    build(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", TRUNCATED, str(tmp_path), QUESTION],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "10名月榜人物" in done.stdout


async def test_askers_during_rebuilds_get_whole_answers_of_one_generation(
    answerer: Answerer, tmp_path: Path
) -> None:
    answers: list[Answer] = []
    done = asyncio.Event()

    async def ask() -> None:
        while not done.is_set():
            answers.append(await answerer.answer(QUESTION))

    askers = [asyncio.create_task(ask()) for _ in range(20)]
    for number in range(5):
        extra = make_passage(f"{number:016x}", f"第{number}次更新。", place="重慶")
        name = await asyncio.to_thread(build, tmp_path, (*SMALL_PASSAGES, extra))
        await asyncio.to_thread(eventually, functools.partial(_serves, answerer, name))
    done.set()
    await asyncio.gather(*askers)
    known = {passage.passage_id for passage in SMALL_PASSAGES}
    assert len(answers) >= 20
    for found in answers:
        assert found.hits[0].passage.passage_id == SMALL_PASSAGES[0].passage_id
        assert {citation.passage.passage_id for citation in found.citations} <= known
        for quote in found.quotes:
            assert quote.text in quote.passage.text
    assert answerer.catalog.locate(SMALL_PASSAGES[0].passage_id) is not None


def test_with_watch_bulletins_a_changed_file_is_built_and_served(tmp_path: Path) -> None:
    (tmp_path / "bulletins").mkdir()
    file = tmp_path / "bulletins" / "1.txt"
    file.write_text("精神文明建設工作簡報 篇1\n\n上海開展市民修身行動。\n", encoding="utf-8")
    settings = Settings(
        bulletins_dir=file.parent,
        index_dir=tmp_path / "index",
        development_questions=tmp_path / "none",
        watch_bulletins=True,
    )
    build(settings.index_dir)
    encoder = HashEncoder()
    answerer = Answerer(load_serving(settings.index_dir, encoder.name), encoder)
    with reloading(answerer, settings):
        eventually(
            lambda: [passage.text for passage in answerer.index.passages] == ["上海開展市民修身行動。"]
        )
    assert answerer.index.name == current_folder(settings.index_dir).name
    answerer.close()
