from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import answer
from retrieval.answering.place_topics import topic_of
from retrieval.index.index import Index
from retrieval.language.folding import fold
from retrieval.types import Encoder, QuestionType
from tests.answers import places_of
from tests.conftest import DATA
from tests.doubles import HashEncoder


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("哪些城市提到二維碼?", ("二维码",)),
        ("有幾個地方提到美麗鄉村?都是哪", ("美丽乡村",)),
        ("哪幾個地方喊“內容為王”", ("内容为王",)),
        ("邊幾個地方講過謠言", ("谣言",)),
        ("which cities mention QR codes?", ("qr codes",)),
        ("哪些地方的項目名稱裡帶有數字", ("数字",)),
        ("哪些地方成立了QQ群", ("qq群",)),
        ("哪些城市?", ()),
    ],
)
def test_the_topic_is_what_is_quoted_or_what_is_left_of_the_question(
    question: str, topic: tuple[str, ...]
) -> None:
    assert topic_of(fold(question)) == topic


def test_every_passage_that_has_the_words_is_counted(index: Index, encoder: Encoder) -> None:
    found = answer("有幾個地方提到微信?", index, encoder)
    counted = {place.place: place.passages for place in places_of(found)}
    expected: dict[str, int] = {}
    for passage in index.passages:
        if "微信" in passage.text and passage.place_name:
            expected[passage.place_name] = expected.get(passage.place_name, 0) + 1
    assert found.question_type is QuestionType.COVERAGE
    assert counted == expected
    assert all("微信" in place.quotes[0].text for place in places_of(found))


def test_nearly_all_places_of_the_development_questions_are_found(index: Index, encoder: Encoder) -> None:
    lines = (DATA / "eval" / "questions_written.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [question for line in lines if (question := json.loads(line))["type"] == "coverage"]
    wanted = {(question["q"], gold["place"]) for question in questions for gold in question["gold"]}
    answers = {question["q"]: answer(question["q"], index, encoder) for question in questions}
    found = {(text, place.place) for text, answered in answers.items() for place in places_of(answered)}
    assert len(wanted & found) >= 0.9 * len(wanted)
    assert len(wanted & found) >= 0.9 * len(found)


@pytest.mark.parametrize("question", ["哪些城市提到比特幣?", "哪些城市種水稻?"])
def test_a_topic_that_no_place_has_is_refused(index: Index, encoder: Encoder, question: str) -> None:
    assert answer(question, index, encoder).status == "refused"


@given(st.text(alphabet=st.sampled_from("哪些城市提到有幾個地方修身手冊《》「」?好人 ab"), max_size=30))
def test_any_text_is_answered_or_refused(small_index: Index, text: str) -> None:
    found = answer(f"哪些城市{text}", small_index, HashEncoder())
    for quote in found.quotes:
        assert quote.text in quote.passage.text


def test_a_place_that_holds_most_of_the_topic_word_for_word_is_listed(index: Index, encoder: Encoder) -> None:
    found = answer("哪些城市用微信公众号宣传", index, encoder)
    assert {place.place for place in places_of(found)} == {"浙江", "江蘇南京", "山東日照"}
