"""Presentations: slides in order, titles as headings, tables as rows; notes and hidden parts apart."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading import read_files
from retrieval.reading.formats.loader import read_content, read_contents
from retrieval.reading.formats.slides.text import written_number
from retrieval.reading.lines import Document, LineKind
from retrieval.types import LeftOutReason
from tests.retrieval.reading.formats.slides.pptx_file import Slide, paragraph, pptx, shape, table

CHINESE, PARENTHESES = '<a:buAutoNum type="ea1ChsPeriod"/>', '<a:buAutoNum type="arabicParenBoth"/>'
COVER = Slide(
    [shape(paragraph("第7期"), kind="subTitle"), shape(paragraph("精神文明建設工作簡報"), kind="ctrTitle")]
)
CITY = Slide(
    [
        shape(paragraph("江蘇蘇州：深化文明實踐"), kind="title"),
        shape(
            paragraph("江蘇蘇州市文明辦堅持“街道點單”的做法，惠及羣眾26萬人次。"),
            paragraph("着力建好實踐陣地", CHINESE),
            paragraph("全市建成新時代文明實踐所98個。"),
            paragraph("着力打響服務品牌", '<a:buAutoNum type="ea1ChsPeriod" startAt="2"/>'),
            paragraph("推出“蘇州有禮”品牌，評選“周末暖心人”480名。"),
            kind="body",
        ),
    ]
)


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def left_out(document: Document) -> list[tuple[LeftOutReason, int | None, str]]:
    return [(entry.reason, entry.line, entry.text) for entry in document.left_out]


def test_slides_come_in_their_order_with_titles_first_and_automatic_numbers() -> None:
    document = read_content(pptx(COVER, CITY), "a.pptx")
    assert texts(document) == [
        "精神文明建設工作簡報",
        "第7期",
        "江蘇蘇州：深化文明實踐",
        "江蘇蘇州市文明辦堅持“街道點單”的做法，惠及羣眾26萬人次。",
        "一.着力建好實踐陣地",
        "全市建成新時代文明實踐所98個。",
        "二.着力打響服務品牌",
        "推出“蘇州有禮”品牌，評選“周末暖心人”480名。",
    ]
    headings = [(line.text, line.level) for line in document.lines if line.kind is LineKind.HEADING]
    assert headings == [("精神文明建設工作簡報", 1), ("江蘇蘇州：深化文明實踐", 2)]


def test_a_presentation_has_places_and_sections(tmp_path: Path) -> None:
    (tmp_path / "a.pptx").write_bytes(pptx(COVER, CITY))
    passages = read_files([tmp_path / "a.pptx"], tmp_path).passages
    assert [(passage.place_name, passage.section) for passage in passages] == [
        ("江蘇蘇州", None),
        ("江蘇蘇州", "一"),
        ("江蘇蘇州", "二"),
    ]


def test_lists_within_lists_count_on_their_own() -> None:
    inner = [paragraph(text, PARENTHESES).replace("<a:pPr>", '<a:pPr lvl="1">') for text in ("甲", "乙")]
    body = shape(paragraph("總", CHINESE), *inner, paragraph("分", CHINESE), *inner, kind="body")
    assert texts(read_content(pptx(Slide([body])), "a.pptx")) == [
        "一.總",
        "(1)甲",
        "(2)乙",
        "二.分",
        "(1)甲",
        "(2)乙",
    ]


@pytest.mark.parametrize(
    ("count", "kind", "written"),
    [
        (3, "arabicPeriod", "3."),
        (3, "arabicParenR", "3)"),
        (12, "ea1ChtPeriod", "十二."),
        (3, "ea1ChsPlain", "三、"),
        (3, "circleNumDbPlain", "③"),
        (2, "alphaUcPeriod", "B."),
        (4, "romanLcParenBoth", "(iv)"),
        (5, "somethingNew", "5、"),
    ],
)
def test_a_number_is_written_as_its_kind_says(count: int, kind: str, written: str) -> None:
    assert written_number(count, kind) == written


def test_a_table_gives_rows_with_both_rows_of_headings() -> None:
    rows = [
        ["城市", "志願者", "<", "佔比"],
        ["^", "男", "女", "^"],
        ["南京", "3500", "4200", "35%"],
        ["蘇州", "12", "20", "5%"],
    ]
    assert texts(read_content(pptx(Slide([table(rows)])), "a.pptx")) == [
        "城市：南京；志願者·男：3500；志願者·女：4200；佔比：35%",
        "城市：蘇州；志願者·男：12；志願者·女：20；佔比：5%",
    ]


def test_text_boxes_are_read_from_top_to_bottom_and_side_by_side_from_the_left() -> None:
    boxes = [
        shape(paragraph("下"), place=(0, 3_000_000)),
        shape(paragraph("右"), place=(5_000_000, 1_000_000)),
        f"<p:grpSp>{shape(paragraph('左'), place=(0, 1_050_000))}</p:grpSp>",
    ]
    assert texts(read_content(pptx(Slide(boxes)), "a.pptx")) == ["左", "右", "下"]


def test_notes_feet_hidden_and_struck_out_parts_are_left_out_by_name() -> None:
    foot, number = shape(paragraph("市文明辦"), kind="ftr"), shape(paragraph("2"), kind="sldNum")
    shown = Slide([*CITY.shapes, foot, number, shape(paragraph("草稿"), hidden=True)], notes="這裏停頓")
    struck = Slide([shape(paragraph("刪去", run='strike="sngStrike"'), paragraph("留下")), foot])
    document = read_content(pptx(shown, struck, Slide(COVER.shapes, is_hidden=True)), "a.pptx")
    assert texts(document) == [*texts(read_content(pptx(CITY), "a.pptx")), "留下"]
    assert left_out(document) == [
        (LeftOutReason.PAGE_HEAD, 1, "市文明辦"),
        (LeftOutReason.PAGE_NUMBER, 1, "2"),
        (LeftOutReason.HIDDEN, 1, "草稿"),
        (LeftOutReason.COMMENT, 1, "這裏停頓"),
        (LeftOutReason.STRUCK_OUT, 2, "刪去"),
        (LeftOutReason.HIDDEN, 3, "精神文明建設工作簡報"),
        (LeftOutReason.HIDDEN, 3, "第7期"),
    ]
    assert [finding.message[:18] for finding in document.findings] == ["slide 3 is hidden:"]


def test_a_damaged_slide_is_named_and_the_others_are_read() -> None:
    source, stream = zipfile.ZipFile(io.BytesIO(pptx(COVER, CITY))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            archive.writestr(
                name, source.read(name).replace(b"<p:cSld>", b"<<" if "slide2.xml" in name else b"<p:cSld>")
            )
    document = read_content(stream.getvalue(), "a.pptx")
    assert texts(document) == texts(read_content(pptx(CITY), "a.pptx"))
    assert [finding.message for finding in document.findings] == ["slide 1 is damaged: left out"]


def test_a_bomb_is_named() -> None:
    stream = io.BytesIO(pptx(CITY))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/media/zeros.bin", bytes(30 * 2**20))
    (document,) = read_contents(stream.getvalue(), "a.pptx")
    assert "times its size" in document.findings[0].message


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_never_raises(changes: list[tuple[int, int]]) -> None:
    content = bytearray(pptx(COVER, CITY))
    for position, value in changes:
        content[position % len(content)] = value
    assert [*read_contents(bytes(content), "a.pptx")]
