"""The patterns that a sentence must meet to answer a question."""

from __future__ import annotations

import pytest

from retrieval.language.folding import fold
from retrieval.language.personal_names import names_a_person
from retrieval.questions.question import read_question


@pytest.mark.parametrize(
    ("question", "given", "lacking"),
    [
        ("一年撥多少錢?", "每年列支50萬元。", "每年列支經費。"),
        ("哪一年評上的?", "2016年評上。", "去年評上。"),
        ("啟動儀式是幾月幾號?", "於3月5日啟動。", "於春天啟動。"),
        ("培訓了多久?", "培訓為期3天。", "開展了培訓。"),
        ("參加的人平均幾歲?", "平均35歲。", "多為青年人。"),
        ("諮詢電話是多少?", "撥打12345。", "可以打電話。"),
        ("網址是什麼?", "登錄www.example.cn。", "登錄網站。"),
        ("參與率是百分之幾?", "參與率達85%。", "參與率很高。"),
        ("標誌是什麼顏色?", "標誌為紅色。", "設計了標誌。"),
        ("律師來自哪家律所?", "由大成律師事務所提供。", "由律師提供。"),
        ("團長是誰?", "團長王小明說。", "團長帶隊。"),
        ("頒獎典禮在哪裡舉行?", "在體育館舉行。", "舉行頒獎典禮。"),
        ("學費在哪裡公示?", "學費標準全部上網公示。", "學費標準全部公示。"),
        ("簽證在哪裡諮詢?", "旅客可在機場窗口諮詢簽證。", "旅客可諮詢簽證。"),
        ("名單喺邊度公布?", "名單在村務公開欄和公眾號公布。", "名單定期公布。"),
        ("評論員的書叫什麼名字?", "出版《德耀金陵》。", "出版了書。"),
        ("有幾名志願者?", "有8名志願者。", "建成8所學校。"),
        ("投訴少了多少?", "投訴下降三成。", "投訴明顯下降。"),
        ("遲到扣多少錢?", "扣當月費用的兩成。", "扣當月費用。"),
        ("多久查一遍?", "每季查一遍。", "全面檢查。"),
        ("跑完用了多長時間?", "用時43秒。", "很快跑完。"),
        ("可以帶手機進去嗎?", "進場不許帶手機。", "進場先簽到。"),
    ],
)
def test_a_sentence_that_lacks_the_answer_differs_from_one_that_has_it(
    question: str, given: str, lacking: str
) -> None:
    expectation = read_question(question).answer_pattern
    assert expectation is not None
    assert expectation.is_met_by(fold(given))
    assert not expectation.is_met_by(fold(lacking))


@pytest.mark.parametrize("question", ["為什麼這樣做?", "怎麼評選?", "哪幾個方面?", "誰來評?", "有哪些活動?"])
def test_anything_may_answer_most_questions(question: str) -> None:
    assert read_question(question).answer_pattern is None


@pytest.mark.parametrize("text", ["主任劉國強介紹", "郭明義愛心團隊", "教授李娜說", "袁隆平院士"])
def test_a_full_name_names_a_person(text: str) -> None:
    assert names_a_person(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "主任會議",
        "評選委員會",
        "組織專家學者研究",
        "省委常委、宣傳部部長",
        "183項公益活動",
        "作為更高目標",
        "集宣傳於一體",
    ],
)
def test_a_role_names_nobody(text: str) -> None:
    assert not names_a_person(fold(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("有幾名志願者?", "多少名黨員參加?"),
        ("評上是哪一年?", "哪一年開館?"),
        ("要交多少錢?", "費用是多少元?"),
    ],
)
def test_questions_for_the_same_kind_of_answer_share_its_test_so_that_a_text_is_tested_once(
    one: str, other: str
) -> None:
    first, second = (read_question(question).answer_pattern for question in (one, other))
    assert first
    assert second
    assert first.is_met_by is second.is_met_by


@pytest.mark.parametrize(
    ("one", "other", "answers_one_alone"),
    [
        ("有幾名志願者?", "補種多少棵樹?", "共有86名"),
        ("要交多少錢?", "列支多少錢?", "免費參加"),
        ("有哪本書?", "《德耀金陵》是哪本書?", "出版《德耀金陵》"),
    ],
)
def test_questions_for_other_answers_share_no_test(one: str, other: str, answers_one_alone: str) -> None:
    first, second = (read_question(question).answer_pattern for question in (one, other))
    assert first
    assert second
    assert first.is_met_by(fold(answers_one_alone))
    assert not second.is_met_by(fold(answers_one_alone))
