"""OFD files by the positions of their characters: joined lines, columns, and what is not part of the text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading.formats.loader import read_content, read_contents
from retrieval.reading.lines import Document
from retrieval.types import LeftOutReason
from tests.retrieval.reading.formats.ofd.ofd_file import Text, lines, ofd

HANDED = Path(__file__).parents[1] / "handed"
BODY = (
    "　　江蘇無錫市文明辦圍繞“鄰里守望”主題,",
    "組織志願者走訪獨居老人,全年上門1",
    ".2萬次。",
    "一、着力建好站點",
    "　　全市建成鄰里驛站86個,覆蓋92%的社",
    "區,每站配備2名社工。",
    "二、着力用好積分",
    "　　推出“錫心卡”,全年兑換3.4萬次。",
)
PARAGRAPHS = [
    "江蘇無錫市文明辦圍繞“鄰里守望”主題,組織志願者走訪獨居老人,全年上門1.2萬次。",
    "一、着力建好站點",
    "全市建成鄰里驛站86個,覆蓋92%的社區,每站配備2名社工。",
    "二、着力用好積分",
    "推出“錫心卡”,全年兑換3.4萬次。",
]


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def left_out(document: Document, reason: LeftOutReason) -> list[str]:
    return [entry.text for entry in document.left_out if entry.reason is reason]


def test_the_handed_file_gives_its_nine_paragraphs() -> None:
    document = read_content((HANDED / "suzhou.ofd").read_bytes(), "suzhou.ofd")
    assert texts(document) == (HANDED / "suzhou.expected.txt").read_text(encoding="utf-8").splitlines()


def test_a_line_at_the_left_margin_goes_on_and_an_indented_one_starts_anew() -> None:
    assert texts(read_content(ofd([lines(*BODY)]), "a.ofd")) == PARAGRAPHS


def test_a_paragraph_goes_on_over_pages_in_the_order_of_the_document() -> None:
    document = read_content(ofd([lines(*BODY[:2]), lines(*BODY[2:])]), "a.ofd")
    assert texts(document) == PARAGRAPHS


def test_what_the_template_draws_is_left_out_once() -> None:
    document = read_content(
        ofd([lines(*BODY[:3]), lines(*BODY[3:])], [Text("無錫文明簡報", 80, 20)]), "a.ofd"
    )
    assert texts(document) == PARAGRAPHS
    assert left_out(document, LeftOutReason.PAGE_HEAD) == ["無錫文明簡報"]


def test_invisible_text_is_left_out_by_name() -> None:
    hidden = Text("內部數據勿外傳", 26, 200, is_visible=False)
    document = read_content(ofd([[*lines(*BODY), hidden]]), "a.ofd")
    assert texts(document) == PARAGRAPHS
    assert left_out(document, LeftOutReason.HIDDEN) == ["內部數據勿外傳"]


@pytest.mark.parametrize("size", [float("nan"), float("inf"), 0.0, 1e308])
def test_text_of_a_size_that_cannot_be_drawn_is_left_out_by_name(size: float) -> None:
    document = read_content(ofd([[*lines(*BODY), Text("字號損壞的一行", 26, 200, size=size)]]), "a.ofd")
    assert texts(document) == PARAGRAPHS
    assert left_out(document, LeftOutReason.HIDDEN) == ["字號損壞的一行"]


@pytest.mark.parametrize("box", ["0 0 0 0", "0 0 1e308 297", "x", "0 0 -1 NaN"])
def test_a_page_whose_box_is_damaged_is_read_as_a4(box: str) -> None:
    content, stream = ofd([lines(*BODY)]), io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"0 0 210 297", box.encode()))
    assert texts(read_content(stream.getvalue(), "a.ofd")) == PARAGRAPHS


def test_annotations_are_kept_apart() -> None:
    document = read_content(ofd([lines(*BODY)], annotation="已核"), "a.ofd")
    assert texts(document) == PARAGRAPHS
    assert left_out(document, LeftOutReason.COMMENT) == ["已核"]


def test_vertical_columns_are_read_from_right_to_left() -> None:
    columns = ["江蘇無錫市開展鄰里守望活動", "志願者走訪獨居老人三千餘人", "全年上門服務一萬二千次以上"]
    page = [Text(text, 150 - 9 * number, 40, is_vertical=True) for number, text in enumerate(columns)]
    assert "".join(texts(read_content(ofd([page]), "a.ofd"))) == "".join(columns)


def test_a_slanted_watermark_is_no_text() -> None:
    mark = Text("草稿勿傳", 60, 150, size=20, ctm="0.7 -0.7 0.7 0.7 0 0")
    document = read_content(ofd([[*lines(*BODY), mark]]), "a.ofd")
    assert texts(document) == PARAGRAPHS
    assert left_out(document, LeftOutReason.WATERMARK) == ["草稿勿傳"]


def test_encrypted_and_damaged_files_are_named() -> None:
    locked = read_content(ofd([lines(*BODY)], extra={"Encrypts/Encryptions.xml": "<x/>"}), "a.ofd")
    assert not locked.lines
    assert "encrypted" in locked.findings[0].message
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("OFD.xml", "<a>")
    assert "damaged OFD" in read_content(stream.getvalue(), "a.ofd").findings[0].message


def test_a_signed_file_is_read() -> None:
    signed = ofd(
        [lines(*BODY)],
        extra={"Doc_0/Signs/Sign_0/Signature.xml": "<x/>", "Doc_0/Signs/Signatures.xml": "<x/>"},
    )
    assert texts(read_content(signed, "a.ofd")) == PARAGRAPHS


def test_a_missing_page_is_named_and_the_others_are_read() -> None:
    source = zipfile.ZipFile(io.BytesIO(ofd([lines(*BODY), lines("　　附件另發。")])))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            if "Page_1" not in name:
                archive.writestr(name, source.read(name))
    document = read_content(stream.getvalue(), "a.ofd")
    assert texts(document) == PARAGRAPHS
    assert any("page 2" in finding.message for finding in document.findings)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_never_raises(changes: list[tuple[int, int]]) -> None:
    content = bytearray(ofd([lines(*BODY)]))
    for position, value in changes:
        content[position % len(content)] = value
    assert [*read_contents(bytes(content), "a.ofd")]
