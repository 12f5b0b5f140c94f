from __future__ import annotations

from retrieval.index.index import Index
from retrieval.ranking.keyword_search import quote_for, search_keywords
from retrieval.types import Passage


def test_passages_with_the_words_come_best_first_and_others_not_at_all(small_index: Index) -> None:
    hits = search_keywords("老人使用手机", small_index, 10)
    assert hits[0].passage.passage_id == "00000000000000a2"
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert search_keywords("量子糾纏", small_index, 10) == ()
    assert search_keywords("", small_index, 10) == ()


def test_the_sentence_with_most_of_the_words_is_quoted_and_they_are_marked(
    small_index: Index, small_passages: tuple[Passage, ...]
) -> None:
    quote = quote_for("月榜人物", small_passages[0], small_index)
    assert quote.text == "每月發佈10名月榜人物。"
    assert "月榜人物" in "".join(quote.passage.text[start:end] for start, end in quote.marks)
    assert quote_for("", small_passages[0], small_index).text == "北京市評選身邊好人。"
