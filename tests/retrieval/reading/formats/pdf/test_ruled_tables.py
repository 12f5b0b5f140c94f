"""Tables that a page rules with lines."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from retrieval.reading.formats.pdf.glyphs import Glyphs
from retrieval.reading.formats.pdf.reader import read_pdf
from retrieval.reading.formats.pdf.rows import page_rows
from retrieval.reading.formats.pdf.ruled_tables import ruled_tables
from tests.retrieval.reading.formats.pdf.made_up_pages import HEIGHT, WIDTH, Page

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
COLUMNS, ROWS = (72.0, 172.0, 372.0, 472.0), (700.0, 670.0, 620.0, 590.0)


def rules(
    columns: Sequence[float] = COLUMNS, rows: Sequence[float] = ROWS
) -> list[tuple[float, float, float, float]]:
    return [(x, rows[-1], x, rows[0]) for x in columns] + [(columns[0], y, columns[-1], y) for y in rows]


def cells(page: Page, boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[str, ...]]:
    rows = page_rows(page.glyphs, 0, (WIDTH, HEIGHT), Glyphs.of([""] * len(boxes), boxes))
    return [row.cells or (row.text,) for row in rows]


def table() -> Page:
    page = Page().draw("常州市各區活動", 72, 720)
    page.draw("區", 110, 680).draw("內容", 250, 680).draw("人數", 400, 680)
    page.draw("鐘樓區", 90, 640).draw("組織夜跑護河，隊員每周", 176, 650).draw("兩次巡查河道", 176, 630).draw(
        "1200", 400, 640
    )
    return (
        page.draw("天寧區", 90, 600)
        .draw("村歌比賽", 176, 600)
        .draw("900", 400, 600)
        .draw("資料由市文明辦提供", 72, 560)
    )


def test_a_cell_that_is_wrapped_keeps_its_text_together() -> None:
    assert cells(table(), rules()) == [
        ("常州市各區活動",),
        ("區", "內容", "人數"),
        ("鐘樓區", "組織夜跑護河，隊員每周兩次巡查河道", "1200"),
        ("天寧區", "村歌比賽", "900"),
        ("資料由市文明辦提供",),
    ]


def test_open_sides_and_doubled_rules_make_no_difference() -> None:
    boxes = [box for box in rules() if box[0] != box[2] or box[0] not in (COLUMNS[0], COLUMNS[-1])]
    boxes += [(left, bottom + 1.5, right, top + 1.5) for left, bottom, right, top in boxes]
    assert cells(table(), boxes) == cells(table(), rules())


def test_a_cell_that_spans_columns_is_repeated_in_each() -> None:
    page = Page().draw("註冊志願者的人數", 180, 680).draw("區", 80, 680)
    for bottom, row in ((640, ("鐘樓", "1200", "800")), (600, ("天寧", "900", "700"))):
        for left, text in zip((80, 180, 400), row, strict=True):
            page.draw(text, left, bottom)
    boxes = [box for box in rules() if box[0] != COLUMNS[2] or box[2] != COLUMNS[2]]
    boxes.append((COLUMNS[2], ROWS[-1], COLUMNS[2], ROWS[1]))
    assert cells(page, boxes) == [
        ("區", "註冊志願者的人數", "註冊志願者的人數"), ("鐘樓", "1200", "800"), ("天寧", "900", "700"),
    ]  # fmt: skip


def spanned_table(first: tuple[str, str]) -> tuple[Page, list[tuple[float, float, float, float]]]:
    """A page with a cell that spans three rows, of which this is the first, and the rules of the table."""
    page = Page().draw("市區", 80, 625)
    for bottom, row in ((680, first), (640, ("天寧", "900")), (600, ("武進", "700"))):
        for left, text in zip((180, 400), row, strict=True):
            page.draw(text, left, bottom)
    boxes = [
        *rules()[:4],
        (72, 700, 472, 700),
        (172, 670, 472, 670),
        (172, 620, 472, 620),
        (72, 590, 472, 590),
    ]
    return page, boxes


def test_a_cell_that_spans_rows_is_repeated_in_each() -> None:
    page, boxes = spanned_table(("鐘樓", "1200"))
    assert cells(page, boxes) == [("市區", "鐘樓", "1200"), ("市區", "天寧", "900"), ("市區", "武進", "700")]
    rows = page_rows(page.glyphs, 0, (WIDTH, HEIGHT), Glyphs.of([""] * len(boxes), boxes))
    assert [row.merged for row in rows] == [(None,) * 3, ("above", None, None), ("above", None, None)]


def test_a_letter_spaced_word_in_a_cell_is_one_word() -> None:
    page = table().draw("姓名", 100, 655, space=30)
    (row,) = [row for row in cells(page, rules()) if row[0].endswith("區") and "1200" in row]
    assert row[0] == "姓名鐘樓區"


def test_a_box_or_a_frame_around_columns_of_text_is_no_table() -> None:
    page = (
        Page()
        .draw_lines(["鐘樓區在七個社區開設鄰里食堂，每"] * 30, 72, 760, 18)
        .draw_lines(["天寧區組織夜跑護河，隊員每周兩次"] * 30, 310, 760, 18)
    )
    plain = page.lines
    frame = rules((60, 290, 530), (790, 200, 60))
    assert [row[0] for row in cells(page, frame)] == plain
    assert [row[0] for row in cells(page, rules((60, 530), (790, 60)))] == plain


def test_a_page_without_rules_or_with_too_many_has_no_tables() -> None:
    glyphs = table().glyphs
    assert ruled_tables(glyphs, Glyphs.of([], []))[0] == []
    assert ruled_tables(glyphs, Glyphs.of([""] * 8000, rules() * 1000))[0] == []
    grid = rules([*range(0, 590, 8)], [*range(800, 0, -8)])
    assert ruled_tables(glyphs, Glyphs.of([""] * len(grid), grid))[0] == []


def test_the_text_of_a_row_has_equal_cells_twice_and_spanned_ones_once() -> None:
    page, boxes = spanned_table(("900", "900"))
    rows = page_rows(page.glyphs, 0, (WIDTH, HEIGHT), Glyphs.of([""] * len(boxes), boxes))
    assert [row.text for row in rows] == ["市區 900 900", "天寧 900", "武進 700"]


@pytest.mark.parametrize("drawn", ["lines", "boxes", "thin boxes", "one path"])
def test_rules_are_found_however_a_file_draws_them(drawn: str) -> None:
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.setFont("STSong-Light", 12)
    for text, (left, bottom, _, _) in zip(table().texts, table().boxes, strict=True):
        canvas.drawString(left, bottom, text)
    _draw_grid(canvas, drawn)
    canvas.save()
    assert [line.text for line in read_pdf(content.getvalue(), "a.pdf").lines] == [
        "常州市各區活動",
        "區：鐘樓區；內容：組織夜跑護河，隊員每周兩次巡查河道；人數：1200",
        "區：天寧區；內容：村歌比賽；人數：900",
        "資料由市文明辦提供",
    ]


def _draw_grid(canvas: Canvas, drawn: str) -> None:
    if drawn == "boxes":
        for left, right in itertools.pairwise(COLUMNS):
            for top, bottom in itertools.pairwise(ROWS):
                canvas.rect(left, bottom, right - left, top - bottom)
        return
    path = canvas.beginPath()
    for left, bottom, right, top in rules():
        if drawn == "lines":
            canvas.line(left, bottom, right, top)
        elif drawn == "thin boxes":
            canvas.rect(left, bottom, right - left or 0.5, top - bottom or 0.5, stroke=0, fill=1)
        else:
            path.moveTo(left, bottom)
            path.lineTo(right, top)
    if drawn == "one path":
        canvas.drawPath(path)
