from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.places.recognition import find_places
from retrieval.questions.question import read_question
from retrieval.questions.question_types import distinct_places
from retrieval.types import QuestionType


@pytest.mark.parametrize(
    "text",
    [
        "北京和山東的好人怎麼評?",
        "上海、重慶,志願服務差在哪",
        "江蘇請教授、黑龍江請學者,分別做什麼",
        "北京 上海 志願者",
        "各地怎麼宣傳好人?",
        "每個城市的志願者有多少",
        "常州的護河員跟鹽城的巡河員,誰的補貼高",
        "揚州書車同淮安書屋,邊個藏書多啲?",
        "Which has more members, the Yangzhou choir or the Yancheng choir?",
    ],
)
def test_a_question_about_several_places_is_a_comparison(text: str) -> None:
    assert read_question(text).type is QuestionType.COMPARISON


@pytest.mark.parametrize(
    "text",
    [
        "江蘇的南京有什麼活動?",
        "山東用什麼辦法讓各地互相較勁?",
        "上海怎麼培訓志願者?",
        "上海的東方少年網是什麼",
    ],
)
def test_a_place_inside_another_or_beside_one_in_passing_is_no_comparison(text: str) -> None:
    assert read_question(text).type is QuestionType.PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "哪些城市提到二維碼?",
        "有幾個地方用到QQ群?",
        "邊幾個地方有斑馬線?",
        "哪裡提到家風?",
        "講到手語的地方有哪些",
        "有手語嘅地方有邊啲",
        "別處還有夜校嗎",
        "書車在哪幾個地方派上了用場",
        "講到幾個城市",
        "Which cities mention QR codes?",
        "How many places mention family?",
    ],
)
def test_a_question_for_the_places_of_a_topic_is_coverage(text: str) -> None:
    assert read_question(text).type is QuestionType.COVERAGE


@pytest.mark.parametrize(
    "text", ["山東在哪些地方開展評議?", "是哪個城市的隊伍去敬老院演出?", "志願者有多少人?"]
)
def test_a_question_for_one_place_or_inside_one_is_plain(text: str) -> None:
    assert read_question(text).type is QuestionType.PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "那重慶呢?",
        "還有嗎?",
        "為甚麼?",
        "呢?",
        "怎麼做的?",
        "什麼時候?",
        "那獎金呢?",
        "and Beijing?",
        "why?",
        "上海?",
    ],
)
def test_a_message_without_a_topic_of_its_own_is_a_follow_up(text: str) -> None:
    assert read_question(text).type is QuestionType.FOLLOW_UP


@pytest.mark.parametrize(
    "text", ["還有哪些城市提到二維碼?", "那上海怎麼做志願服務?", "好人榜", "為什麼要辦志願服務?"]
)
def test_a_message_with_its_own_topic_is_none(text: str) -> None:
    assert read_question(text).type is not QuestionType.FOLLOW_UP


def test_a_place_named_twice_or_around_another_counts_once() -> None:
    assert [place.code for place in distinct_places(find_places("江蘇比江蘇的南京和上海,南京"))] == [
        "320100",
        "310000",
    ]


@given(st.text(alphabet=st.sampled_from("北京上海江蘇南京和各那呢?還有嗎,、 哪些城市ab"), max_size=30))
def test_any_text_has_a_kind(text: str) -> None:
    assert read_question(text).type in QuestionType


@pytest.mark.parametrize(
    "question",
    [
        "北京的隊員跟大連的教練,誰的補貼高?",
        "北京的展館和南京的書屋哪個大一些",
        "重慶的課比上海的課,誰更受歡迎",
    ],
)
def test_which_of_two_places_has_more_compares_them(question: str) -> None:
    assert read_question(question).type is QuestionType.COMPARISON
