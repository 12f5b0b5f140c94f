"""Figures, dates and rates as values."""

from __future__ import annotations

import pytest

from retrieval.answering.wording_check.figures import Figure, find_figures


def _only(text: str) -> Figure:
    (figure,) = find_figures(text, articles=True)
    return figure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5200多名", "5200余名"),
        ("三万五千份", "3.5万份"),
        ("百分之八十", "80%"),
        ("八成", "80%"),
        ("四分之一", "25%"),
        ("两个小时", "120分钟"),
        ("每周", "每星期"),
        ("每两年", "每2年"),
        ("二〇二一年", "2021年"),
        ("二〇二一年六月底", "2021年6月底"),
        ("至少10名", "不少于10名"),
        ("超过3亿元", "3亿元以上"),
        ("半年", "六个月"),
        ("六成四", "64%"),
        ("晚上十点", "22时"),
        ("900亩", "60公顷"),
        ("84华里", "42公里"),
        ("每三个月", "每季度"),
        ("三天之内", "三日"),
        ("不得超过三百元", "最多300元"),
        ("四亿六千万元", "4.6亿元"),
        ("十一月", "11月"),
        ("70周岁以上", "70岁以上"),
    ],
)
def test_two_ways_of_writing_one_figure_say_the_same(one: str, other: str) -> None:
    assert _only(one).says(_only(other))
    assert _only(other).says(_only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10名", "10期"),
        ("近500名", "500名"),
        ("近500名", "超过500名"),
        ("第10名", "10名"),
        ("前10名", "10名"),
        ("4至5名", "5名"),
        ("每月", "每年"),
        ("每两年", "每年"),
        ("日均", "月均"),
        ("3个月", "3月"),
        ("2018年3月", "2019年3月"),
        ("2018年", "2018年起"),
        ("3%", "3个百分点"),
        ("60岁以上", "60岁以下"),
    ],
)
def test_figures_that_differ_in_value_unit_or_bound_do_not(one: str, other: str) -> None:
    assert not _only(one).says(_only(other))


@pytest.mark.parametrize("text", ["一批志愿者", "统一标准", "三位一体", "十佳好人", "两微一端"])
def test_names_and_articles_are_no_figures(text: str) -> None:
    assert list(find_figures(text, articles=False)) == []


def test_raised_to_and_raised_by_differ() -> None:
    (to,) = find_figures("提高到50%", articles=True)
    (by,) = find_figures("提高了50%", articles=True)
    assert not to.says(by)
