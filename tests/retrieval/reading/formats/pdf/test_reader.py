"""PDF files to documents."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from retrieval.reading.formats.pdf.glyphs import UNKNOWN
from retrieval.reading.formats.pdf.printed_text import PrintedText, printed_text
from retrieval.reading.formats.pdf.reader import read_pdf
from retrieval.reading.lines import Document
from retrieval.types import LeftOutReason

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
CASES = Path(__file__).parents[2] / "cases"
SUZHOU = CASES / "suzhou_libreoffice.pdf"
FIXTURES = sorted([*(Path(__file__).parents[4] / "bulletins").rglob("*.pdf"), *CASES.glob("*.pdf")])


def pdf(draw: Callable[[Canvas], None]) -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.setFont("STSong-Light", 12)
    draw(canvas)
    canvas.save()
    return content.getvalue()


def read(draw: Callable[[Canvas], None]) -> Document:
    return read_pdf(pdf(draw), "a.pdf")


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def without_blanks(text: str) -> str:
    return "".join(text.split())


def test_a_file_exported_by_libreoffice_reads_as_it_is_printed() -> None:
    document = read_pdf(SUZHOU.read_bytes(), "a.pdf")
    expected = SUZHOU.with_name("suzhou.expected.txt").read_text("utf-8").splitlines()
    assert texts(document) == expected
    assert (document.findings, document.left_out) == ((), ())


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_printed_character_is_in_a_line_or_left_out_by_name(path: Path) -> None:
    content = path.read_bytes()
    document = read_pdf(content, path.name)
    printed = Counter(
        without_blanks("".join(row.text for page in printed_text(content).pages for row in page))
    )
    kept = "".join([*texts(document), *(item.text for item in document.left_out)])
    assert not printed - Counter(without_blanks(kept))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_every_page_has_the_characters_that_pdfplumber_finds(path: Path) -> None:
    pdfplumber = pytest.importorskip("pdfplumber", reason="installed by `make test`")
    printed = printed_text(path.read_bytes())
    with pdfplumber.open(path) as reference:
        for rows, page in zip(printed.pages, reference.pages, strict=True):
            expected = without_blanks("".join(character["text"] for character in page.chars))
            assert Counter(without_blanks("".join(row.text for row in rows))) == Counter(expected)


def test_a_glyph_without_a_character_is_shown_and_counted() -> None:
    content = SUZHOU.read_bytes().replace(b"/ToUnicode", b"/ToNothing")
    document = read_pdf(content, "a.pdf")
    count = "".join(texts(document)).count(UNKNOWN)
    assert count > 100
    assert [finding.message.split("(")[0] for finding in document.findings] == [
        f"page 1 has {count} characters that the file does not name "
    ]


def test_a_slanted_watermark_is_left_out_and_the_sentences_are_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "鐘樓區在七個社區開設鄰里食堂，每天供應三百份午餐。")
        for left in (100, 300):
            canvas.saveState()
            canvas.translate(left, 600)
            canvas.rotate(45)
            canvas.drawString(0, 0, "內部資料請勿外傳")
            canvas.restoreState()

    document = read(draw)
    assert texts(document) == ["鐘樓區在七個社區開設鄰里食堂，每天供應三百份午餐。"]
    assert [(item.line, item.text, item.reason) for item in document.left_out] == [
        (1, "內部資料請勿外傳", LeftOutReason.WATERMARK)
    ] * 2


def test_an_upright_watermark_is_left_out_on_every_page_and_the_sentences_are_whole() -> None:
    sentence = "鐘樓區在七個社區開設鄰里食堂，每天供應三百份午餐。"

    def draw(canvas: Canvas) -> None:
        for line_height in (700, 600):
            canvas.setFont("STSong-Light", 40)
            canvas.drawString(100, 690, "內部資料")
            canvas.setFont("STSong-Light", 12)
            for number in range(3):
                canvas.drawString(72, line_height - 20 * number, sentence)
            canvas.showPage()

    document = read(draw)
    assert "".join(texts(document)) == sentence * 6
    assert [(item.line, item.text, item.reason) for item in document.left_out] == [
        (1, "內部資料", LeftOutReason.WATERMARK),
        (2, "內部資料", LeftOutReason.WATERMARK),
    ]


def test_a_large_title_close_above_the_text_stays() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 26)
        canvas.drawString(72, 720, "鄰里食堂簡報")
        canvas.setFont("STSong-Light", 12)
        for number in range(3):
            canvas.drawString(72, 700 - 16 * number, "鐘樓區在七個社區開設鄰里食堂。")

    assert texts(read(draw))[0] == "鄰里食堂簡報"


def test_sheared_letters_are_text_and_no_watermark() -> None:
    def draw(canvas: Canvas) -> None:
        for bottom in (700, 660):
            text = canvas.beginText()
            text.setTextTransform(1, 0, 0.33, 1, 72, bottom)
            text.textOut("天寧區組織夜跑護河。")
            canvas.drawText(text)

    assert texts(read(draw)) == ["天寧區組織夜跑護河。"] * 2


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_page_printed_sideways_is_read(quarter: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 420)
        canvas.rotate(90 * quarter)
        canvas.drawString(-200, 40, "鐘樓區在七個社區開設鄰里食堂。")
        canvas.drawString(-200, 0, "天寧區組織夜跑護河。")

    assert texts(read(draw)) == ["鐘樓區在七個社區開設鄰里食堂。", "天寧區組織夜跑護河。"]


def test_a_label_printed_sideways_is_read_behind_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "鐘樓區在七個社區開設鄰里食堂。")
        canvas.translate(40, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "裝訂線")

    assert texts(read(draw)) == ["鐘樓區在七個社區開設鄰里食堂。", "裝訂線"]


def test_values_of_form_fields_are_read_in_their_place() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Name:")
        canvas.acroForm.textfield(value="Zhou Haining", x=110, y=694, width=200, height=24)
        canvas.acroForm.checkbox(x=330, y=694, checked=True)
        canvas.drawString(72, 640, "The street office of Tianning.")

    assert texts(read(draw)) == ["Name: Zhou Haining", "The street office of Tianning."]


def test_a_hyphen_at_the_end_of_a_line_stays() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, "The street office of Tianning has set up reading cor-")
        canvas.drawString(72, 682, "ners in seven places.")

    assert texts(read(draw)) == ["The street office of Tianning has set up reading cor-ners in seven places."]


def test_a_scan_is_named_and_a_line_typed_on_each_of_its_pages_is_left_out_by_name() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 4):
            _picture(canvas)
            canvas.drawString(72, 50, f"第{page}頁 掃描件由綜合科歸檔")
            canvas.showPage()
            canvas.setFont("STSong-Light", 12)

    document = read(draw)
    assert [finding.message for finding in document.findings] == [
        "no text layer: a scan has to be read by OCR first; skipped"
    ]
    assert [item.line for item in document.left_out] == [1, 2, 3]


def test_scanned_pages_between_pages_of_text_are_named() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(7):
            canvas.setFont("STSong-Light", 12)
            if page in (1, 3, 4, 5):
                _picture(canvas)
            else:
                canvas.drawString(72, 600, f"第{page}處鄰里食堂在鐘樓區開設，每天供應午餐。")
            canvas.showPage()

    assert [finding.message for finding in read(draw).findings] == [
        "page 2 has no text: a scan or a picture",
        "pages 4 to 6 have no text: a scan or a picture",
    ]


def _picture(canvas: Canvas) -> None:
    from PIL import Image

    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 40, 80, 500, 700)


def test_the_child_process_reads_what_this_one_does() -> None:
    from retrieval.reading.formats.pdf.printed_text import read_printed_text

    content = SUZHOU.read_bytes()
    printed: PrintedText = read_printed_text(content, 30)
    assert printed == printed_text(content)


def table(*rows: tuple[str, ...], leading: int) -> Callable[[Canvas], None]:
    """Draws rows of three cells without rules, with text above and below."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 780, "各地做法汇总如下，供学习参考，请各单位结合实际认真落实。")
        for number, row in enumerate(rows):
            for left, cell in zip((72, 160, 400), row, strict=True):
                canvas.drawString(left, 750 - leading * number, cell)
        canvas.drawString(72, 730 - leading * len(rows), "以上做法由市文明办收集整理，今后将定期更新并通报。")

    return draw


