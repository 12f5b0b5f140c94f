from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import Stopwatch, answer, search
from retrieval.answering.drafting import TOP_HITS
from retrieval.answering.quote_selection import MOST_QUOTES
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index.index import Index
from retrieval.types import Answer, Encoder, PlaceShift
from tests.answers import as_answered, as_refused
from tests.conftest import DATA
from tests.doubles import HashEncoder

SAMPLE = read_questions(DATA / "eval")[::6]
ANY_QUESTION = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\u202e\u200f\ud83d🙂北京廣州志願者多少?<&>")),
    max_size=120,
)


def assert_keeps_the_promise(found: Answer) -> None:
    """What holds for every answer: quotes are verbatim and cited, a refusal quotes nothing and says why."""
    assert 0 <= found.confidence <= 1
    assert len(found.hits) <= TOP_HITS
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert (found.status == "answered") == bool(found.quotes) == (found.reason is None)
    cited = [citation.passage for citation in found.citations]
    assert [citation.number for citation in found.citations] == list(range(1, len(cited) + 1))
    for quote in found.quotes:
        assert quote.text
        assert quote.text in quote.passage.text
        assert quote.passage in cited
        assert quote.passage in {hit.passage for hit in found.hits}


@pytest.mark.parametrize("text", ["北京榜樣每個月評出多少人?", "北京榜样每个月评出多少人"])
def test_the_question_of_the_readme_is_answered_with_its_citation_in_both_scripts(
    text: str, index: Index, encoder: Encoder
) -> None:
    found = answer(text, index, encoder)
    assert found.status == "answered"
    assert "每月發佈10名月榜人物" in found.quotes[0].text
    assert len(found.quotes) <= MOST_QUOTES
    passage = found.citations[0].passage
    assert (passage.place_name, passage.bulletin, passage.section) == ("北京", "篇3", "二")
    assert found.confidence > 0.7


def test_the_same_question_in_both_scripts_finds_the_same_first_passage(
    index: Index, encoder: Encoder
) -> None:
    traditional = answer("瑞金的羣眾可以向哪裏求助?", index, encoder)
    simplified = answer("瑞金的群众可以向哪里求助?", index, encoder)
    assert [hit.passage for hit in traditional.hits] == [hit.passage for hit in simplified.hits]
    assert traditional.quotes == simplified.quotes


@pytest.mark.parametrize("question", SAMPLE, ids=lambda question: question.question_id)
def test_every_quote_stands_word_for_word_in_the_passage_it_cites(
    question: EvaluationQuestion, index: Index, encoder: Encoder
) -> None:
    found = answer(question.text, index, encoder)
    assert_keeps_the_promise(found)
    assert len(found.hits) == TOP_HITS
    for quote in found.quotes:
        assert index.position(quote.passage.passage_id) is not None


@given(ANY_QUESTION)
def test_whatever_a_person_writes_is_answered_or_refused_never_an_exception(
    small_index: Index, text: str
) -> None:
    assert_keeps_the_promise(answer(text, small_index, HashEncoder()))


@pytest.mark.parametrize(
    "text",
    [
        "今天股市行情如何",
        "红烧肉要炖多久才软",
        "誰發明了電話?",
        "蘋果手機多少錢?",
        "Who won the football world cup?",
    ],
)
def test_a_question_about_something_else_is_refused_with_what_may_be_related(
    text: str, index: Index, encoder: Encoder
) -> None:
    found = answer(text, index, encoder)
    assert found.status == "refused"
    assert found.reason in {"out_of_scope", "not_found"}
    assert not found.quotes
    assert not found.citations
    assert len(found.hits) == TOP_HITS


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("廣州有什麼志願服務活動?", ("廣州",)),
        ("武汉创建文明城市今年有什么新动作", ("武汉",)),
        ("廣州、深圳有志願者嗎", ("廣州", "深圳")),
    ],
)
def test_a_place_that_is_not_covered_is_named_as_the_person_wrote_it(
    text: str, places: tuple[str, ...], index: Index, encoder: Encoder
) -> None:
    found = as_refused(answer(text, index, encoder))
    assert (found.status, found.reason) == ("refused", "place_not_covered")
    assert found.uncovered_places == places
    assert len(found.hits) == TOP_HITS


