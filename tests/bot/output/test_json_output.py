"""Fields of an answer as JSON that only some answers have."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.output.json_output import answer_json
from retrieval.answering.answerer import answer
from retrieval.index.index import Index
from retrieval.types import Encoder, FigureOrder
from tests.answers import as_answered

FIELDS = "id question status reason confidence quotes citations hits took_ms"
NAMES = {
    "篇2": ["江蘇南京", "湖南長沙", "四川成都", "山東日照", "安徽合肥包河區", "江西瑞金"],
    "篇7": ["黑龍江"],
}


def further_fields(line: str) -> dict[str, object]:
    """The fields behind those that every answer has, which come first."""
    fields = json.loads(line)
    assert " ".join(fields).startswith(FIELDS)
    return {name: value for name, value in fields.items() if name not in FIELDS.split()}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("最新一篇簡報裡有哪些活動", {"taken_as_newest": "篇7", "places_within": NAMES["篇7"]}),
        ("第2篇裡有哪些城市", {"places_within": NAMES["篇2"]}),
        ("北京榜樣每個月評出多少人", {}),
        ("第2篇裡護照過期了怎麼換", {}),
    ],
)
def test_the_scope_of_a_question_is_given_with_its_answer_alone(
    question: str, expected: dict[str, object], index: Index, encoder: Encoder
) -> None:
    assert further_fields(answer_json(answer(question, index, encoder), "1")) == expected


@pytest.mark.parametrize("order", FigureOrder)
def test_the_order_of_the_figures_is_given_in_words(
    order: FigureOrder, index: Index, encoder: Encoder
) -> None:
    listed = as_answered(answer("哪些地方用二維碼?", index, encoder))
    assert further_fields(answer_json(replace(listed, figure_order=order), None)) == {
        "figure_order": order.value
    }
