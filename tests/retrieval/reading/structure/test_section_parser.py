"""Every character of every paragraph is in exactly one passage, whatever the order of marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading.formats.loader import read_content
from retrieval.reading.lines.document import Line
from retrieval.reading.structure.bulletin_parser import outline_document, paragraphs_of
from retrieval.reading.structure.section_parser import read_sections

_MARKS = [
    "",
    "一、",
    "二、",
    "五、",
    "(一)",
    "(二)",
    "1.",
    "3.",
    "(1)",
    "①",
    "②",
    "一是",
    "二是",
    "首先,",
    "其次,",
    "最后,",
    "第一,",
    "•",
]
_BODIES = [
    "加强领导",
    "加强领导。",
    "加强领导。成立小组\uff0c下设办公室。",
    "做法有:一是甲事办得好;二是乙事办得好。",
    "上海市开展活动。",
    "甲" * 70,
]
LINES = st.lists(st.tuples(st.sampled_from(_MARKS), st.sampled_from(_BODIES)), min_size=1, max_size=12)


def bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_no_text_is_lost_or_doubled(pairs: list[tuple[str, str]]) -> None:
    lines = [Line(number, mark + body) for number, (mark, body) in enumerate(pairs, start=1)]
    items, _ = read_sections(lines)
    paragraphs = [paragraph for item in items for paragraph in item.paragraphs]
    for line in lines:
        shown = bare(
            "".join(paragraph.line.text for paragraph in paragraphs if paragraph.line.number == line.number)
        )
        assert shown in ("", bare(line.text))
        if not shown:
            assert any(
                _is_title(line.text, section.title) for one in paragraphs for section in one.section_path
            ) or any(_is_title(line.text, item.heading) for item in items)


def _is_title(text: str, title: str) -> bool:
    return bool(title) and any(bare(part) in bare(text) for part in title.split(" "))


def test_lines_stay_in_their_order() -> None:
    lines = [
        Line(number, text)
        for number, text in enumerate(["一、甲", "正文。", "(一)乙", "二、丙", "正文。"], start=1)
    ]
    items, _ = read_sections(lines)
    assert [paragraph.line.text for item in items for paragraph in item.paragraphs] == [
        "正文。",
        "(一)乙",
        "正文。",
    ]


def paths_of(text: str) -> list[tuple[tuple[str, ...], str]]:
    """The section titles and the text of each paragraph."""
    outline = outline_document(read_content(text.encode(), "x.txt"))
    return [
        (tuple(section.full for section in paragraph.section_path), paragraph.line.text)
        for _, paragraph in paragraphs_of(outline)
    ]


@pytest.mark.parametrize("sign", "◆★●■")
def test_a_title_behind_a_sign_heads_the_text_below(sign: str) -> None:
    text = f"简报\n{sign}鹤壁的书屋\n鹤壁建成书屋。一是选点；二是选书。\n{sign}漯河的讲堂\n漯河开讲百场。\n"
    assert [path for path, _ in paths_of(text)][-1] == (f"{sign}漯河的讲堂",)


def test_lines_behind_signs_one_below_the_other_are_a_list() -> None:
    text = "简报\n鹤壁做三件事。\n◆建书屋\n◆办讲堂\n◆评先进\n鹤壁今年还将建公园。\n"
    assert all(path == () for path, _ in paths_of(text))


def test_a_sentence_that_counts_on_in_a_list_is_no_heading() -> None:
    text = "纪要\n一、关于经费\n（一）市级补助三百万元。\n（二）捐赠由总会管理。\n出席：何志明\n"
    assert [line for _, line in paths_of(text)][1] == "（二）捐赠由总会管理。"
