"""The spans of a quote that answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answer_spans import mark_answer
from retrieval.questions.question import read_question
from retrieval.types import Quote
from tests.doubles import SMALL_PASSAGES


def marked(question: str, text: str) -> list[str]:
    """What is marked in a quote that stands behind some other text of its passage."""
    passage = replace(SMALL_PASSAGES[0], text="前言。" + text)
    quote = mark_answer(Quote(passage, 3, len(passage.text), 1.0), read_question(question))
    return [passage.text[start:end] for start, end in quote.marks]


@pytest.mark.parametrize(
    ("question", "text", "marks"),
    [
        ("北京榜樣每個月評出多少人?", "評選產生10名月榜人物。", ["10名"]),
        ("成都有幾個站?", "成都投入50萬元,建了131個站。", ["131個"]),
        ("北京榜樣每個月有多少人上榜?", "每月有4人上榜。", ["4人"]),
        ("教材叫什麼名字?", "編寫《志願心》教材,推出“學雷鋒”活動。", ["《志願心》", "“學雷鋒”"]),
        ("「文明交通日」是什麼時候?", "將每月第一個星期六定為文明交通日。", ["每月第一個星期六"]),
        ("為什麼要這樣做?", "共有10名志願者。", []),
        ("有多少人?", "1人、2人、3人、4人都來了。", []),
        ("推出了多少個公益項目?", "已推出環境保護等共10個主題112項公益項目。", ["112項"]),
        ("推出了多少個主題?", "已推出環境保護等共10個主題112項公益項目。", ["10個"]),
        ("志願者有多少人?", "組建千人網絡大軍,共有志願者5200多名,其中骨幹近500名。", ["5200多名"]),
        ("發了多少篇稿子?", "策劃專題198個,簽發報道11000餘篇。", ["11000餘篇"]),
        ("佔比升到百分之幾?", "比例由20xx年的11.5%提升到80.6%。", ["80.6%"]),
        ("一共有多少個組織?", "組織比例由20xx年的12%升到80%,總數達到109695個。", ["109695個"]),
        ("How many problems were solved?", "收集意見2352條,解決問題783項。", ["783項"]),
        ("How many prizes?", "收集意見2352條,解決問題783項。", []),
    ],
)
def test_the_number_the_date_or_the_name_is_marked(question: str, text: str, marks: list[str]) -> None:
    assert marked(question, text) == marks


def test_a_name_that_the_question_says_already_is_not_marked() -> None:
    assert marked("“北京榜樣”的網站叫什麼名字?", "“北京榜樣”建立“好人網”。") == ["“好人網”"]


@given(st.text(max_size=80), st.sampled_from(["多少人?", "什麼時候?", "叫什麼名字?"]))
def test_marks_lie_in_order_inside_the_quote(text: str, question: str) -> None:
    passage = replace(SMALL_PASSAGES[0], text="前言。" + text)
    quote = mark_answer(Quote(passage, 3, len(passage.text), 1.0), read_question(question))
    edges = [edge for mark in quote.marks for edge in mark]
    assert edges == sorted(edges)
    assert all(quote.start <= edge <= quote.end for edge in edges)
