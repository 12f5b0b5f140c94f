"""What the extractor finds moves passages and sentences up, and decides whether a question is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import pytest

from retrieval.answering import answer
from retrieval.answering.answerability import COEFFICIENTS, Signs, answerability, signs_of
from retrieval.answering.extraction import (
    LONGEST_WINDOW,
    MOST_WINDOWS,
    ExtractedAnswer,
    extract_answers,
    likeliest_sentences,
    promote_answering,
    windows_around,
)
from retrieval.index import Index
from retrieval.questions import encode_question, read_question
from retrieval.ranking import Ranked, rank_passages
from retrieval.types import Answered, Encoder, Extraction, Extractor, Quote, Refused
from tests.doubles import HashEncoder

QUESTION = "北京榜樣每個月評出多少人?"
NOTHING = Signs(*([0.0] * len(fields(Signs))))


def ranked_for(question: str, index: Index, encoder: Encoder) -> Ranked:
    return rank_passages(index, encode_question(read_question(question), encoder))


def test_windows_are_whole_sentences_of_likely_passages_and_never_overlap(
    index: Index, encoder: Encoder
) -> None:
    ranked = ranked_for(QUESTION, index, encoder)

    windows = windows_around(index, likeliest_sentences(index, ranked), 5)

    assert len(windows) == 5
    for number, window in enumerate(windows):
        spans = index.sentence_spans(window.passage)
        assert window.start in {start for start, _ in spans}
        assert window.end in {end for _, end in spans}
        longest = max(end - start for start, end in spans)
        assert window.end - window.start <= max(LONGEST_WINDOW, longest)
        for other in windows[:number]:
            is_apart = window.end <= other.start or other.end <= window.start
            assert window.passage != other.passage or is_apart


def test_an_extracted_answer_is_at_its_offsets_in_the_passage(index: Index, encoder: Encoder) -> None:
    ranked = ranked_for(QUESTION, index, encoder)

    found = extract_answers(index, read_question(QUESTION), ranked, encoder.extractor)

    assert 0 < len(found) <= MOST_WINDOWS
    best = max(found, key=lambda one: one.score)
    assert any(map(str.isdigit, best.passage.text[best.start : best.end]))


class ScriptedExtractor:
    """Gives the windows these scores, one after the other."""

    def __init__(self, *scores: float) -> None:
        self.scores = iter(scores)

    def extract(self, question: str, windows: Sequence[tuple[str, int]]) -> list[Extraction]:
        return [Extraction(body, body + 1, next(self.scores)) for _, body in windows]


@pytest.mark.parametrize(
    ("scores", "read"), [((9.0, 9.5, 9.9), 1), ((1.0, 9.0, 9.9), 2), ((1.0, -9.0, 2.0), 3)]
)
def test_no_window_is_read_behind_a_sure_answer(
    scores: tuple[float, ...], read: int, index: Index, encoder: Encoder
) -> None:
    ranked = ranked_for(QUESTION, index, encoder)

    found = extract_answers(index, read_question(QUESTION), ranked, ScriptedExtractor(*scores))

    assert tuple(answer.score for answer in found) == scores[:read]


class ReadBy:
    """The encoder with another extractor."""

    def __init__(self, encoder: Encoder, extractor: Extractor) -> None:
        self.name, self.dimension, self.extractor = encoder.name, encoder.dimension, extractor
        self.encode_queries, self.encode_passages = encoder.encode_queries, encoder.encode_passages


@pytest.mark.parametrize(
    "question",
    ["拉薩有多少志願者?", "明天北京會下雨嗎?", "量子糾纏的貝爾不等式如何推導?", "深圳垃圾分類怎麼罰?"],
)
def test_nothing_is_read_where_the_refusal_is_certain(question: str, index: Index, encoder: Encoder) -> None:
    nothing_to_read = ReadBy(encoder, ScriptedExtractor())

    unread, read = answer(question, index, nothing_to_read), answer(question, index, encoder)

    assert isinstance(unread, Refused)
    assert isinstance(read, Refused)
    assert unread.reason == read.reason


def test_without_an_extractor_nothing_is_read_and_the_ranking_stays(index: Index, encoder: Encoder) -> None:
    ranked = ranked_for(QUESTION, index, encoder)

    assert extract_answers(index, read_question(QUESTION), ranked, None) == ()
    assert promote_answering(index, ranked, ()) is ranked


def test_the_passage_of_a_sure_answer_moves_up_and_every_score_stays_in_order(
    index: Index, encoder: Encoder
) -> None:
    ranked = ranked_for(QUESTION, index, encoder)
    second = index.passages[ranked.ranking.positions[1]]
    scores = ranked.ranking.scores.copy()
    scores[0] = scores[1] + 0.001
    close = replace(ranked, ranking=replace(ranked.ranking, scores=scores))

    promoted = promote_answering(index, close, [ExtractedAnswer(second, 0, 3, 9.0)])

    assert index.passages[promoted.ranking.positions[0]] == second
    assert sorted(promoted.ranking.positions) == sorted(ranked.ranking.positions)
    assert (promoted.ranking.scores[:-1] >= promoted.ranking.scores[1:]).all()
    assert promoted.ranking.scores.max() <= 1
    assert ranked.ranking.scores is not promoted.ranking.scores


def test_an_answer_counts_for_the_quote_that_holds_most_of_it(index: Index) -> None:
    passage = next(one for one in index.passages if len(one.text) > 60)
    answered = ExtractedAnswer(passage, 10, 20, 3.0)

    assert answered.is_in(Quote(passage, 0, 18, 1.0))
    assert not answered.is_in(Quote(passage, 16, 60, 1.0))
    signs = signs_of(0.5, [ExtractedAnswer(passage, 30, 40, 1.0), answered], lacks=True)
    assert signs == Signs(log_odds=0.0, best=3.0, first=1.0, second=1.0, lacks=1.0)


@pytest.mark.parametrize("name", ["log_odds", "best", "first", "second"])
def test_more_that_speaks_for_an_answer_never_makes_it_less_likely(name: str) -> None:
    assert answerability(replace(NOTHING, **{name: 3.0})) >= answerability(NOTHING)


def test_what_the_quotes_lack_makes_an_answer_less_likely() -> None:
    assert answerability(replace(NOTHING, lacks=1.0)) < answerability(NOTHING)


def test_there_is_a_weight_for_every_sign() -> None:
    assert len(COEFFICIENTS) == len(fields(Signs))


def test_an_encoder_without_an_extractor_answers_as_before(index: Index, encoder: Encoder) -> None:
    class Bare:
        name, dimension, extractor = encoder.name, encoder.dimension, None
        encode_queries, encode_passages = encoder.encode_queries, encoder.encode_passages

    given = answer(QUESTION, index, Bare())

    assert isinstance(given, Answered)
    assert given.stages.extracting < 5
    assert HashEncoder().extractor is None
