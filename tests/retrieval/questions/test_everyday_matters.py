"""Everyday matters, which a text answers only if it names them."""

from __future__ import annotations

import pytest

from retrieval.language import fold
from retrieval.questions.everyday_matters import lacks_matter

SAID = fold("揚州市成立志願服務隊，每週六上午到社區理髮、量身高，老人不用出錢。")


@pytest.mark.parametrize(
    "question",
    [
        "揚州後天會下雪嗎",
        "扬州租房一个月多少",
        "揚州坐火車到南京要多久",
        "扬州机场在哪里",
        "揚州哪家酒店近",
        "扬州早餐吃什么，哪家餐馆好",
        "揚州動物園門票多少錢",
        "扬州哪家医院看牙好",
        "揚州護照在哪裡辦",
        "扬州今年高考分数线",
        "揚州籃球隊主場在哪",
        "扬州人口有多少",
        "把謝謝翻譯成日文",
        "What is the weather in Yangzhou?",
        "Best restaurants in Yangzhou?",
    ],
)
def test_a_text_about_other_things_does_not_answer_an_everyday_question(question: str) -> None:
    assert lacks_matter(fold(question), SAID)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("颱風天志願者做什麼", "颱風橙色預警時，志願者到低窪處巡查。"),
        ("醫院門口誰在引導", "42名志願者在三家醫院引導掛號。"),
        ("飯館怎麼勸人不浪費", "餐館張貼提示，剩菜打包。"),
        ("What do volunteers do at the railway station?", "志願者在火車站引路。"),
        ("圖書館幾點關門", "圖書館延長到21時。"),
    ],
)
def test_a_text_that_names_the_matter_may_answer(question: str, text: str) -> None:
    assert not lacks_matter(fold(question), fold(text))


@pytest.mark.parametrize("question", ["揚州志願者一共多少人", "扬州志愿服务队什么时候去社区", "誰付錢"])
def test_questions_about_other_things_have_no_everyday_matter(question: str) -> None:
    assert not lacks_matter(fold(question), SAID)
