"""Glyphs of a page to rows in the order of reading."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.retrieval.reading.formats.pdf.made_up_pages import HEIGHT, WIDTH, Page

LEFT = [
    "鐘樓區在七個社區開設鄰里食堂，每",
    "天供應三百份午餐，七十歲以上老人",
    "憑卡半價，由區供銷社統一配送。",
]
RIGHT = ["天寧區組織夜跑護河，隊員每周兩次", "巡查河道，全年上報隱患四十處，其", "中三十六處當周整改。"]


def test_two_columns_drawn_one_after_the_other_are_read_one_after_the_other() -> None:
    page = (
        Page()
        .draw("常州市文明創建工作簡報", 180, 760, 20)
        .draw_lines(LEFT, 72, 720)
        .draw_lines(RIGHT, 310, 720)
    )
    assert page.lines == ["常州市文明創建工作簡報", *LEFT, *RIGHT]


def test_two_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    page = Page().draw("常州市文明創建工作簡報", 180, 760, 20)
    for number, lines in enumerate(zip(LEFT, RIGHT, strict=True)):
        for left, line in zip((72, 310), lines, strict=True):
            page.draw(line, left, 708 - 18 * number)
    assert page.lines == ["常州市文明創建工作簡報", *LEFT, *RIGHT]


def test_columns_whose_lines_lie_at_different_heights_are_not_mixed() -> None:
    page = Page().draw_lines(LEFT, 72, 720, 20).draw_lines(RIGHT, 310, 711, 16)
    assert page.lines == [*LEFT, *RIGHT]


def test_three_columns_are_read_from_left_to_right() -> None:
    columns = [[f"{name}{'一二三四五六七八九'[:8]}{line}" for line in "甲乙丙丁"] for name in "左中右"]
    page = Page()
    for number in (2, 0, 1):
        page.draw_lines(columns[number], 60 + 160 * number, 720)
    assert page.lines == [*itertools.chain(*columns)]


def test_text_above_between_and_below_columns_keeps_its_place() -> None:
    wide = "全市各區今年共建成新時代文明實踐所九十八個，實踐站二千一百個，覆蓋全部街道"
    page = Page().draw_lines([f"上{wide}"], 72, 780).draw_lines(LEFT, 72, 740).draw_lines(RIGHT, 310, 740)
    page.draw_lines([f"中{wide}"], 72, 660).draw_lines(RIGHT, 72, 620).draw_lines(LEFT, 310, 620)
    page.draw_lines([f"下{wide}"], 72, 540)
    assert page.lines == [f"上{wide}", *LEFT, *RIGHT, f"中{wide}", *RIGHT, *LEFT, f"下{wide}"]


def test_a_letter_spaced_title_over_two_columns_is_read_first() -> None:
    page = Page().draw("簡報", 250, 760, 20, space=60).draw_lines(LEFT, 72, 720).draw_lines(RIGHT, 310, 720)
    assert page.lines == ["簡報", *LEFT, *RIGHT]


def test_rows_of_a_table_hold_their_cells() -> None:
    page = Page().draw("常州市各區註冊志願者", 72, 740)
    for number, cells in enumerate(
        [("區", "男", "女"), ("鐘樓區", "1200", "1200"), ("天寧區", "900", "1100")]
    ):
        for left, cell in zip((90, 230, 370), cells, strict=True):
            page.draw(cell, left, 700 - 30 * number)
    page.draw("天寧區組織夜跑護河，隊員每周兩次巡查河道", 72, 560)
    assert [row.cells for row in page.rows] == [
        (), ("區", "男", "女"), ("鐘樓區", "1200", "1200"), ("天寧區", "900", "1100"), (),
    ]  # fmt: skip


def test_a_paragraph_that_begins_within_a_line_is_a_row_of_its_own() -> None:
    assert Page().draw("受到歡迎。", 72, 700).draw("又組織夜跑", 170, 700).lines == [
        "受到歡迎。",
        "又組織夜跑",
    ]
    assert Page().draw("時間：五月", 72, 700).draw("地點：站", 170, 700).lines == ["時間：五月 地點：站"]


def test_vertical_columns_are_read_from_right_to_left() -> None:
    columns = ["第一欄講述鄰里食堂的故事", "第二欄講述夜跑護河的故事", "第三欄講述村歌比賽的故事"]
    for gap in (8, 40):
        page = Page()
        for number, column in enumerate(reversed(columns)):
            page.draw_down(column, 300 + (12 + gap) * number, 700)
        assert page.lines == columns, gap


def test_a_title_over_vertical_columns_and_a_page_number_below_are_read_as_they_lie() -> None:
    columns = ["第一欄講述鄰里食堂的故事", "第二欄講述夜跑護河的故事"]
    page = Page().draw("工作簡報", 280, 760, 20)
    for left, column in zip((340, 310), columns, strict=True):
        page.draw_down(column, left, 700)
    page.draw("12", 320, 60)
    assert page.lines == ["工作簡報", *columns, "12"]


def test_the_blocks_of_a_page_are_numbered_in_the_order_of_reading() -> None:
    rows = Page().draw_lines(LEFT, 72, 720).draw_lines(RIGHT, 310, 720).rows
    assert [row.block for row in rows] == [0, 0, 0, 1, 1, 1]


CHARACTERS = "市区组织夜跑护河队员每周两次巡查道全年上报隐患四十处其中三六当整改群众满意度达到九成"


@st.composite
def columns_of_text(draw: st.DrawFn) -> list[list[str]]:
    """One to three columns, each of paragraphs whose lines are full but for the last one."""
    count = draw(st.integers(1, 3))
    full = {1: 36, 2: 17, 3: 10}[count]
    numbers = itertools.count()
    columns = []
    for _ in range(count):
        lines: list[str] = []
        for _ in range(draw(st.integers(1, 3))):
            middle = draw(st.integers(3, 7))
            lines += ["　　" + _text(numbers, full - 2), *(_text(numbers, full) for _ in range(middle))]
            lines.append(_text(numbers, draw(st.integers(full // 2, full))))
        columns.append(lines)
    return columns


def _text(numbers: Iterator[int], size: int) -> str:
    """Text that differs from line to line."""
    generator = random.Random(next(numbers))  # noqa: S311
    return "".join(generator.choices(CHARACTERS, k=size))


@given(columns_of_text(), st.data())
@settings(max_examples=60, deadline=None)
def test_paragraphs_in_columns_come_back_in_order_with_every_character_once(
    columns: list[list[str]], data: st.DataObject
) -> None:
    page, full = Page(), max(len(line) for column in columns for line in column)
    title = data.draw(st.sampled_from(["", "常州市文明創建工作簡報第七期"]))
    if title:
        page.draw(title, (WIDTH - 20 * len(title)) / 2, 780, 20)
    order = data.draw(st.permutations(range(len(columns))))
    for number in order:
        shift, leading = data.draw(st.floats(0, 9)), data.draw(st.floats(15, 22))
        page.draw_lines(columns[number], 60 + (12 * full + 20) * number, HEIGHT - 90 - shift, leading)
    assert page.lines == [*filter(None, [title]), *(line.strip() for column in columns for line in column)]


@given(
    st.lists(
        st.tuples(
            st.text("甲乙丙abc12 ", max_size=9), st.integers(0, 500), st.integers(0, 800), st.integers(6, 30)
        ),
        max_size=30,
    )
)
@settings(max_examples=100, deadline=None)
def test_no_character_is_lost_wherever_it_is_printed(drawn: list[tuple[str, int, int, int]]) -> None:
    """But for one printed twice in one place."""
    page, places = Page(), set[tuple[int, int]]()
    for text, left, bottom, size in drawn:
        if not any(abs(bottom - other) < 60 and abs(left - start) < 250 for start, other in places):
            page.draw(text, left, bottom, size)
            places.add((left, bottom))
    assert sorted("".join(page.lines).replace(" ", "")) == sorted("".join(page.texts).replace(" ", ""))
