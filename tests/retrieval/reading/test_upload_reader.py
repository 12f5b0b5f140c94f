"""Uploads read beside the bot: what is honest is read alike, what is not ends, and nobody waits for it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from benchmarks.faults.hostile_files import FILES, word_file

from retrieval.reading import read_upload
from retrieval.reading.structure.passage_builder import read_files

_LONGEST_PAUSE = 1.0


def written(folder: Path, title: str) -> Path:
    name, make = FILES[title]
    (folder / name).write_bytes(make())
    return folder / name


async def test_a_file_read_beside_the_bot_is_read_as_by_it_without_its_texts(tmp_path: Path) -> None:
    paragraph = "<w:p><w:r><w:t>深圳市文明辦設立88個志願服務站,方便市民就近參加。</w:t></w:r></w:p>"
    path = tmp_path / "a.docx"
    path.write_bytes(word_file(paragraph))
    here, beside = read_files([path], tmp_path), await read_upload(path)
    assert [passage.passage_id for passage in beside.passages] == [p.passage_id for p in here.passages]
    assert [passage.place for passage in beside.passages] == [passage.place for passage in here.passages]
    assert beside.findings == here.findings
    assert {passage.text for passage in beside.passages} == {""}


async def test_a_drawing_that_draws_itself_is_given_up_while_the_bot_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path, "pdf form that draws itself")
    reading = asyncio.create_task(read_upload(path, seconds=2))
    longest = 0.0
    while not reading.done():
        before = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - before)
    found = reading.result()
    assert found.passages == ()
    assert [finding.message for finding in found.findings] == [
        "takes too much time or memory to read; skipped"
    ]
    assert longest < _LONGEST_PAUSE
    assert list(tmp_path.iterdir()) == [path]


async def test_a_reader_is_ended_with_whoever_waits_for_it(tmp_path: Path) -> None:
    path = written(tmp_path, "pdf form that draws itself")
    reading = asyncio.create_task(read_upload(path))
    await asyncio.sleep(0.3)
    reading.cancel()
    started = time.monotonic()
    await asyncio.wait({reading})
    assert reading.cancelled()
    assert time.monotonic() - started < 5
