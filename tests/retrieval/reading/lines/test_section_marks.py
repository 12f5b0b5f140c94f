"""Section marks at the start of a line and in series inside one."""

from __future__ import annotations

import pytest

from retrieval.language.numerals import parse_numeral
from retrieval.reading.lines.section_marks import inline_marks, opening_mark


@pytest.mark.parametrize(
    ("text", "label", "look"),
    [
        ("一、着力", "一", "一"),
        ("貳、重點工作", "貳", "貳"),
        ("\uff08二\uff09加强", "二", "(二)"),
        ("(二)加强", "二", "(二)"),
        ("二是抓好", "二", "二是"),
        ("一要做好", "一", "一要"),
        ("第一\uff0c组织", "一", "第一"),
        ("首先\uff0c组织", "一", "首先"),
        ("3. 做好", "3", "3"),
        ("12、做好", "12", "12"),
        ("\uff083\uff09开展", "3", "(3)"),
        ("①加强", "①", "①"),
        ("㈡加强", "二", "㈡"),
        ("第一章 总则", "一", "第一章"),
    ],
)
def test_a_mark_opens_a_line(text: str, label: str, look: str) -> None:
    mark = opening_mark(text)
    assert mark is not None
    assert (mark.label, mark.look) == (label, look)


@pytest.mark.parametrize(
    "text", ["2023年", "1.5万人", "3.15消费者日", "一心一意", "三要素", "三、四季度", "第一节课上", "20xx年"]
)
def test_a_number_in_a_word_is_no_mark(text: str) -> None:
    assert opening_mark(text) is None


def series(text: str) -> list[str]:
    return [mark.look for mark in inline_marks(text)]


def test_a_series_divides_a_line() -> None:
    assert series("做法有:一是抓组织,成立小组;二是抓落实,逐项推进。") == ["一是", "二是"]
    assert series("首先\uff0c重视。其次\uff0c得力。最后\uff0c见效。") == ["首先", "其次", "最后"]
    assert series("任务\uff1a(1)建站\uff1b(2)培训\uff1b(3)表彰。") == ["(1)", "(2)", "(3)"]


def test_the_last_of_a_series_counts_on() -> None:
    assert [mark.label for mark in inline_marks("首先,重视。其次,得力。最后,见效。")] == ["一", "二", "三"]


@pytest.mark.parametrize(
    "text", ["坚持一是一、二是二。", "一是抓组织,二是抓落实。", "“一是好;二是坏”的说法。", "这一是好事。"]
)
def test_words_that_only_count_divide_nothing(text: str) -> None:
    assert series(text) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [("十二", 12), ("二十", 20), ("一百零三", 103), ("12", 12), ("③", 3), ("IV", 4), ("", None)],
)
def test_numbers_of_every_notation(written: str, value: int | None) -> None:
    assert parse_numeral(written) == value
