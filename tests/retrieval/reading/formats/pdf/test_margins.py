"""Running heads, page numbers and watermarks."""

from __future__ import annotations

import pytest

from retrieval.reading.formats.pdf.margins import common_height, sort_out
from retrieval.reading.formats.pdf.rows import SLANTED, Row
from retrieval.types import LeftOutReason

HEIGHT = 842.0
BODY = [
    "鐘樓區開設鄰里食堂七處。",
    "天寧區組織夜跑護河。",
    "武進區舉辦村歌比賽。",
    "新北區建成口袋公園。",
    "經開區設立書屋。",
]


def row(text: str, page: int, bottom: float, size: float = 12.0, *, is_slanted: bool = False) -> Row:
    return Row(
        text,
        page,
        72,
        72 + size * len(text),
        bottom,
        bottom + size,
        HEIGHT,
        direction=SLANTED if is_slanted else 0,
    )


def pages(*heads: str, foot: str = "", size: float = 12.0) -> list[Row]:
    """A page for each head, with a line of text of its own and a foot in which {} is the number of the page."""
    rows = []
    for page, head in enumerate(heads):
        rows += [row(head, page, 790, size), row(BODY[page], page, 600), row(BODY[page][::-1], page, 580)]
        if foot:
            rows.append(row(foot.format(page + 1), page, 40))
    return rows


def texts(rows: list[Row]) -> list[str]:
    return [row.text for row in sort_out(rows)[0]]


@pytest.mark.parametrize(
    "foot",
    [
        "{}",
        "- {} -",
        "第{}页",
        "第 {} 頁 共 9 頁",
        "{}/12",
        "簡報 {}",
        "{} 常州市文明辦",
        "常州市文明辦  ·{}·",
    ],
)
def test_feet_that_count_the_pages_go(foot: str) -> None:
    rows = pages(*BODY[:5], foot=foot)
    assert texts(rows) == [row.text for row in rows if row.bottom != 40]
    assert {reason for _, reason in sort_out(rows)[1]} <= {LeftOutReason.PAGE_HEAD, LeftOutReason.PAGE_NUMBER}


def test_a_page_number_that_counts_from_elsewhere_goes() -> None:
    rows = [row for page in pages(*BODY, foot="簡報 {}") for row in [page]]
    rows = [row if row.bottom != 40 else Row(f"簡報 {row.page + 57}", *row_fields(row)) for row in rows]
    assert not any("簡報" in text for text in texts(rows))


def row_fields(row: Row) -> tuple[int, float, float, float, float, float]:
    return row.page, row.left, row.right, row.bottom, row.top, row.page_height


def test_a_head_repeated_on_every_page_goes_and_is_named_with_its_page() -> None:
    text, left_out = sort_out(pages(*["常州市文明創建工作簡報"] * 3))
    assert len(text) == 6
    assert [(row.page, row.text, reason) for row, reason in left_out] == [
        (page, "常州市文明創建工作簡報", LeftOutReason.PAGE_HEAD) for page in range(3)
    ]


@pytest.mark.parametrize("word", ["附件", "附表", "附錄", "圖", "表"])
def test_numbered_attachments_at_the_top_of_their_pages_stay(word: str) -> None:
    rows = pages(*(f"{word}{number}" for number in range(1, 5)))
    assert texts(rows) == [row.text for row in rows]


def test_numbered_headings_that_do_not_count_the_pages_stay() -> None:
    rows = pages("典型案例 1", "典型案例 2", "典型案例 4", "典型案例 7")
    assert texts(rows) == [row.text for row in rows]


def test_large_headings_stay_even_if_they_count_the_pages() -> None:
    rows = pages("典型案例 1", "典型案例 2", "典型案例 3", "典型案例 4", size=18)
    assert texts(rows) == [row.text for row in rows]


def test_the_title_of_the_first_page_stays_once_where_it_is_the_running_head_too() -> None:
    rows = pages(*["常州市文明創建工作簡報"] * 3, size=16)
    assert texts(rows).count("常州市文明創建工作簡報") == 1


def test_equal_lines_in_the_middle_of_pages_stay() -> None:
    rows = [
        row(text, page, bottom) for page in range(3) for text, bottom in (("同上", 400), (BODY[page], 380))
    ]
    assert texts(rows) == [row.text for row in rows]


def test_the_only_page_of_a_file_has_no_running_head_but_may_have_a_number() -> None:
    assert texts(pages("常州市文明創建工作簡報", foot="- {} -")) == [
        "常州市文明創建工作簡報",
        BODY[0],
        BODY[0][::-1],
    ]


def test_a_repeated_or_large_slanted_text_is_a_watermark() -> None:
    rows = pages(*BODY[:2])
    slanted = [row("內部資料", page, 0, is_slanted=True) for page in (0, 1)]
    text, left_out = sort_out([*rows, *slanted])
    assert text == rows
    assert [reason for _, reason in left_out] == [LeftOutReason.WATERMARK] * 2
    assert sort_out([*rows, row("草稿", 0, 0, 60, is_slanted=True)])[0] == rows


def test_a_small_slanted_text_that_is_printed_once_stays() -> None:
    assert texts([*pages(BODY[0]), row("示意圖", 0, 0, is_slanted=True)])[-1] == "示意圖"


def test_every_row_is_in_the_text_or_left_out() -> None:
    rows = [*pages(*["簡報"] * 4, foot="{}"), row("內部", 0, 0, 90, is_slanted=True)]
    text, left_out = sort_out(rows)
    assert sorted(row.text for row in rows) == sorted(
        [row.text for row in text] + [row.text for row, _ in left_out]
    )
    assert sort_out([]) == ([], [])


def test_the_common_height_is_that_of_most_rows() -> None:
    assert common_height([row("題", 0, 700, 20), row("文", 0, 600), row("文", 0, 500)]) == 12
    assert common_height([]) == 0


def test_a_head_in_small_print_apart_from_the_text_goes_even_if_it_is_printed_once() -> None:
    body = [row("漯河开讲百场。", 0, 740 - 20 * number) for number in range(5)]
    assert texts([row("工作参考", 0, 790, 9), *body]) == [line.text for line in body]


@pytest.mark.parametrize(
    ("head", "bottom", "size"),
    [
        ("工作参考", 790.0, 12.0),
        ("漯文明〔2023〕12号", 790.0, 9.0),
        ("附件", 790.0, 9.0),
        ("工作参考", 754.0, 9.0),
        ("工作参考", 560.0, 9.0),
    ],
)
def test_a_line_with_only_one_sign_of_a_head_stays(head: str, bottom: float, size: float) -> None:
    body = [row("漯河开讲百场。", 0, min(bottom - 14, 740) - 20 * number) for number in range(5)]
    assert texts([row(head, 0, bottom, size), *body])[0] == head
