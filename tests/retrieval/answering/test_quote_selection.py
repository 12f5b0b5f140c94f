from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.quote_selection import MOST_QUOTES, choose_quotes
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.language.sentences import sentence_spans
from retrieval.questions.question import encode_question, read_question
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Passage, Quote
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

WORDS = st.text(st.sampled_from("北京上海市民志願者評選好人多少,?10"), min_size=1, max_size=20)


def quotes_for(text: str, index: Index, most: int = MOST_QUOTES) -> tuple[Quote, ...]:
    query = encode_question(read_question(text), HashEncoder())
    return choose_quotes(index, query, rank_passages(index, query), most)


def generation_of(*passages: Passage) -> Index:
    encoder = HashEncoder()
    return loaded(build_generation(passages, encoder), encoder)


@given(WORDS)
def test_every_quote_is_made_of_whole_sentences_of_its_passage_word_for_word(
    small_index: Index, text: str
) -> None:
    for quote in quotes_for(text, small_index):
        assert quote.text in quote.passage.text
        starts, ends = zip(*sentence_spans(quote.passage.text), strict=True)
        assert quote.start in starts
        assert quote.end in ends


@given(WORDS, st.integers(1, 20))
def test_the_best_quotes_come_first_and_no_more_than_asked_for(
    small_index: Index, text: str, most: int
) -> None:
    quotes = quotes_for(text, small_index, most)
    assert 1 <= len(quotes) <= most
    assert [quote.score for quote in quotes] == sorted((quote.score for quote in quotes), reverse=True)
    fewer = quotes_for(text, small_index, min(most, MOST_QUOTES))
    assert quotes[: len(fewer)] == fewer


@given(WORDS)
def test_no_span_is_quoted_twice(small_index: Index, text: str) -> None:
    quotes = quotes_for(text, small_index, 20)
    spans = {(quote.passage.passage_id, quote.start, quote.end) for quote in quotes}
    assert len(spans) == len(quotes)


def test_a_sentence_that_stands_in_two_passages_is_quoted_once() -> None:
    index = generation_of(
        make_passage("a" * 16, "每月發佈10名月榜人物。", bulletin="篇1"),
        make_passage("b" * 16, "每月發佈10名月榜人物。", bulletin="篇2"),
        make_passage("c" * 16, "志願者走進社區。", bulletin="篇2"),
    )
    texts = [quote.text for quote in quotes_for("每月發佈多少名月榜人物", index)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("question", "wanted", "other"),
    [
        ("有多少志願者", "有多少志願者30名。", "有多少志願者不明。"),
        ("那本書叫什麼", "那本書叫什麼《手冊》。", "那本書叫什麼不明。"),
    ],
)
@pytest.mark.parametrize("wanted_first", [True, False])
def test_of_two_like_sentences_the_one_with_what_is_asked_for_comes_first(
    question: str, wanted: str, other: str, *, wanted_first: bool
) -> None:
    text = wanted + other if wanted_first else other + wanted
    index = generation_of(make_passage("a" * 16, text), SMALL_PASSAGES[4])
    assert quotes_for(question, index)[0].text.startswith(wanted)


def test_quotes_keep_the_script_and_the_marks_of_the_original() -> None:
    index = generation_of(make_passage("a" * 16, "“北京榜樣”羣體,裏外説好!別的事情。"))
    assert quotes_for("北京榜样群体", index)[0].text.startswith("“北京榜樣”羣體,裏外説好!")


def test_the_points_of_an_item_are_quoted_whole_and_in_order() -> None:
    labels = "一二三四五六七八九十甲乙丙"
    item = [
        make_passage(f"{spot:016x}", f"工作{label}。", section=f"{label}、事")
        for spot, label in enumerate(labels)
    ]
    index = generation_of(*item)
    query = encode_question(read_question("各方面的工作完整列出"), HashEncoder())
    quotes = choose_quotes(index, query, rank_passages(index, query))
    assert [quote.passage for quote in quotes[1:]] == [
        passage for passage in item if passage != quotes[0].passage
    ]
