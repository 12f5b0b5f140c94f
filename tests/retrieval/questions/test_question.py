from __future__ import annotations

import numpy as np
import opencc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.questions.answer_types import AnswerType
from retrieval.questions.question import (
    LONGEST_QUESTION,
    encode_question,
    encode_questions,
    read_question,
)
from retrieval.types import RenamedPlace
from tests.doubles import HashEncoder

HARD_CHARACTERS = st.one_of(
    st.characters(),  # lone surrogates, private use and unassigned ones included
    st.sampled_from("\x00\x1b\u202e\u200f\ufeff\u200d\ufe0f\ud83d\U0001f44d㍿ﬁß🙂北京臺裏，。"),
)
ANY_QUESTION = st.text(HARD_CHARACTERS, max_size=300)


@given(ANY_QUESTION)
@example("")
@example("\x00" * 4096)
@example("北" * 4096)
@example("🙂" * 4096)
@example("\ud800\udfff\ud800")
@example("\u202eمن أين\u202c")
@example("<b>&amp;</b>")
def test_any_text_is_read_and_every_offset_holds_in_both_scripts(text: str) -> None:
    question = read_question(text)
    assert len(question.folded) == len(question.text) <= LONGEST_QUESTION
    for place in question.places:
        assert 0 <= place.start < place.end <= len(question.text)


@given(ANY_QUESTION)
def test_what_was_read_can_be_written_down(text: str) -> None:
    question = read_question(text)
    question.text.encode("utf-8")
    question.folded.encode("utf-8")
    assert "\x00" not in question.text


@given(ANY_QUESTION)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    once = read_question(text)
    assert read_question(once.text.strip()).text == once.text.strip()


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "?", "???", "。。。", "…", "🙂", "👨‍👩‍👧", "\x00", "\u202e", "「」"]
)
def test_a_text_without_words_is_empty(text: str) -> None:
    assert read_question(text).is_empty


@pytest.mark.parametrize("text", ["____", "_", "1️⃣"])
def test_underscores_and_keycap_emoji_are_empty_too(text: str) -> None:
    assert read_question(text).is_empty


@pytest.mark.parametrize("text", ["北", "?多少", "a", "7", "مرحبا", "🙂上海"])
def test_a_text_with_a_word_is_not_empty(text: str) -> None:
    assert not read_question(text).is_empty


@pytest.mark.parametrize(
    ("text", "answer_type"),
    [
        ("北京榜樣每個月評出多少人?", AnswerType.NUMBER),
        ("上海有幾個志願服務中心", AnswerType.NUMBER),
        ("推薦的是第幾屆?", AnswerType.NUMBER),
        ("How many comments did Baohe gather?", AnswerType.NUMBER),
        ("占了百分之幾", AnswerType.NUMBER),
        ("為什麼要建這個平台?", AnswerType.REASON),
        ("点解要咁做", AnswerType.REASON),
        ("Why did they do it?", AnswerType.REASON),
        ("有哪些活動", AnswerType.LIST),
        ("做了哪些讀物?列給我", AnswerType.LIST),
        ("Which books were printed?", AnswerType.LIST),
        ("怎麼做到那麼快?流程講講", AnswerType.METHOD),
        ("How was it organised?", AnswerType.METHOD),
        ("那本書叫什麼名字", AnswerType.NAME),
        ("邊個負責", AnswerType.NAME),
        ("Who runs it?", AnswerType.NAME),
        ("講講上海的志願服務", AnswerType.ANYTHING),
        ("", AnswerType.ANYTHING),
    ],
)
def test_a_question_has_an_answer_type(text: str, answer_type: AnswerType) -> None:
    assert read_question(text).answer_type == answer_type


@pytest.mark.parametrize(
    "text",
    ["北京榜樣每個月評出多少人?", "廣州為什麼沒有?", "遼寧大連的專項組織叫什麼名字", "臺北市裏有什麼活動"],
)
def test_the_same_question_in_both_scripts_asks_the_same(text: str) -> None:
    traditional, simplified = read_question(text), read_question(opencc.OpenCC("t2s").convert(text))
    assert traditional.folded == simplified.folded
    assert traditional.terms == simplified.terms
    assert traditional.places == simplified.places
    assert traditional.answer_type == simplified.answer_type
    assert traditional.text == text


