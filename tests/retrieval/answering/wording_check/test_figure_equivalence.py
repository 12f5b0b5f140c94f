"""Figures that follow from those of a quote."""

from __future__ import annotations

import pytest

from retrieval.answering.wording_check.figure_equivalence import implying, is_article
from retrieval.answering.wording_check.figures import Figure, find_figures


def _figures(text: str) -> list[Figure]:
    return list(find_figures(text, articles=True))


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("共80名", "女性50名,男性30名"),
        ("多20名", "女性50名,男性30名"),
        ("共60名", "第一组10名,第二组20名,第三组30名"),
        ("2019年9月", "2019年3月启动,9月完成"),
        ("一年", "每年举办两届"),
    ],
)
def test_a_sum_a_difference_the_year_of_a_month_and_a_rate_follow(sentence: str, quote: str) -> None:
    (figure,) = find_figures(sentence, articles=False)
    assert implying(figure, _figures(quote)) in _figures(quote)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("共80名", "女性50名,男性30户"),
        ("近80名", "女性50名,男性30名"),
        ("2020年9月", "2019年3月启动,9月完成"),
        ("两年", "每年举办两届"),
    ],
)
def test_another_total_unit_year_or_span_does_not(sentence: str, quote: str) -> None:
    (figure,) = find_figures(sentence, articles=False)
    assert implying(figure, _figures(quote)) is None


def test_one_is_an_article_only_where_nothing_of_its_unit_is_counted() -> None:
    (figure,) = find_figures("一处", articles=False)
    assert is_article(figure, _figures("面积420平方米"))
    assert not is_article(figure, _figures("设立崗亭2处"))
