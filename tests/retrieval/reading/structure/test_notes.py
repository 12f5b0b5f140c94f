"""Foot- and endnotes give the text no structure: none begins a bulletin, an item or a section, and none is lost."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

from retrieval.reading.lines import Document, Line, LineKind
from retrieval.reading.structure import outline_document
from retrieval.reading.structure.bulletin_parser import Outline, paragraphs_of
from retrieval.types import LeftOutReason

TEXT = (
    Line(None, "精神文明建設工作簡報 篇1", LineKind.HEADING, 1),
    Line(None, "浙江湖州市深化“鄰里食堂”建設", LineKind.HEADING, 2),
    Line(None, "浙江湖州市文明辦深化“鄰里食堂”建設，惠及老人3.2萬名。"),
    Line(None, "一、着力佈好網點"),
    Line(None, "全市建成鄰里食堂126家，投入120萬元，每餐補貼5元。"),
    Line(None, "二、着力管好服務"),
    Line(None, "由12家中央廚房統一配送，每天送餐1,200份。"),
)
NOTES = (
    "《精神文明建設工作簡報 篇3》，北京，二、把好“三關”",
    "精神文明建設工作簡報 篇2",
    "重慶市渝中區的做法見本刊第9期。",
    "三、另有統計口徑",
    "2019年3月5日",
    "來源：湖州日報",
    "1",
    "責任編輯：王某",
)


def note(text: str) -> Line:
    return Line(None, text, LineKind.NOTE)


def structure(outline: Outline) -> list[tuple[str, str | None, list[str], str]]:
    """Of every paragraph its bulletin, place, sections and text."""
    return [
        (
            bulletin.label,
            paragraph.place.name if paragraph.place else None,
            [s.full for s in paragraph.section_path],
            paragraph.line.text,
        )
        for bulletin, paragraph in paragraphs_of(outline)
    ]


@pytest.mark.parametrize("text", NOTES)
@pytest.mark.parametrize("behind", range(1, len(TEXT) + 1))
def test_a_note_changes_nothing_but_that_it_stands_below_its_paragraph(text: str, behind: int) -> None:
    plain = structure(outline_document(Document("a.docx", TEXT)))
    noted = outline_document(Document("a.docx", (*TEXT[:behind], note(text), *TEXT[behind:])))
    shown = structure(noted)
    (position,) = [index for index, entry in enumerate(shown) if entry[3] == text]
    assert [entry for entry in shown if entry[3] != text] == plain
    assert shown[position][:3] == plain[position - 1][:3]
    assert not noted.left_out


def test_the_note_of_a_heading_stands_below_the_first_paragraph_under_it() -> None:
    shown = structure(outline_document(Document("a.docx", (*TEXT[:4], note("不含高校"), *TEXT[4:]))))
    assert [entry[3] for entry in shown].index("不含高校") == 2
    assert shown[2][2] == shown[1][2] == ["浙江湖州市深化“鄰里食堂”建設", "一、着力佈好網點"]


def test_the_note_of_a_line_that_is_left_out_is_named() -> None:
    lines = (*TEXT, Line(None, "責任編輯：王某"), note("兼職"))
    outline = outline_document(Document("a.docx", lines))
    assert [(entry.text, entry.reason) for entry in outline.left_out] == [
        ("責任編輯：王某", LeftOutReason.BOILERPLATE),
        ("兼職", LeftOutReason.NOTE),
    ]


def test_notes_that_stand_alone_are_text() -> None:
    outline = outline_document(
        Document("a.docx", (note("重慶市的做法是每月評選好人。"), note("二是每月公示。")))
    )
    assert [entry[3] for entry in structure(outline)] == ["重慶市的做法是每月評選好人。", "二是每月公示。"]


@given(st.lists(st.sampled_from((*TEXT, *map(note, NOTES))), min_size=1, max_size=12))
def test_every_note_is_in_a_passage_or_named(lines: list[Line]) -> None:
    outline = outline_document(Document("a.docx", tuple(lines)))
    shown = {text for *_, text in structure(outline)} | {entry.text for entry in outline.left_out}
    headings = "".join(f"{bulletin.label}{bulletin.title}" for bulletin in outline.bulletins) + outline.title
    for line in lines:
        if line.kind is LineKind.NOTE:
            assert line.text in shown or line.text in headings or any(line.text in text for text in shown)
