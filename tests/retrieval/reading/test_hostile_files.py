"""Bombs, loops and ways out: each file ends in a finding or in nothing, soon, and writes nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from benchmarks.faults.hostile_files import FILES

from retrieval.reading.formats.pdf import reader as pdf_reader
from retrieval.reading.structure.passage_builder import read_files
from tests.conftest import BULLETINS

# Honest by their size, or the business of the process that reads uploads (`tests/retrieval/reading/test_upload_reader.py`).
SLOW = frozenset(
    {
        "zip of the most entries", "runs without end", "html with links in every block", "markdown emphasis", "markdown tables",
        "markdown brackets", "a megabyte of marks", "a megabyte of short lines", "pdf form that draws itself", "html entities",
    }
)  # fmt: skip
# So slow to make (or so large) that only the command tries them.
LARGE = frozenset(
    {
        "flat zip bomb",
        "nested zip bomb",
        "bzip2 bomb",
        "lzma bomb",
        "docx that is a bomb",
        "zip of many entries",
    }
)
SECONDS = 5.0  # of processor time; a bomb that is unpacked takes minutes, and a busy machine a factor of two


@pytest.fixture(scope="module", autouse=True)
def _dictionaries_are_loaded() -> None:
    """What is loaded once is not counted."""
    read_files([path for path in BULLETINS.iterdir() if path.is_file()], BULLETINS)


@pytest.mark.parametrize("title", sorted(FILES.keys() - SLOW - LARGE))
def test_a_bomb_is_read_or_named_within_seconds_and_writes_nothing(title: str, tmp_path: Path) -> None:
    name, make = FILES[title]
    path = tmp_path / "bulletins" / name
    path.parent.mkdir()
    path.write_bytes(make())
    started = time.process_time()
    reading = read_files([path], path.parent)
    assert time.process_time() - started < SECONDS
    assert not any("root:" in passage.text for passage in reading.passages)
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]


def test_a_drawing_that_draws_itself_is_named_and_what_lies_beside_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_reader, "SECONDS", 2)
    name, make = FILES["pdf form that draws itself"]
    (tmp_path / name).write_bytes(make())
    (tmp_path / "b.txt").write_text("【深圳】\n深圳市設立88個志願服務站。\n", "utf-8")
    reading = read_files([tmp_path / name, tmp_path / "b.txt"], tmp_path)
    assert [passage.file for passage in reading.passages] == ["b.txt"]
    assert [(finding.file, finding.message) for finding in reading.findings] == [
        (name, "takes too much time or memory to read; skipped")
    ]


def test_an_archive_of_one_content_many_times_is_refused_by_what_it_says_it_unpacks_to(
    tmp_path: Path,
) -> None:
    name, make = FILES["zip of one content many times"]
    (tmp_path / name).write_bytes(make())
    (finding,) = read_files([tmp_path / name], tmp_path).findings
    assert finding.message == "unpacks to more than 256 MB; skipped"


def test_cells_that_span_rows_and_columns_do_not_multiply(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<table>" + '<tr><td colspan="60" rowspan="60">字' * 200, encoding="utf-8")
    reading = read_files([path], tmp_path)
    assert max((len(passage.text) for passage in reading.passages), default=0) < 1_000
