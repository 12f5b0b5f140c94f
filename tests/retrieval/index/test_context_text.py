from __future__ import annotations

from retrieval.index.context_text import keyword_text, paragraph_text, path_context, sentence_texts
from retrieval.language.folding import fold
from retrieval.language.sentences import sentence_spans
from retrieval.types import Passage, Reading
from tests.doubles import make_passage


def test_every_text_stands_under_its_place_and_heading_in_the_script_of_matching() -> None:
    passage = make_passage("0" * 16, "每月發佈10名月榜人物。", place="北京", section="二、把好“三關”")
    assert path_context(passage) == "北京 把好“三关”"
    assert paragraph_text(passage) == "北京 把好“三关”\n每月发布10名月榜人物。"


def test_a_paragraph_without_place_or_heading_stands_under_an_empty_path() -> None:
    assert path_context(make_passage("0" * 16, "各地。", place=None)) == ""
    assert path_context(make_passage("0" * 16, "各地。", place="上海")) == "上海"


def test_there_is_one_text_a_sentence_in_their_order(seed_reading: Reading) -> None:
    for passage in seed_reading.passages:
        sentences = [fold(passage.text)[start:end] for start, end in sentence_spans(passage.text)]
        assert [text.split("\n", 1)[1] for text in sentence_texts(passage)] == sentences


def test_no_sentence_repeats_the_path_of_another_passage(small_passages: tuple[Passage, ...]) -> None:
    for passage in small_passages:
        assert {text.split("\n")[0] for text in sentence_texts(passage)} == {path_context(passage)}


def test_keywords_come_from_the_whole_path_the_lead_sentence_and_the_text(seed_reading: Reading) -> None:
    for passage in seed_reading.passages:
        text = keyword_text(passage)
        for part in (passage.bulletin, passage.place_name or "", passage.heading, passage.lead, passage.text):
            assert part in text
