from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import answer
from retrieval.index.index import Index
from retrieval.questions.follow_ups import Turn, next_turn, resolve_ellipsis, resolve_message
from retrieval.questions.question import read_question
from retrieval.types import Encoder, QuestionType

VOLUNTEERS = Turn("大連有多少志願者?")


@pytest.mark.parametrize(
    ("message", "question", "description"),
    [
        ("那重慶呢?", "重慶 多少志願者", "重慶・多少志願者"),
        ("重慶?", "重慶 多少志願者", "重慶・多少志願者"),
        ("為甚麼?", "大連 志願者 為甚麼", "大連・志願者・為甚麼"),
        ("怎麼做的?", "大連 志願者 怎麼做", "大連・志願者・怎麼做"),
        ("那重慶是什麼時候?", "重慶 志願者 是什麼時候", "重慶・志願者・是什麼時候"),
        ("那獎金呢?", "大連 獎金 有多少", "大連・獎金・有多少"),
        ("其中骨幹呢?", "大連 志願者 其中骨幹呢 有多少", "大連・志願者・其中骨幹呢・有多少"),
        ("這些志願者怎麼培訓?", "大連 志願者 這些志願者怎麼培訓", "大連・志願者・這些志願者怎麼培訓"),
        ("重慶也有嗎?", "重慶 志願者 也有", "重慶・志願者・也有"),
        ("什麼時候開通的?", "大連 志願者 什麼時候開通", "大連・志願者・什麼時候開通"),
        ("他們有什麼獎?", "大連 他們有什麼獎?", "大連・他們有什麼獎"),
    ],
)
def test_what_the_message_leaves_out_is_carried_over(message: str, question: str, description: str) -> None:
    reading = resolve_message(message, VOLUNTEERS)
    assert reading is not None
    assert (reading.question, reading.description) == (question, description)


def test_two_new_places_are_compared_on_the_old_topic() -> None:
    reading = resolve_message("那上海和重慶呢?", VOLUNTEERS)
    assert reading is not None
    assert read_question(reading.question).type is QuestionType.COMPARISON


def test_another_topic_after_a_coverage_question_is_looked_for_everywhere() -> None:
    reading = resolve_message("那家風呢?", Turn("哪些城市提到二維碼?"))
    assert reading is not None
    assert reading.question == "哪些地方提到家風"
    place = resolve_message("那重慶呢?", Turn("哪些城市提到二維碼?"))
    assert place is not None
    assert place.question == "重慶 提到二維碼"


@pytest.mark.parametrize("message", ["還有嗎?", "还有没有别的", "any more?", "仲有冇", "繼續"])
def test_more_is_the_same_question_without_what_was_shown(message: str) -> None:
    reading = resolve_message(message, Turn("大連有多少志願者?", frozenset({"a"})))
    assert reading is not None
    assert (reading.question, reading.skip) == ("大連有多少志願者?", frozenset({"a"}))


@pytest.mark.parametrize(
    "message",
    [
        "上海怎麼培訓志願者?",
        "好人榜多久發一次",
        "哪些城市提到家風?",
        "那本講好人的書叫什麼名字呢?",
        "Which newspaper reported on the Jiangsu fair?",
        "謝謝",
        "呢?",
        "",
    ],
)
def test_a_message_that_stands_alone_is_left_alone(message: str) -> None:
    assert resolve_message(message, VOLUNTEERS) is None


def test_without_a_turn_before_nothing_is_carried_over() -> None:
    assert resolve_message("那重慶呢?", None) is None


def test_a_refusal_is_not_followed_up_on(index: Index, encoder: Encoder) -> None:
    refused = answer("北京榜樣年度十大,每個人能拿多少獎金?", index, encoder)
    assert refused.status == "refused"
    after = next_turn(refused.question, refused, None, VOLUNTEERS)
    assert after == replace(VOLUNTEERS, is_refused=True)
    more = resolve_message("還有嗎?", after)
    assert more is not None
    assert more.is_exhausted
    assert resolve_message("那重慶呢?", next_turn(refused.question, refused, None)) is None


def test_english_and_names_another_place_and_another_thing() -> None:
    reading = resolve_message("and in Dalian, how many teams?", Turn("How many groups are there in Jiangsu?"))
    assert reading is not None
    assert "Dalian" in reading.question
    assert "teams" in reading.question
    assert "Jiangsu" not in reading.question


def test_more_never_shows_a_passage_twice_and_ends(index: Index, encoder: Encoder) -> None:
    question = "重慶的志願者怎麼考核?"
    found = answer(question, index, encoder)
    turn = next_turn(question, found, None)
    seen: set[str] = set()
    for _ in range(40):
        shown = {quote.passage.passage_id for quote in found.quotes}
        assert not shown & seen
        seen |= shown
        reading = resolve_message("還有嗎?", turn)
        assert reading is not None
        found = answer(reading.question, index, encoder, skip=reading.skip)
        turn = next_turn("還有嗎?", found, reading)
        if found.status == "refused":
            return
    raise AssertionError("there was always more")


@given(
    st.text(max_size=60),
    st.text(alphabet=st.sampled_from("那重慶呢?還有嗎為什麼他們 and哪些城市"), max_size=14),
)
def test_any_message_after_any_question_is_read_without_an_error(before: str, message: str) -> None:
    resolve_message(message, Turn(before))


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("保險誰來買", "大連 保險誰來買"),
        ("咋用啊", "大連 志願者 咋用啊"),
        ("Who pays for the trip?", "大連 Who pays for the trip?"),
    ],
)
def test_a_short_message_may_be_about_the_place_of_the_turn_before(message: str, question: str) -> None:
    reading = resolve_ellipsis(message, VOLUNTEERS)
    assert reading is not None
    assert reading.question == question


@pytest.mark.parametrize(
    ("message", "turn"),
    [
        ("重慶的保險誰來買", VOLUNTEERS),
        ("今年給每一位參加巡邏的居民都發了多少補貼", VOLUNTEERS),
        ("保險誰來買", replace(VOLUNTEERS, is_refused=True)),
        ("保險誰來買", Turn("志願者有多少?")),
        ("保險誰來買", None),
        ("謝謝", VOLUNTEERS),
    ],
)
def test_a_complete_message_or_a_refused_turn_carries_nothing_over(message: str, turn: Turn | None) -> None:
    assert resolve_ellipsis(message, turn) is None


def test_a_time_alone_narrows_the_question_before() -> None:
    reading = resolve_message("週末呢", Turn("大連每天有多少人值班?"))
    assert reading is not None
    assert reading.question == "大連 每天有人值班 週末 有多少"


@pytest.mark.parametrize("message", ["邊度有醫院", "哪裡有展覽呢?"])
def test_a_thing_of_its_own_that_is_looked_for_is_no_follow_up(message: str) -> None:
    assert resolve_message(message, VOLUNTEERS) is None


@pytest.mark.parametrize("message", ["哪裡有賣", "邊度有得報名"])
def test_where_something_is_done_goes_on_about_the_matter_before(message: str) -> None:
    reading = resolve_message(message, VOLUNTEERS)
    assert reading is not None
    assert reading.question.startswith("大連 志願者")


def test_the_question_words_of_cantonese_are_no_part_of_a_topic() -> None:
    reading = resolve_message("邊個出版", Turn("上海市民修身手冊係咩"))
    assert reading is not None
    assert reading.description == "上海・市民修身手冊・邊個出版"
