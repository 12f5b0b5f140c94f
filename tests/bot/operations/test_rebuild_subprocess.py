from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.operations.rebuild_subprocess import rebuild_in_child
from bot.settings import load_settings
from retrieval.errors import BulletinBotError
from retrieval.index.generations import current_folder, generation_folders

NEW = "工作簡報 篇1\n\n【深圳】\n\n深圳市文明辦設立88個志願服務站,方便市民就近參加。\n"


async def test_a_child_reads_builds_and_puts_into_service_while_the_loop_runs(
    seed_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seed_index, index)
    bulletins = tmp_path / "bulletins"
    bulletins.mkdir()
    (bulletins / "new.txt").write_text(NEW, encoding="utf-8")
    seen: list[tuple[str, int, int]] = []
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    other_work = asyncio.create_task(take_turns())
    settings = load_settings(bulletins_dir=bulletins, index_dir=index)
    summary = await rebuild_in_child(settings, lambda *progress: seen.append(progress))
    other_work.cancel()
    assert turns > 10
    assert current_folder(index).name == summary.generation
    assert (summary.passages, summary.findings) == (1, 0)
    assert sum(change.added for change in summary.changes) == 1
    assert sum(change.removed for change in summary.changes) == 69
    assert all(0 <= done <= total for _, done, total in seen)
    assert seen


async def test_what_the_operator_can_mend_comes_back_as_its_sentence(tmp_path: Path) -> None:
    settings = load_settings(bulletins_dir=tmp_path, index_dir=tmp_path / "index")
    with pytest.raises(BulletinBotError, match="Nothing to index"):
        await rebuild_in_child(settings, lambda *_: None)


async def test_a_cancelled_rebuild_ends_its_child_and_leaves_what_is_in_service(
    seed_index: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seed_index, index)
    before = current_folder(index)
    settings = load_settings(index_dir=index)
    work = asyncio.create_task(rebuild_in_child(settings, lambda *_: None))
    await asyncio.sleep(0)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert current_folder(index) == before
    assert generation_folders(index) == [before]


async def test_a_child_that_dies_is_reported_with_its_exit_status(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.operations.rebuild_subprocess._MODULE", "no.such.module")
    settings = load_settings(index_dir=tmp_path)
    with pytest.raises(BulletinBotError, match=r"ended early \(exit status 1\)"):
        await rebuild_in_child(settings, lambda *_: None)
