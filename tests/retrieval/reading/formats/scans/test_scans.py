"""Scans: marked as recognised, in the order of reading, with what is illegible in the ledger, by page and from the cache."""

from __future__ import annotations

import importlib.metadata
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from retrieval.progress import Stage
from retrieval.reading import read_files, sandbox
from retrieval.reading.formats.loader import read_content
from retrieval.reading.formats.scans import cut_picture, recognition
from retrieval.reading.formats.scans.engine import ocr_tool, page_part
from retrieval.reading.formats.scans.layout import rows_of_page
from retrieval.reading.formats.scans.pictures import merged
from retrieval.reading.formats.scans.reader import LOWEST_SCORE
from retrieval.reading.formats.scans.recognition import RecognizedLine, RecognizedPage
from retrieval.types import LeftOutReason, PageRegion, Recognition
from tests.retrieval.reading.formats.scans.recorded_scan import (
    SCAN,
    expected,
    folded,
    keep_recorded,
    recorded_lines,
)


def line(text: str, left: float, top: float, width: float, height: float = 40) -> RecognizedLine:
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return RecognizedLine(text, 0.95, corners)


def order(*lines: RecognizedLine) -> list[str]:
    page = RecognizedPage(0, 1654, 2338, lines)
    return [row.text for row in rows_of_page(page, lines, "source")]


def test_the_handed_scan_gives_its_nine_paragraphs_each_marked(cache: Path) -> None:
    keep_recorded(cache)
    document = read_content(SCAN.read_bytes(), "suzhou_scan.pdf")
    assert [folded(line.text) for line in document.lines] == expected()
    for read in document.lines:
        assert read.recognized is not None
        assert 0.9 < read.recognized.score <= 1
        for region in read.recognized.regions:
            assert 0 <= region.left < region.right <= 1
            assert 0 <= region.top < region.bottom <= 1
    assert any("as recognised" in finding.message for finding in document.findings)


def test_passages_of_a_scan_are_marked_with_place_and_sections(cache: Path) -> None:
    keep_recorded(cache)
    reading = read_files([SCAN], SCAN.parent)
    assert {passage.place_name for passage in reading.passages} == {"江蘇蘇州"}
    assert [passage.section for passage in reading.passages] == [None, "一", "二", "三"]
    assert all(passage.recognized for passage in reading.passages)


def test_a_line_with_a_low_score_is_left_out_by_name(cache: Path) -> None:
    lines = recorded_lines()
    text, _, corners = lines[-1]
    keep_recorded(cache, [*lines[:-1], (text, LOWEST_SCORE - 0.01, corners)])
    document = read_content(SCAN.read_bytes(), "suzhou_scan.pdf")
    assert text not in "".join(line.text for line in document.lines)
    assert [
        (entry.text, entry.line) for entry in document.left_out if entry.reason is LeftOutReason.ILLEGIBLE
    ] == [(text, 1)]


def test_columns_are_read_one_after_the_other() -> None:
    left = [
        line(f"左欄第{n}行文明實踐活動廣泛開展", 150, 300 + 60 * i, 560) for i, n in enumerate("一二三四五")
    ]
    right = [
        line(f"右欄第{n}行志願服務隊伍不斷壯大", 900, 300 + 60 * i, 560) for i, n in enumerate("一二三四五")
    ]
    across = [part for pair in zip(left, right, strict=True) for part in pair]
    assert order(*across) == [part.text for part in (*left, *right)]


def test_vertical_columns_are_read_from_right_to_left() -> None:
    columns = [
        line(f"第{n}行文明實踐活動廣泛開展", 1300 - 90 * i, 300, 40, 520) for i, n in enumerate("一二三")
    ]
    assert "".join(order(*reversed(columns))) == "".join(column.text for column in columns)


def test_a_skew_page_has_straight_rows() -> None:
    turned = [
        RecognizedLine(
            f"第{number}行文明實踐活動廣泛開展惠及羣眾",
            0.95,
            ((200, y), (1400, y - 25), (1400, y + 20), (200, y + 45)),
        )
        for number, y in enumerate(range(400, 800, 80))
    ]
    assert order(*turned) == [part.text for part in turned]


def test_the_picture_of_a_passage_is_cut_from_its_page(cache: Path) -> None:
    keep_recorded(cache)
    document = read_content(SCAN.read_bytes(), "suzhou_scan.pdf")
    recognized = document.lines[2].recognized
    assert recognized is not None
    cut = cut_picture(recognized)
    assert cut is not None
    picture = Image.open(io.BytesIO(cut))
    page = Image.open(io.BytesIO(next(cache.rglob("*.jpg")).read_bytes()))
    assert 0.6 * page.width < picture.width <= page.width
    assert picture.height < page.height / 10


def test_a_picture_whose_page_is_gone_is_none(cache: Path) -> None:
    cache.mkdir()
    assert cut_picture(Recognition(0.9, "0" * 40, (PageRegion(0, 0, 0, 1, 1),))) is None


def test_lines_of_one_column_are_one_region() -> None:
    lines = tuple(PageRegion(0, 0.1, 0.1 * n, 0.9, 0.1 * n + 0.05) for n in range(3))
    assert merged((*lines, PageRegion(1, 0.1, 0.1, 0.9, 0.2))) == [
        PageRegion(0, 0.1, 0.0, 0.9, 0.25),
        PageRegion(1, 0.1, 0.1, 0.9, 0.2),
    ]


def test_without_the_extra_a_scan_is_named_with_the_command_that_adds_it(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    document = read_content(SCAN.read_bytes(), "suzhou_scan.pdf")
    assert not document.lines
    assert "make ocr" in document.findings[0].message


def test_what_is_kept_is_used_without_the_extra_and_starts_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_recorded(cache)
    monkeypatch.setattr(recognition, "_recognize", pytest.fail)
    assert read_content(SCAN.read_bytes(), "a.pdf").lines


def test_a_killed_recognition_goes_on_at_the_page_where_it_ended(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = keep_recorded(cache)
    asked: list[int] = []

    def killed_at_the_third_page(_job: object, request: bytes, _limits: sandbox.Limits) -> bytes:
        for number in json.loads(request.partition(b"\n")[0])[1]:
            asked.append(number)
            if number == 2 and asked.count(2) == 1:
                raise sandbox.UnreadableFileError("killed")
            (folder / page_part(number)).write_text(json.dumps([10, 10, []]), encoding="utf-8")
        return b""

    monkeypatch.setattr(sandbox, "run", killed_at_the_third_page)
    monkeypatch.setattr(recognition, "ocr_tool", lambda: type(ocr_tool())("rapidocr", folder.parent.name))
    recognition.recognized_pages(SCAN.read_bytes(), "a.pdf", [0, 1, 2, 3])
    assert asked == [1, 2, 2, 3]


def test_what_the_progress_raises_at_a_page_ends_the_reading(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(stage: Stage, _done: int, _total: int) -> None:
        if stage is Stage.RECOGNIZING:
            raise RuntimeError("stop")

    monkeypatch.setattr(recognition, "_recognize", lambda *_: None)
    monkeypatch.setattr(recognition, "ocr_tool", lambda: type(ocr_tool())("rapidocr", "none"))
    with pytest.raises(RuntimeError, match="stop"):
        read_files([SCAN], SCAN.parent, stop)
    assert not [*cache.rglob("page*")]
