"""The tree for people, and the JSON lines for programs."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console
from rich.tree import Tree

from bot.output.outline import left_out_text, outline_json_lines, outline_tree
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.types import Finding, LeftOut, LeftOutReason, Reading
from tests.trees import BULLETINS, SEED

KEYS = [
    "passage_id",
    "file",
    "line",
    "bulletin",
    "place",
    "section",
    "section_path",
    "heading",
    "text",
    "date",
    "issue",
    "recognized",
    "collection",
]


def shown(reading: Reading) -> str:
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(outline_tree(reading))
    return capture.get()


def test_every_passage_is_one_json_line_with_the_keys_of_the_contract() -> None:
    lines = [json.loads(line) for line in outline_json_lines(read_collection(SEED))]
    rows = [line for line in lines if "passage_id" in line]
    assert lines[: len(rows)] == rows
    assert len(rows) == 69
    assert all(list(row) == KEYS for row in rows)
    assert rows[1]["section"] == "一"
    assert rows[1]["section_path"] == ["一、着力培育和踐行社會主義核心價值觀"]
    assert rows[0]["section"] is None
    assert list(rows[0]["place"]) == ["name", "province", "city", "district"]


def test_a_path_reads_from_the_outermost_inwards_and_keeps_the_look_of_inner_marks() -> None:
    lines = map(json.loads, outline_json_lines(read_collection(BULLETINS / "nested")))
    rows = [line for line in lines if "passage_id" in line]
    deepest = max(rows, key=lambda row: len(row["section_path"]))
    assert [part[:3] for part in deepest["section_path"]] == ["四、深", "(六)", "1、完", "(1)", "①征求"]
    assert deepest["section"] == "四"


def test_the_tree_shows_bulletins_places_sections_and_first_characters() -> None:
    text = shown(read_collection(SEED))
    assert "69 passages · 7 bulletins · 15 places" in text
    for piece in (
        "精神文明建設工作簡報 篇2",
        "江蘇南京",
        "一、開展活動推廣,夯實品牌基礎",
        "35: 一是開展活動推廣",
    ):
        assert piece in text


def test_a_bulletin_shows_its_issue_and_its_date_beside_its_label_and_in_json(tmp_path: Path) -> None:
    text = "关于开展邻里节的通知\n常文明〔2023〕12号\n钟楼区开展活动。\n常州市文明办\n2023年5月6日\n"
    (tmp_path / "x.txt").write_text(text, encoding="utf-8")
    reading = read_collection(tmp_path)
    assert "关于开展邻里节的通知  常文明〔2023〕12号 2023-05-06" in shown(reading)
    row, *left_out = [json.loads(line) for line in outline_json_lines(reading)]
    assert all("left_out" in line for line in left_out)
    assert (row["date"], row["issue"]) == ("2023-05-06", "常文明〔2023〕12号")


def test_findings_end_the_tree_with_file_and_line() -> None:
    text = shown(Reading((), (Finding("a.txt", 3, "mark order broken"), Finding("b.pdf", None, "skipped"))))
    assert "a.txt:3  mark order broken" in text
    assert "b.pdf  skipped" in text


LEFT_OUT = (
    LeftOut("a.html", 3, "首頁 > 簡報", LeftOutReason.BOILERPLATE),
    LeftOut("a.html", 9, "版權所有", LeftOutReason.BOILERPLATE),
    LeftOut("b.pdf", 2, "工作簡報 2", LeftOutReason.PAGE_HEAD),
)


def test_the_outline_counts_what_was_left_out_by_reason() -> None:
    assert left_out_text(Reading((), (), LEFT_OUT).left_out_counts) == (
        "left out: 3 lines (2 boilerplate, 1 repeated page head)"
    )
    assert left_out_text({}) == "left out: nothing"


def test_every_line_that_was_left_out_is_a_json_line_of_its_own_kind() -> None:
    (first, *_) = map(json.loads, outline_json_lines(Reading((), (), LEFT_OUT)))
    assert first == {"left_out": "首頁 > 簡報", "reason": "boilerplate", "file": "a.html", "line": 3}


def test_the_tree_shows_left_out_lines_only_when_asked() -> None:
    reading = Reading((), (), LEFT_OUT)
    assert "首頁" not in _drawn(outline_tree(reading))
    assert "a.html:3  boilerplate  首頁 > 簡報" in _drawn(outline_tree(reading, with_left_out=True))


def _drawn(tree: Tree) -> str:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(tree)
    return console.export_text()
