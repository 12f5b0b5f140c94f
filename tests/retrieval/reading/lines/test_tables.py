"""Tables to lines: every value with the heading of its column, equal values too."""

from __future__ import annotations

from retrieval.reading.lines import LineKind, table_lines


def texts(rows: list[list[str]], **options: object) -> list[str]:
    return [line.text for line in table_lines(rows, **options)]  # type: ignore[arg-type]


def test_equal_values_of_a_row_keep_their_own_headings() -> None:
    assert texts([["区", "男", "女"], ["钟楼", "1200", "1200"]]) == ["区：钟楼；男：1200；女：1200"]
    assert texts([["钟楼", "1200", "1200"], ["天宁", "7", "7"]]) == ["钟楼 | 1200 | 1200", "天宁 | 7 | 7"]


def test_rows_of_headings_are_combined_where_the_caller_knows_what_is_merged() -> None:
    rows = [["区", "志愿者", "志愿者", "培训"], ["区", "男", "女", "培训"], ["钟楼", "1200", "1200", "300"]]
    merged = {(0, 2): "left", (1, 0): "above", (1, 3): "above"}
    assert texts(rows, merged=merged) == ["区：钟楼；志愿者·男：1200；志愿者·女：1200；培训：300"]


def test_rows_of_headings_are_combined_where_merged_cells_are_blank() -> None:
    rows = [["区", "志愿者", "", "培训"], ["", "男", "女", ""], ["钟楼", "1200", "1200", "300"]]
    assert texts(rows) == ["区：钟楼；志愿者·男：1200；志愿者·女：1200；培训：300"]


def test_a_row_of_words_below_the_heading_is_data() -> None:
    assert texts([["区", "做法", ""], ["钟楼区", "村歌比赛", "好评"], ["天宁区", "夜跑护河", "好评"]]) == [
        "区：钟楼区；做法：村歌比赛；好评",
        "区：天宁区；做法：夜跑护河；好评",
    ]


def test_years_head_columns() -> None:
    assert texts([["区", "2022年", "2023年"], ["钟楼", "12", "15"]]) == ["区：钟楼；2022年：12；2023年：15"]
    assert texts([["2022", "2023"], ["12", "15"], ["7", "8"]], heading_rows=1) == [
        "2022：12；2023：15",
        "2022：7；2023：8",
    ]


def test_a_cell_over_all_columns_is_a_line_of_its_own() -> None:
    rows = [["各区数量", "各区数量"], ["区", "处数"], ["城区", "城区"], ["钟楼", "7"]]
    merged = {(0, 1): "left", (2, 1): "left"}
    assert texts(rows, merged=merged) == ["各区数量", "城区", "区：钟楼；处数：7"]


def test_a_value_over_several_columns_is_said_once_with_all_their_headings() -> None:
    assert texts([["区", "男", "女"], ["钟楼", "未统计", "未统计"]], merged={(1, 2): "left"}) == [
        "区：钟楼；男、女：未统计"
    ]


def test_the_heading_of_a_column_without_values_is_kept_and_a_repeated_heading_is_no_data() -> None:
    rows = [["区", "处数", "备注"], ["钟楼", "7", ""], ["区", "处数", "备注"], ["天宁", "7", ""]]
    assert texts(rows) == ["区：钟楼；处数：7；备注：", "区：天宁；处数：7"]


def test_a_table_that_arranges_the_page_gives_its_paragraphs() -> None:
    lines = table_lines([["钟楼区开设邻里食堂七处。" * 30, "又一段。\n再一段。"]])
    assert [line.kind for line in lines] == [LineKind.PARAGRAPH] * 3