def test_one_covered_place_among_others_is_enough_to_answer(index: Index, encoder: Encoder) -> None:
    found = as_answered(answer("廣州和北京,哪裏每月發佈10名月榜人物?", index, encoder))
    assert found.status == "answered"
    assert found.uncovered_places == ("廣州",)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\n", "?", "。。。", "🙂🙂", "👨‍👩‍👧", "\x00", "\ud800", "\u202e\u200f", "「」《》", "____"],
)
def test_a_question_without_words_is_refused(text: str, index: Index, encoder: Encoder) -> None:
    found = answer(text, index, encoder)
    assert_keeps_the_promise(found)
    assert found.status == "refused"


@pytest.mark.parametrize(
    "text", ["hello", "asdf qwer zxcv", "a" * 4096, "1️⃣", "Привет, как дела?", "مرحبا بالعالم"]
)
def test_a_greeting_or_keys_pressed_at_random_in_another_script_are_refused(
    text: str, index: Index, encoder: Encoder
) -> None:
    assert answer(text, index, encoder).status == "refused"


@pytest.mark.parametrize(
    "text", ["北京" * 2048, "<b>北京榜樣</b> &amp;", "\ud83d北京榜樣\x00每月", "\u202e北京\u202c榜樣 🙂"]
)
def test_long_and_odd_texts_are_answered_or_refused(text: str, index: Index, encoder: Encoder) -> None:
    found = answer(text, index, encoder)
    assert_keeps_the_promise(found)
    assert {hit.passage.place_name for hit in found.hits[:1]} == {"北京"}


def test_a_search_gives_as_many_hits_as_asked_for_best_first(small_index: Index) -> None:
    hits = search("志願者", small_index, HashEncoder(), top_k=3)
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("text", ["", "?", "🙂"])
def test_a_search_without_words_finds_nothing(small_index: Index, text: str) -> None:
    assert search(text, small_index, HashEncoder()) == ()


def test_an_answer_says_how_long_it_took(small_index: Index) -> None:
    assert 0 < answer("志願者", small_index, HashEncoder()).took_ms < 60_000


def test_what_is_spoken_of_but_not_said_is_not_out_of_scope(index: Index, encoder: Encoder) -> None:
    found = answer("“南京好人”基金會的理事長是誰?", index, encoder)
    assert (found.status, found.reason) == ("refused", "not_found")


def test_a_place_inside_the_one_asked_about_is_said(index: Index, encoder: Encoder) -> None:
    shift = as_answered(answer("合肥有哪些網絡志願做法?", index, encoder)).place_shift
    assert shift == PlaceShift("合肥", "安徽合肥包河區", is_inside=True)
    assert as_answered(answer("北京榜樣每個月評出多少人?", index, encoder)).place_shift is None


@pytest.mark.parametrize(
    "text",
    [
        "十八掌分三個方面,各佔幾掌?",
        "山东好人评选做的“三篇文章”是哪三篇",
        "包河区互联网+社区的三点做法,一二三都要",
    ],
)
def test_more_of_a_list_repeats_no_passage(text: str, index: Index, encoder: Encoder) -> None:
    shown: frozenset[str] = frozenset()
    for _ in range(4):
        found = {quote.passage.passage_id for quote in answer(text, index, encoder, skip=shown).quotes}
        assert not found & shown
        shown |= found
    assert shown


def test_each_lap_counts_for_its_stage_and_a_stage_may_come_again() -> None:
    watch = Stopwatch()
    time.sleep(0.01)
    watch.lap("reading")
    watch.lap("ranking")
    time.sleep(0.01)
    watch.lap("reading")
    spent = watch.stages
    assert spent.reading >= 20 > spent.ranking
    assert spent.embedding == 0
    assert watch.total_ms >= spent.reading + spent.ranking