@pytest.mark.parametrize("leading", [14, 18])
def test_the_further_lines_of_a_cell_of_a_table_without_rules_are_of_its_row(leading: int) -> None:
    draw = table(
        ("地区", "做法", "成效"),
        ("常州", "在社区开设邻里食堂，每天为老人", "三百份"),
        ("", "供应午餐和晚餐，由志愿者送餐", ""),
        ("无锡", "组织夜跑护河队", "四十支"),
        leading=leading,
    )
    assert texts(read(draw))[1:-1] == [
        "地区：常州；做法：在社区开设邻里食堂，每天为老人供应午餐和晚餐，由志愿者送餐；成效：三百份",
        "地区：无锡；做法：组织夜跑护河队；成效：四十支",
    ]


def test_a_row_with_an_empty_first_cell_keeps_its_cells_below_their_headings() -> None:
    draw = table(
        ("地区", "做法", "成效"),
        ("常州", "邻里食堂", "三百份"),
        ("", "夜间门诊", "四十场"),
        ("无锡", "组织夜跑护河队", "四十支"),
        leading=16,
    )
    assert texts(read(draw))[1:-1] == [
        "地区：常州；做法：邻里食堂；成效：三百份",
        "做法：夜间门诊；成效：四十场",
        "地区：无锡；做法：组织夜跑护河队；成效：四十支",
    ]


def test_the_headings_that_a_table_repeats_on_each_page_head_its_rows() -> None:
    def draw(canvas: Canvas) -> None:
        for cities in (("常州", "无锡", "镇江"), ("扬州", "泰州", "盐城")):
            canvas.setFont("STSong-Light", 12)
            for number, (city, count) in enumerate([("城市", "食堂"), *((city, "九座") for city in cities)]):
                canvas.drawString(72, 790 - 20 * number, city)
                canvas.drawString(200, 790 - 20 * number, count)
            canvas.drawString(72, 40, "市文明办编印")
            canvas.showPage()

    document = read(draw)
    assert texts(document) == [
        f"城市：{city}；食堂：九座" for city in ("常州", "无锡", "镇江", "扬州", "泰州", "盐城")
    ]
    assert {item.text for item in document.left_out} == {"市文明办编印"}