def test_the_places_of_a_question_stand_where_the_person_wrote_them() -> None:
    question = read_question("廣州和江蘇南京比,哪個好?")
    assert [question.text[place.start : place.end] for place in question.places] == ["廣州", "江蘇南京"]


def test_marks_of_direction_and_control_characters_do_not_hide_a_place() -> None:
    question = read_question("\u200f北\u200b京\x00榜樣\ufeff")
    assert question.text == "北京榜樣"
    assert len(question.places) == 1


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert read_question("北京" + "啊" * 5000).text == "北京" + "啊" * (LONGEST_QUESTION - 2)


def test_the_topic_is_the_content_words_outside_of_places_where_they_first_occur() -> None:
    question = read_question("北京的志願者和上海的志願者有多少人?")
    assert "志愿者" in question.topic
    assert question.topic["志愿者"] == (3, 6)
    assert not {"北京", "上海"} & set(question.topic)


def test_questions_embedded_together_are_the_queries_of_each_alone() -> None:
    questions = [read_question(text) for text in ("北京榜樣每個月評出多少人?", "志願者")]
    together = encode_questions(questions, HashEncoder())
    for question, query in zip(questions, together, strict=True):
        alone = encode_question(question, HashEncoder())
        assert query.question is question
        assert (query.vector == alone.vector).all()
        assert (query.tokens == alone.tokens).all()
        assert (query.spans == alone.spans).all()


@pytest.mark.parametrize(
    ("text", "held", "lacking"),
    [("有幾名志願者?", "有8名志愿者。", "建成8所学校。"), ("一年撥多少錢?", "50万元", "经费")],
)
def test_the_answer_pattern_of_a_question_is_read_once_with_it(text: str, held: str, lacking: str) -> None:
    pattern = read_question(text).answer_pattern
    assert pattern is not None
    assert pattern.is_met_by(held)
    assert not pattern.is_met_by(lacking)
    assert read_question(text).answer_pattern is pattern


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("沙县的夜校有几所?", RenamedPlace("沙县", "沙县区", 2021, is_merged=False)),
        ("福建沙縣的夜校有幾所?", RenamedPlace("沙縣", "沙縣區", 2021, is_merged=False)),
        ("杭州下城區怎麼做?", RenamedPlace("下城區", "拱墅區", 2021, is_merged=True)),
        ("横县的茉莉花", RenamedPlace("横县", "横州市", 2021, is_merged=False)),
    ],
)
def test_a_former_name_of_a_place_is_read_with_the_new_one_and_the_year(
    text: str, renamed: RenamedPlace
) -> None:
    assert read_question(text).renamed_places == (renamed,)


@pytest.mark.parametrize("text", ["沙县区的夜校", "三元区的夜校", "长泰的夜校", "江苏南京的夜校"])
def test_a_name_that_a_place_still_has_is_no_former_one(text: str) -> None:
    assert read_question(text).renamed_places == ()


@pytest.mark.parametrize(
    ("text", "embedded"),
    [
        ("Which document is Heilongjiang carrying out?", "which document is 黑龙江 carrying out?"),
        ("Xi'an and Nanjing", "西安 and 南京"),
        ("黑龍江 and Dalian", "黑龙江 and 大连"),
        ("誰在北京講課", "谁在北京讲课"),
    ],
)
def test_a_romanised_place_is_embedded_by_its_chinese_name(text: str, embedded: str) -> None:
    question, plain = read_question(text), read_question(embedded)
    query, like = (encode_question(one, HashEncoder()) for one in (question, plain))
    np.testing.assert_array_equal(query.tokens, like.tokens)
    assert all(0 <= start < end <= len(text) for start, end in query.spans.tolist())
    names = {(place.start, place.end) for place in question.places}
    spans = {(start, end) for start, end in query.spans.tolist() if end - start > 1}
    assert spans == {span for span in names if question.folded[slice(*span)].isascii()}
