"""Plain counts over short bulletins: answered with the figure, whatever the verb and the measure word."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.answering.answerer import answer
from retrieval.building.builder import build_generation
from retrieval.index.index import Index
from retrieval.language.folding import fold
from retrieval.reading.structure.passage_builder import read_files
from retrieval.types import Encoder
from tests.doubles import loaded

CASES = Path(__file__).parents[1] / "reading" / "cases"


def index_of(encoder: Encoder, *names: str) -> Index:
    passages = read_files([CASES / name for name in names], CASES).passages
    return loaded(build_generation(passages, encoder), encoder)


@pytest.fixture(scope="module")
def counts(encoder: Encoder) -> Index:
    return index_of(encoder, "counts.txt")


@pytest.fixture(scope="module")
def new_areas(encoder: Encoder) -> Index:
    return index_of(encoder, "new_areas.txt")


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("扬州补种多少棵行道树?", "一千二百棵"),
        ("扬州修了几处花坛?", "三十处"),
        ("南通收到多少封感谢信?", "七十六封"),
        ("南通收到多少面锦旗?", "三十面"),
        ("苏州社区书屋接收多少图书?", "五千六百册"),
        ("无锡手工艺展获奖作品多少件?", "四十六件"),
        ("无锡手工艺展有多少人参观?", "九千人"),
        ("常州回收旧衣物多少件?", "三千二百件"),
        ("泰州家长课堂付出多少课时?", "六百节"),
        ("泰州家长课堂惠及多少家庭?", "两千户"),
        ("镇江采纳了几条建议?", "一百二十条"),
    ],
)
def test_a_plain_count_is_answered_with_the_figure(
    question: str, figure: str, counts: Index, encoder: Encoder
) -> None:
    found = answer(question, counts, encoder)
    assert found.status == "answered"
    assert figure in found.quotes[0].text
    assert found.read_as is None


def test_collected_opinions_are_counted_and_not_paid_for(index: Index, encoder: Encoder) -> None:
    found = answer("網絡平台收集了多少網民意見建議?", index, encoder)
    assert found.quotes
    assert "2352条" in fold(found.quotes[0].text)


def test_a_new_area_answers_for_itself_and_for_no_other_place(new_areas: Index, encoder: Encoder) -> None:
    found = answer("雄安新区配送图书多少册?", new_areas, encoder)
    assert "八千册" in found.quotes[0].text
    assert found.quotes[0].passage.place_name == "雄安新区"
    assert answer("钱塘区办了几场楼宇合唱比赛?", new_areas, encoder).status == "refused"
