"""Superlatives over places: figures of one noun compared, in either order of the question."""

from __future__ import annotations

import pytest

from retrieval.answering.answerer import answer
from retrieval.answering.superlatives import parse_superlative
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.questions.question import read_question
from retrieval.reading.structure.passage_builder import read_files
from retrieval.types import Encoder, FigureOrder
from tests.answers import as_answered
from tests.doubles import loaded

TEXTS = {
    "常州": "常州登記護河隊員83名,清理河道12公里,每人每月補貼400元。",
    "鹽城": "鹽城登記護河隊員1206名,清理河道95公里,每人每月補貼150元。",
    "揚州": "揚州組建四百餘人的護河隊員隊伍,清理河道61公里,每人每月補貼280元。",
    "淮安": "淮安給老樓加裝電梯六十部,一樓住戶不出錢。",
}


@pytest.fixture(scope="module")
def rivers(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("rivers")
    items = "\n\n".join(f"{place}市:護河\n{text}" for place, text in TEXTS.items())
    (folder / "rivers.txt").write_text(f"工作簡報 第8期\n\n{items}\n", encoding="utf-8")
    return loaded(build_generation(read_files([folder / "rivers.txt"], folder).passages, encoder), encoder)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("哪個城市的護河隊員最多?", ["鹽城", "揚州", "常州"]),
        ("护河队员人数最多的是哪个城市", ["鹽城", "揚州", "常州"]),
        ("護河隊員最少嘅係邊度", ["常州", "揚州", "鹽城"]),
        ("哪裡的護河隊員人數最多", ["鹽城", "揚州", "常州"]),
        ("每月補貼最高的是哪裡", ["常州", "揚州", "鹽城"]),
    ],
)
def test_the_places_are_in_the_order_of_their_figures(
    question: str, order: list[str], rivers: Index, encoder: Encoder
) -> None:
    answered = as_answered(answer(question, rivers, encoder))
    places, is_smallest = answered.by_place, "最少" in question
    assert answered.figure_order is (FigureOrder.SMALLEST_FIRST if is_smallest else FigureOrder.LARGEST_FIRST)
    assert [place.place.removeprefix("江蘇") for place in places] == order
    assert all(place.quotes[0].marks for place in places)


@pytest.mark.parametrize(
    "question", ["鹽城的護河隊員最多時有多少?", "哪個項目得獎最多", "哪個城市最近有活動"]
)
def test_a_question_about_one_place_or_about_no_place_compares_none(question: str) -> None:
    assert parse_superlative(read_question(question)) is None
