"""The examples that the extractor is trained on: an answer is where it is said to be, and a twin has none."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from benchmarks.extractor.averaging import MovingAverage, averaged
from benchmarks.extractor.bulletin_pairs import development_pairs, half_of
from benchmarks.extractor.examples import Item, answer_window
from benchmarks.extractor.loss import Encoded, extraction_loss, window_scores
from benchmarks.extractor.measure import Case, Cases, Weights
from benchmarks.extractor.public_pairs import has_unanswerable, read_public_items, read_unanswerable
from benchmarks.extractor.twins import Exchanges, twins
from benchmarks.extractor.written_questions import written_questions
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.extraction import LONGEST_WINDOW, body_of, windows_around
from retrieval.embedding.bundled.extractor import best_span
from retrieval.evaluation.dataset import read_questions
from retrieval.index.index import Index
from retrieval.language import fold
from retrieval.types import Encoder
from tests.conftest import DATA

TEXT = fold(
    "洛陽市今年新組建志願服務隊86支,其中高校32支。退休教師郭素琴牽頭成立小隊,隊員每周二下午輔導作業。輔導不收取任何費用。"
)
ANSWERS = ("86支", "32支", "郭素琴", "每周二下午")
QUESTIONS = ("洛陽市新組建多少支志願服務隊?", "洛陽市高校有幾支?", "洛陽市誰牽頭?", "北京市什麼時候輔導?")
EVERY_KIND = dict.fromkeys(("sentence", "clause", "paragraph", "sibling", "exchange", "place"), 1.0)


def items() -> list[Item]:
    other = "漢中市開展讀書活動一百二十場,惠及群眾數千人次,受到廣泛歡迎。"
    return [
        Item(
            fold(question),
            "洛阳市 建队伍",
            TEXT,
            TEXT.index(answer),
            TEXT.index(answer) + len(answer),
            (fold(other),),
        )
        for question, answer in zip(QUESTIONS, map(fold, ANSWERS), strict=True)
    ]


@given(st.sampled_from(items()), st.integers(0, 10_000))
def test_the_answer_is_at_its_offsets_in_a_window_behind_the_path(item: Item, seed: int) -> None:
    example = answer_window(item, random.Random(seed))  # noqa: S311

    assert example.window[example.start : example.end] == item.answer
    assert example.window.startswith("洛阳市 建队伍:")
    assert example.window[body_of(example.window) :] in TEXT


@given(st.sampled_from(items()), st.integers(0, 10_000))
def test_a_twin_has_no_answer_in_its_text_or_asks_for_something_else(item: Item, seed: int) -> None:
    made = list(twins(item, Exchanges(items()), random.Random(seed), EVERY_KIND))  # noqa: S311

    assert made
    assert not any(twin.has_answer for twin in made)
    assert all(item.answer not in twin.window or twin.question != item.question for twin in made)


def test_public_answers_with_wrong_offsets_are_found_in_their_paragraph(tmp_path: Path) -> None:
    file = tmp_path / "public.json"
    file.write_text(
        '{"data": [{"title": "臺北", "paragraphs": [{"context": "臺北市設於1920年。", "qas": ['
        '{"question": "何時設市?", "answers": [{"text": "1920年", "answer_start": 0}]},'
        '{"question": "誰?", "answers": [{"text": "無此字", "answer_start": 0}]}]}]}]}',
        encoding="utf-8",
    )

    assert [(item.path, item.answer) for item in read_public_items(file)] == [("台北", "1920年")]


@given(st.data())
def test_windows_hold_their_sentences_whole_and_do_not_overlap(index: Index, data: st.DataObject) -> None:
    spans = [(passage, *span) for passage in index.passages for span in index.sentence_spans(passage)]
    chosen = data.draw(st.lists(st.sampled_from(spans), min_size=1, max_size=12))

    windows = windows_around(index, chosen, 4)

    assert windows[0].holds(*chosen[0])
    for number, window in enumerate(windows):
        ends = [
            end for start, end in index.sentence_spans(window.passage) if window.start <= start < window.end
        ]
        assert ends[-1] == window.end
        assert len(ends) == 1 or window.end - window.start <= LONGEST_WINDOW
        assert window.text[window.body :] == fold(window.passage.text[window.start : window.end])
        for other in windows[:number]:
            assert other.passage != window.passage or other.end <= window.start or window.end <= other.start


def test_windows_of_development_questions_mark_their_known_answers(index: Index, encoder: Encoder) -> None:
    questions = read_questions(DATA / "eval" / "questions.jsonl")[:6]

    for question, pairs in zip(questions, development_pairs(questions, index, encoder), strict=True):
        answers = [fold(gold.answer) for gold in question.golds]
        marked = [each.window[each.start : each.end] for each in pairs.examples if each.has_answer]
        assert marked
        assert all(any(words in answer for answer in answers) for words in marked)
        assert half_of(pairs.question_id) in (0, 1)


@given(st.lists(st.tuples(*[st.floats(-20, 20, width=32)] * 2), min_size=6, max_size=6), st.integers(0, 5))
def test_no_span_inside_the_body_scores_higher(rows: list[tuple[float, float]], body: int) -> None:
    logits = np.asarray(rows, np.float32)
    spans = np.array([[0, 0], [0, 0], [0, 2], [2, 4], [4, 6], [0, 0]])

    inside = [row for row in (2, 3, 4) if spans[row, 1] > body]
    scores = [
        logits[first, 0] + logits[last, 1] - logits[0].sum()
        for first in inside
        for last in inside
        if last >= first
    ]
    assert np.isclose(best_span(logits, spans, body).score, max(scores), atol=1e-3)


SQUAD = (
    '{"data": [{"title": "Rivers", "paragraphs": [{"context": "The old bridge was built in 1920. It was sold later.", '
    '"qas": [{"question": "When was it built?", "is_impossible": false, "answers": [{"text": "1920", "answer_start": 28}]}, '
    '{"question": "When was it bought?", "is_impossible": true, "answers": [], '
    '"plausible_answers": [{"text": "1920", "answer_start": 28}]}]}]}]}'
)


def test_a_question_without_an_answer_comes_with_the_window_of_its_plausible_one(tmp_path: Path) -> None:
    file = tmp_path / "squad.json"
    file.write_text(SQUAD, encoding="utf-8")

    answered, impossible = read_unanswerable(file, random.Random(1))  # noqa: S311

    assert has_unanswerable(file)
    assert answered.window[answered.start : answered.end] == "1920"
    assert not impossible.has_answer
    assert "1920" in impossible.window


def _logits(best: float) -> torch.Tensor:
    """One text of six tokens: none at 0, and `best` for the start and the end of the tokens 3 and 4."""
    logits = torch.zeros(1, 6, 2)
    logits[0, 3, 0] = logits[0, 4, 1] = best
    return logits


def test_the_loss_falls_as_answered_windows_rise_above_the_others() -> None:
    batch = [Encoded([1] * 6, 3, 4, (2, 5)), Encoded([1] * 6, 0, 0, (2, 5))]

    losses = [
        float(extraction_loss(torch.cat([_logits(answered), _logits(other)]), batch))
        for answered, other in ((-2.0, 2.0), (0.0, 0.0), (2.0, -2.0))
    ]

    assert losses == sorted(losses, reverse=True)
    assert float(window_scores(_logits(3.0), batch[:1])) == 6.0


def test_averages_lie_between_what_they_are_made_of() -> None:
    parameter = torch.nn.Parameter(torch.zeros(3))
    average = MovingAverage([parameter], 0.5)
    with torch.no_grad():
        parameter.fill_(1.0)
    average.update()

    assert 0.0 < float(average.averages[0][0]) < 1.0
    assert averaged([{"a": torch.zeros(2)}, {"a": torch.ones(2)}])["a"].tolist() == [0.5, 0.5]


def test_written_questions_name_the_passages_of_their_paragraph(index: Index, tmp_path: Path) -> None:
    passage = next(passage for passage in index.passages if passage.place_name and "个" not in passage.text)
    file = tmp_path / "01_example.txt"
    file.write_text(
        f"@ {passage.bulletin}\n# {passage.place_name}\nP {passage.text}\n"
        f"+d 說了什麼？ => {passage.text[2:8]}\n-n 一共多少艘船？ <= 共有【九百艘】船。\n",
        encoding="utf-8",
    )

    answered, near_miss = written_questions([file], index)

    assert answered.is_answered_by(passage)
    assert near_miss.is_near_miss
    assert answered.text.endswith("說了什麼？")


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9), st.booleans()), min_size=1, max_size=8))
def test_a_rule_decides_plain_questions_alone(rows: list[tuple[float, float, bool]]) -> None:
    cases = Cases([Case("answerable", False, plain, odds, score) for odds, score, plain in rows])

    decided = Weights(1.0, 99.0, 0.0).decide(cases)

    assert decided.tolist() == [plain and odds + score < 0.0 for odds, score, plain in rows]
