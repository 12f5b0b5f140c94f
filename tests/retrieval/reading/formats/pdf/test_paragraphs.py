"""Rows to paragraphs."""

from __future__ import annotations

import pytest

from retrieval.reading.formats.pdf.paragraphs import paragraphs_of
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import LineKind

FULL = "鐘樓區在七個社區開設鄰里食堂，每天供應三百份"


def row(text: str, number: int, page: int = 0, *, indent: int = 0, size: float = 12.0, block: int = 0) -> Row:
    left, bottom = 72.0 + 12 * indent, 700.0 - 18 * number
    return Row(text, page, left, left + size * len(text), bottom, bottom + size, 842.0, block)


def texts(*rows: Row) -> list[str]:
    return [line.text for line in paragraphs_of(rows)]


def test_no_rows_are_no_paragraphs() -> None:
    assert texts() == []


def test_full_lines_go_on_and_a_short_line_ends_a_paragraph() -> None:
    rows = row(FULL, 0), row("午餐，由志願者值班", 1), row("天寧區組織夜跑。", 2)
    assert texts(*rows) == [f"{FULL}午餐，由志願者值班", "天寧區組織夜跑。"]


def test_an_indented_line_begins_a_paragraph() -> None:
    assert texts(row(FULL[:-1] + "。", 0), row("天寧區組織夜跑。", 1, indent=2)) == [
        FULL[:-1] + "。",
        "天寧區組織夜跑。",
    ]


@pytest.mark.parametrize("date", ["2023年11月9日", "二〇二三年十一月九日"])
def test_the_date_below_a_signature_is_a_line_of_its_own(date: str) -> None:
    issuer = FULL[9:]
    rows = row(FULL + "。", 0), row(issuer, 1, indent=10), row(date, 2, indent=12)
    assert texts(*rows) == [FULL + "。", issuer, date]


def test_a_wide_gap_or_another_size_begins_a_paragraph() -> None:
    assert len(texts(row(FULL, 0), row("天寧區", 3))) == 2
    assert len(texts(row(FULL, 0), row("天寧區", 1, size=9))) == 2


@pytest.mark.parametrize("mark", ["一、", "（二）", "附件1"])
def test_a_mark_begins_a_paragraph(mark: str) -> None:
    assert len(texts(row(FULL, 0), row(f"{mark}天寧區組織夜跑", 1))) == 2


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    assert texts(row(FULL, 0), row("午餐。", 0, block=1)) == [f"{FULL}午餐。"]
    assert texts(row(FULL, 0), row("午餐。", 0, page=1)) == [f"{FULL}午餐。"]
    assert texts(row(FULL, 0), row("由區供銷社統一配送，由", 1), row("志願者值班。", 0, page=1)) == [
        f"{FULL}由區供銷社統一配送，由志願者值班。"
    ]


def test_latin_words_are_joined_with_a_blank() -> None:
    left = "Work Bulletin of the Office"
    assert texts(row(left, 0), row("in Suzhou", 1)) == [f"{left} in Suzhou"]


def test_a_note_at_the_foot_of_a_page_comes_behind_the_sentence_that_it_interrupts() -> None:
    note = row("1 數據截至2023年12月31日，", 20, size=9), row("不含高校志願者。", 21, size=9)
    rows = row(FULL, 0), row("由區供銷社統一配送，由", 1), *note, row("志願者值班。", 0, page=1)
    assert texts(*rows) == [
        f"{FULL}由區供銷社統一配送，由志願者值班。",
        "1 數據截至2023年12月31日，不含高校志願者。",
    ]


def test_each_note_is_a_paragraph_of_its_own() -> None:
    notes = row("① 甲的數據截至年底。", 20, size=9), row("② 乙的數據截至年中。", 21, size=9)
    assert texts(row(FULL, 0), *notes) == [FULL, "① 甲的數據截至年底。", "② 乙的數據截至年中。"]


def test_a_note_at_the_foot_of_the_left_column_does_not_break_the_sentence_that_goes_on_in_the_right_one() -> (
    None
):
    rows = row(FULL, 0), row("1 見附表。", 20, size=9), row("午餐。", 0, block=1)
    assert texts(*rows) == [f"{FULL}午餐。", "1 見附表。"]


def test_a_page_all_in_small_print_has_no_notes() -> None:
    small = [row("1 鐘樓區", 0, page=1, size=9), row("2 天寧區和武進區", 1, page=1, size=9)]
    assert texts(row(FULL, 0), row(FULL, 1), row(FULL, 2), *small)[-2:] == ["1 鐘樓區", "2 天寧區和武進區"]


def test_large_print_is_a_heading_unless_it_is_a_sentence() -> None:
    rows = row("邻里食堂", 0, size=18), row(FULL, 2), row("午餐。", 3)
    assert [line.kind for line in paragraphs_of(rows)] == [LineKind.HEADING, LineKind.PARAGRAPH]
    sentence = row("天寧區組織夜跑。", 0, size=18), row(FULL, 2), row("午餐。", 3)
    assert [line.kind for line in paragraphs_of(sentence)] == [LineKind.PARAGRAPH, LineKind.PARAGRAPH]


def test_a_table_wider_than_the_text_does_not_break_its_paragraphs() -> None:
    table = [
        Row("區 人", 0, 40, 560, 500 - 18 * n, 512 - 18 * n, 842, 0, cells=("區", "人")) for n in range(2)
    ]
    assert texts(row(FULL, 0), row("午餐。", 1), *table)[0] == f"{FULL}午餐。"


def test_rows_with_cells_are_rows_of_a_table() -> None:
    cells = [("區", "男", "女"), ("鐘樓區", "1200", "1150"), ("天寧區", "900", "1100")]
    table = [
        Row(" ".join(row), 0, 72, 400, 600 - 18 * n, 612 - 18 * n, 842, 1, cells=row)
        for n, row in enumerate(cells)
    ]
    lines = list(paragraphs_of([row(FULL, 0), *table, row("午餐。", 20, block=2)]))
    assert [line.text for line in lines] == [
        FULL,
        "區：鐘樓區；男：1200；女：1150",
        "區：天寧區；男：900；女：1100",
        "午餐。",
    ]
    assert lines[1].kind is LineKind.TABLE_ROW
