"""The shape of titles, and which lines without a mark are headings."""

from __future__ import annotations

import pytest

from retrieval.reading.lines import Line, LineKind
from retrieval.reading.structure.headings import (
    heading_title,
    is_short_title,
    is_unmarked_heading,
    join_titles,
    lead_in,
    opened_title,
)
from retrieval.reading.structure.mark_hierarchy import mark_lines


@pytest.mark.parametrize("text", ["文明实践", "江苏南京", "推进乡风文明建设"])
def test_a_short_line_without_a_stop_has_the_shape_of_a_title(text: str) -> None:
    assert is_short_title(text)


@pytest.mark.parametrize("text", ["我市开展活动。", "包括以下几项:", "• 宣讲", "12", "甲", "甲" * 46])
def test_a_sentence_an_item_a_number_or_a_long_line_has_not(text: str) -> None:
    assert not is_short_title(text)


def test_stops_at_the_end_are_no_part_of_a_title() -> None:
    assert heading_title("文明实践:") == "文明实践"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("加强领导。成立小组。", "加强领导"),
        ("加强领导,成立小组", "加强领导"),
        (" 加强领导;成立", "加强领导"),
        ("。", ""),
    ],
)
def test_a_paragraph_opened_by_its_mark_is_titled_by_its_first_sentence_or_clause(
    text: str, title: str
) -> None:
    assert opened_title(text) == title


def test_a_sentence_before_a_colon_announces_a_list() -> None:
    assert lead_in("成立小组。任务如下:") == "任务如下:"
    assert lead_in("任务如下。") == ""


@pytest.mark.parametrize(
    ("kinds_and_texts", "is_heading"),
    [
        ([(LineKind.PARAGRAPH, "文明实践"), (LineKind.PARAGRAPH, "我市开展活动。")], True),
        ([(LineKind.PARAGRAPH, "文明实践"), (LineKind.PARAGRAPH, "一、着力")], True),
        ([(LineKind.PARAGRAPH, "文明实践")], False),
        ([(LineKind.PARAGRAPH, "文明实践"), *[(LineKind.PARAGRAPH, "甲乙")] * 3], False),
        ([(LineKind.LIST_ITEM, "文明实践"), (LineKind.PARAGRAPH, "我市开展活动。")], False),
    ],
)
def test_a_title_is_a_heading_if_it_leads_to_text(
    kinds_and_texts: list[tuple[LineKind, str]], is_heading: bool
) -> None:
    lines = [Line(number, text, kind) for number, (kind, text) in enumerate(kinds_and_texts, start=1)]
    assert is_unmarked_heading(mark_lines(lines), 0) is is_heading


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("邻里食堂开到家门口", "——常州市鄰里節紀實", "邻里食堂开到家门口——常州市鄰里節紀實"),
        ("弘扬“时代", "新风”的实践", "弘扬“时代新风”的实践"),
        ("关于开展邻里节活动情况的", "通报", "关于开展邻里节活动情况的通报"),
        ("鄰里食堂與", "書屋建設", "鄰里食堂與書屋建設"),
        ("邻里食堂", "社区书屋", "邻里食堂 社区书屋"),
    ],
)
def test_a_title_that_is_broken_over_two_lines_is_one(first: str, second: str, whole: str) -> None:
    assert join_titles(first, second) == whole
