"""Glyphs to lines of print."""

from __future__ import annotations

from retrieval.reading.formats.pdf.lines import lines_of
from tests.retrieval.reading.formats.pdf.made_up_pages import Page


def texts(page: Page) -> list[list[str]]:
    """The segments of each line."""
    return [[segment.text for segment in line] for line in lines_of(page.glyphs)]


def test_a_page_without_glyphs_has_no_lines() -> None:
    assert texts(Page()) == []
    assert texts(Page().draw("  　", 72, 700)) == []


def test_quotation_marks_drawn_first_stay_with_their_words() -> None:
    page = Page().draw("“", 84, 700).draw("”", 156, 700)
    page.draw("出", 72, 700).draw("四個着力", 96, 700, space=3.0).draw("深化", 168, 700)
    assert texts(page) == [["出“四個着力”深化"]]


def test_figures_in_another_font_are_not_set_off_by_blanks() -> None:
    page = Page().draw("惠及羣眾", 72, 700).draw("26", 121, 698.5, 13).draw("萬人次", 135, 700)
    assert texts(page) == [["惠及羣眾26萬人次"]]


def test_a_blank_that_the_file_draws_around_a_figure_stays() -> None:
    page = Page().draw("第", 72, 700).draw(" ", 84, 700, 6).draw("7", 87, 700).draw("期", 93, 700)
    assert texts(page) == [["第 7期"]]


def test_latin_words_keep_their_blanks_whether_or_not_the_file_draws_them() -> None:
    assert texts(Page().draw("Work Bulletin", 72, 700)) == [["Work Bulletin"]]
    assert texts(Page().draw("Work", 72, 700).draw("Bulletin", 100, 700)) == [["Work Bulletin"]]


def test_fake_bold_is_read_once() -> None:
    page = Page()
    for shift in (0.0, 0.3, 0.6):
        page.draw("標題12", 72 + shift, 700 + shift / 3)
    assert texts(page) == [["標題12"]]


def test_equal_characters_side_by_side_are_all_read() -> None:
    assert texts(Page().draw("人人人……11", 72, 700)) == [["人人人……11"]]


def test_a_letter_spaced_title_is_whole() -> None:
    assert texts(Page().draw("通知", 200, 700, 20, space=40)) == [["通知"]]
    assert texts(Page().draw("工作簡報", 200, 700, 20, space=25)) == [["工作簡報"]]


def test_cells_of_single_characters_are_no_letter_spaced_title() -> None:
    page = Page().draw("區", 72, 700).draw("男", 122, 700).draw("女", 172, 700)
    page.draw("鐘樓", 72, 680).draw("1200", 116, 680).draw("900", 172, 680)
    assert texts(page) == [["區", "男", "女"], ["鐘樓", "1200", "900"]]


def test_a_wide_gap_divides_a_line() -> None:
    assert texts(Page().draw("時間：五月", 72, 700).draw("地點：文化站", 200, 700)) == [
        ["時間：五月", "地點：文化站"]
    ]


def test_raised_and_lowered_figures_stay_in_their_line() -> None:
    page = Page().draw("志願者", 72, 700).draw("1", 108, 708, 6).draw("植樹", 111, 700).draw("2", 135, 698, 6)
    page.draw("畝", 138, 700).draw("次行", 72, 682)
    assert texts(page) == [["志願者1植樹2畝"], ["次行"]]


def test_lines_of_three_columns_at_unequal_heights_do_not_run_together() -> None:
    page = Page()
    for column, shift in enumerate((0.0, 4.5, 9.0)):
        page.draw_lines(["文字一", "文字二", "文字三"], 72 + 150 * column, 700 - shift, 14.0)
    assert (
        sorted(segment for line in texts(page) for segment in line)
        == ["文字一"] * 3 + ["文字三"] * 3 + ["文字二"] * 3
    )


def test_the_box_of_a_segment_is_that_of_its_body() -> None:
    ((segment,),) = lines_of(Page().draw("志願者", 72, 700).draw("1", 108, 708, 6).glyphs)
    assert (segment.left, segment.right, segment.bottom, segment.top) == (72, 111, 700, 712)
    assert (segment.height, segment.size) == (12, 4)
