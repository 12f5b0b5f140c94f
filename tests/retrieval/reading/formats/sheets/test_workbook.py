"""Workbooks and delimited tables: a row is a line with its headings; what is hidden is named."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font

from retrieval.reading.formats.loader import read_content
from retrieval.reading.formats.sheets.cell_values import CellValue, shown_value
from retrieval.reading.lines import Document
from retrieval.types import LeftOutReason


def saved(workbook: Any) -> bytes:
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def statistics() -> Any:
    """A sheet with a title over two rows of headings, and two cities."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["2023年志願服務統計表"])
    sheet.append(["城市", "註冊志願者", None, "佔比"])
    sheet.append([None, "男", "女", None])
    sheet.append(["南京", 3500, 4200, 0.356])
    sheet.append(["蘇州", 1280, 2000, 0.5])
    for area in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(area)
    sheet["B4"].number_format = '#,##0"人"'
    sheet["D4"].number_format = sheet["D5"].number_format = "0.0%"
    return workbook


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def test_a_row_has_both_rows_of_headings_and_values_as_they_are_shown() -> None:
    assert texts(read_content(saved(statistics()), "a.xlsx")) == [
        "2023年志願服務統計表",
        "城市：南京；註冊志願者·男：3,500人；註冊志願者·女：4200；佔比：35.6%",
        "城市：蘇州；註冊志願者·男：1280；註冊志願者·女：2000；佔比：50.0%",
    ]


def test_a_line_has_the_number_of_its_row() -> None:
    assert [line.number for line in read_content(saved(statistics()), "a.xlsx").lines] == [1, 4, 5]


def test_hidden_sheets_rows_and_columns_are_named_and_left_out() -> None:
    workbook = statistics()
    secret = workbook.create_sheet("原始數據")
    secret.append(["內部"])
    secret.sheet_state = "hidden"
    sheet = workbook.worksheets[0]
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    document = read_content(saved(workbook), "a.xlsx")
    assert "蘇州" not in "".join(texts(document))
    assert "佔比" not in "".join(texts(document))
    assert any("原始數據 is hidden" in finding.message for finding in document.findings)
    hidden = {entry.text for entry in document.left_out if entry.reason is LeftOutReason.HIDDEN}
    assert {"內部", "蘇州", "35.6%"} <= hidden


def test_comments_and_struck_out_cells_are_left_out_by_name() -> None:
    workbook = statistics()
    sheet = workbook.worksheets[0]
    sheet["C4"].font = Font(strike=True)
    sheet["A4"].comment = Comment("待核", "x")
    document = read_content(saved(workbook), "a.xlsx")
    assert "4200" not in "".join(texts(document))
    assert {entry.reason for entry in document.left_out} == {LeftOutReason.STRUCK_OUT, LeftOutReason.COMMENT}


def test_sheets_are_parted_by_their_names() -> None:
    workbook = statistics()
    workbook.worksheets[0].title = "江蘇"
    workbook.create_sheet("浙江").append(["杭州市開展活動300場。"])
    assert [line.text for line in read_content(saved(workbook), "a.xlsx").lines if "：" not in line.text] == [
        "江蘇",
        "2023年志願服務統計表",
        "浙江",
        "杭州市開展活動300場。",
    ]


def test_a_value_that_its_format_hides_is_left_out_by_name() -> None:
    workbook = statistics()
    workbook.worksheets[0]["C4"].number_format = ";;;"
    document = read_content(saved(workbook), "a.xlsx")
    assert "4200" not in "".join(texts(document))
    assert [(entry.text, entry.reason) for entry in document.left_out] == [("4200", LeftOutReason.HIDDEN)]


@given(st.integers(-(10**9), 10**9), st.text('0#?.,%;-()"@E/_*[]!\\$>GeneralH人', max_size=14))
@settings(max_examples=60, deadline=None)
def test_no_format_raises(value: int, number_format: str) -> None:
    assert isinstance(shown_value(value / 7, number_format), str)


def test_a_formula_without_a_result_is_named() -> None:
    workbook = statistics()
    workbook.worksheets[0]["B6"] = "=SUM(B4:B5)"
    document = read_content(saved(workbook), "a.xlsx")
    assert any("1 formulas without" in finding.message for finding in document.findings)


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.356, "0.0%", "35.6%"),
        (1234567, "#,##0", "1,234,567"),
        (3500, '0"人"', "3500人"),
        (3500, '"約"#,##0"人"', "約3,500人"),
        (2.50, "0.00", "2.50"),
        (1.1 + 2.2, "General", "3.3"),
        (12.0, "General", "12"),
        (-5, "0;(0)", "(5)"),
        (datetime.datetime(2023, 5, 6), "yyyy/m/d", "2023-05-06"),
        (datetime.datetime(2023, 5, 6), 'yyyy"年"m"月"d"日"', "2023年5月6日"),
        (datetime.datetime(2023, 5, 1), 'yyyy"年"m"月"', "2023年5月"),
        (datetime.datetime(2023, 5, 6, 14, 30), "yyyy-mm-dd hh:mm", "2023-05-06 14:30"),
        (123456, '0!.0,"万"', "12.3万"),
        (1234567, "#,##0,", "1,235"),
        (7, "0000", "0007"),
        (13800001111, "000-0000-0000", "138-0000-1111"),
        (0.1234, "0.0#%", "12.34%"),
        (0.5, "0.0#%", "50.0%"),
        (2.0, "0.###", "2"),
        (0.125, "0.00", "0.13"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (-1234.5, "#,##0.00;[Red](#,##0.00)", "(1,234.50)"),
        (-1234.5, "#,##0.0", "-1,234.5"),
        (-0.001, "0.0", "0.0"),
        (0, '#,##0;-#,##0;"—"', "—"),
        (0, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "¥-"),
        (5, ";;;", ""),
        (5, '[>3]"多";"少"', "多"),
        (2, '[>3]"多";"少"', "少"),
        (0.5, "# ?/?", "0.5"),
        (12345678, "0.00E+00", "12345678"),
        (45052, "aaaa", "45052"),
        ("甲", '"第"@"号"', "第甲号"),
        (datetime.time(9, 30), "h:mm", "9:30"),
        (datetime.timedelta(hours=26), "[h]:mm:ss", "26:00:00"),
        (None, "General", ""),
        ("南京", "@", "南京"),
    ],
)
def test_a_value_is_shown_as_excel_shows_it(value: CellValue, number_format: str, shown: str) -> None:
    assert shown_value(value, number_format) == shown


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "gb18030"), ("\t", "utf-8"), (";", "utf-16")])
def test_a_delimited_table_gives_rows_with_headings(delimiter: str, encoding: str) -> None:
    rows = [["城市", "活動場次", "說明"], ["南京", "12", '"第一行\n第二行"'], ["蘇州", "8", "照常"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert texts(read_content(text.encode(encoding), "a.csv")) == [
        "城市：南京；活動場次：12；說明：第一行 第二行",
        "城市：蘇州；活動場次：8；說明：照常",
    ]


def test_the_line_that_names_the_delimiter_for_excel_is_no_row() -> None:
    content = "sep=;\r\n城市;場次\r\n南京;12,5\r\n".encode("utf-16")
    assert texts(read_content(content, "a.csv")) == ["城市：南京；場次：12,5"]


def test_a_sentence_alone_is_no_row() -> None:
    assert texts(read_content("本期無統計，下期補登。\n".encode(), "a.csv")) == ["本期無統計，下期補登。"]
