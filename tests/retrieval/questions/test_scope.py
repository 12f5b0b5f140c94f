"""The scope of a question: a bulletin, a date, the newest issue, places left out."""

from __future__ import annotations

import pytest

from retrieval.questions.question import read_question


@pytest.mark.parametrize(
    ("question", "number", "date", "is_newest", "rest"),
    [
        ("第3篇里粉絲突破多少?", 3, None, False, "粉丝突破多少?"),
        ("篇6 的爱+有多少项目", 6, None, False, "爱+有多少项目"),
        ("第十二期講什麼", 12, None, False, "讲什么"),
        ("2023年那一期鐘樓區有幾處食堂?", None, "2023", False, "钟楼区有几处食堂?"),
        ("2023年5月常州有多少志願者", None, "2023-05", False, "常州有多少志愿者"),
        ("最新一期簡報裡常州有多少志願者", None, None, True, "常州有多少志愿者"),
        ("只看篇4,北京有多少志願者", 4, None, False, "北京有多少志愿者"),
        ("總第四十七期有幾個地方", 47, None, False, "有几个地方"),
        ("第16期里写了几个城市", 16, None, False, "写了几个城市"),
        ("最後一篇寫的是哪裡", None, None, True, "写的是哪里"),
        ("what is in the third bulletin", 3, None, False, "what is"),
        ("這幾期裡哪些地方提到家風", None, None, False, "哪些地方提到家风"),
        ("How many volunteers did Changzhou have in 2023?", None, "2023", False, None),
    ],
)
def test_a_scope_leaves_the_question_without_its_words(
    question: str, number: int | None, date: str | None, is_newest: bool, rest: str | None
) -> None:
    scope = read_question(question).scope
    assert scope is not None
    assert (scope.number, scope.date, scope.is_newest) == (number, date, is_newest)
    assert rest is None or scope.rest == rest


@pytest.mark.parametrize(
    "question",
    ["這三篇文章是哪三篇?", "第三號線何時開通", "20xx年開通了什麼?", "每一期評出多少人?", "最新做法"],
)
def test_most_questions_have_no_scope(question: str) -> None:
    assert read_question(question).scope is None


def test_places_behind_except_are_left_out_and_where_else_asks_for_places() -> None:
    scope = read_question("除了北京和上海以外,還有哪裡評選好人?").scope
    assert scope is not None
    assert [place.code for place in scope.excluded] == ["110000", "310000"]
    assert scope.rest == "哪些地方评选好人?"
    assert not scope.is_part


@pytest.mark.parametrize(
    "question", ["除咗北京之外,邊度仲評好人?", "不算北京,其他地方有評好人嗎", "撇開北京,別處還評好人嗎?"]
)
def test_everyday_words_leave_a_place_out_too(question: str) -> None:
    scope = read_question(question).scope
    assert scope is not None
    assert [place.start for place in scope.excluded] == [2]
    assert "哪些地方" in scope.rest


@pytest.mark.parametrize(
    ("question", "left_out", "rest"),
    [
        ("江蘇以外有哪些城市做志願服務", ["江蘇"], "有哪些城市做志愿服务"),
        ("江蘇和上海之外邊度有志願服務", ["江蘇", "上海"], "哪些地方有志愿服务"),
        ("唔計上海,邊度有志願服務", ["上海"], "哪些地方有志愿服务"),
        ("非江蘇的城市有哪些提到志願服務", ["江蘇"], "城市有哪些提到志愿服务"),
        ("which cities outside Jiangsu have volunteers", ["Jiangsu"], None),
        ("which cities except for Jiangsu have volunteers", ["Jiangsu"], None),
    ],
)
def test_a_place_is_left_out_by_words_on_either_side_of_it(
    question: str, left_out: list[str], rest: str | None
) -> None:
    scope = read_question(question).scope
    assert scope is not None
    assert [question[place.start : place.end] for place in scope.excluded] == left_out
    assert rest is None or scope.rest == rest


@pytest.mark.parametrize(
    "question", ["上海和江蘇有多少志願者", "並非上海的做法", "上海外來務工人員有多少", "除非上海有志願者"]
)
def test_places_that_nothing_leaves_out_stay(question: str) -> None:
    scope = read_question(question).scope
    assert scope is None or not scope.excluded
