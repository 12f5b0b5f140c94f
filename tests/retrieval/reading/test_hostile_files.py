"""Bombs, loops and ways out: each file ends in a finding or in nothing, soon, and writes nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.faults.hostile_files import FILES

from retrieval.reading.formats.pdf import reader as pdf_reader
from retrieval.reading.structure.passage_builder import read_files
from retrieval.types import LeftOutReason
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


def _docx(text: str) -> bytes:
    import docx

    content = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("工作簡報 篇1")
    document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.txt", lambda text: f"工作簡報 篇1\n\n{text}\n".encode()),
        ("a.md", lambda text: f"工作簡報 篇1\n\n{text}\n".encode()),
        (
            "a.html",
            lambda text: f"<html><meta charset=utf-8><p>工作簡報 篇1</p><p>{text}</p></html>".encode(),
        ),
        ("a.docx", _docx),
    ],
)
def test_characters_that_are_not_shown_are_dropped_from_every_format_and_said(
    tmp_path: Path, name: str, make: Callable[[str], bytes]
) -> None:
    (tmp_path / name).write_bytes(make("上海市開展\u202e市民\x9b修身\u2066行動,共有3,600人參加。"))
    reading = read_files([tmp_path / name], tmp_path)
    assert any("上海市開展市民修身行動,共有3,600人參加。" in passage.text for passage in reading.passages)
    assert any(entry.reason is LeftOutReason.HIDDEN and "U+202E" in entry.text for entry in reading.left_out)
