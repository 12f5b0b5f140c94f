from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.building.builder import build_generation
from retrieval.index.filters import Filter
from retrieval.index.index import Index
from retrieval.questions.question import Query, encode_question, read_question
from retrieval.ranking.candidates import find_candidates
from retrieval.ranking.ranker import rank_passages
from retrieval.types import IntVector
from tests.doubles import HashEncoder, loaded, make_passage

OF_BEIJING = 2000
WORDS = "志願服務社區宣講環境整治敬老助殘文明實踐活動評選好人典型市民學習"


def in_beijing(number: int) -> str:
    """Twelve of the words' characters, others for every passage."""
    chance = np.random.default_rng(number)
    return "".join(chance.choice(list(WORDS), 12).tolist()) + f"{number}次。"


@pytest.fixture(scope="module", params=["exact", "quantized"])
def many(request: pytest.FixtureRequest) -> Index:
    """Two thousand passages of a place and some of another."""
    passages = [make_passage(f"{number:016x}", in_beijing(number)) for number in range(OF_BEIJING)]
    elsewhere = [
        make_passage(f"{number:016x}", f"光石{number}。", place="上海") for number in range(9000, 9100)
    ]
    limit = 1 if request.param == "quantized" else 10_000
    return loaded(build_generation([*passages, *elsewhere], HashEncoder(), exact_up_to=limit), HashEncoder())


def query_for(text: str) -> Query:
    return encode_question(read_question(text), HashEncoder())


def within_beijing(index: Index) -> IntVector:
    return Filter("北京").positions(index)


@given(text=st.text(st.sampled_from(WORDS), min_size=1, max_size=12))
def test_of_many_that_pass_some_hundreds_are_candidates_in_order_and_no_others(
    many: Index, text: str
) -> None:
    passing = within_beijing(many)
    found = find_candidates(many, query_for(text), passing, 10).positions
    assert 150 <= len(found) <= 410
    assert np.all(np.diff(found) > 0)
    assert set(found.tolist()) <= set(passing.tolist())


def test_what_would_be_ranked_first_of_all_is_nearly_always_among_them(many: Index) -> None:
    passing = within_beijing(many)
    shares = []
    for number in range(0, OF_BEIJING, 100):
        query = query_for(in_beijing(number)[3:9])
        first = rank_passages(many, query, passing, most=len(passing)).ranking.positions[:10]
        shares.append(np.isin(first, find_candidates(many, query, passing, 10).positions).mean())
    assert np.mean(shares) >= 0.97


@pytest.mark.parametrize("most", [400, 1500])
def test_there_are_as_many_as_are_wanted(many: Index, most: int) -> None:
    assert len(find_candidates(many, query_for("志願服務"), within_beijing(many), most).positions) >= most


def test_some_that_are_not_near_show_how_far_the_scales_reach(many: Index) -> None:
    passing = within_beijing(many)
    found = find_candidates(many, query_for("志願服務"), passing, 10).positions
    assert {int(passing[0]), int(passing[-1])} <= set(found.tolist())
    every = rank_passages(many, query_for("志願服務"), passing, most=len(passing))
    some = rank_passages(many, query_for("志願服務"), passing)
    assert len(some.ranking.positions) == len(found)
    assert np.ptp(some.features["maxsim"]) >= 0.8 * np.ptp(every.features["maxsim"])


def test_all_that_pass_are_candidates_where_they_are_few(many: Index) -> None:
    few = within_beijing(many)[:512]
    assert find_candidates(many, query_for("光石"), few, 10).positions.tolist() == few.tolist()


def test_a_question_without_words_or_tokens_still_has_candidates(many: Index) -> None:
    assert len(find_candidates(many, query_for("?"), within_beijing(many), 10).positions) >= 150


def test_without_a_filter_the_best_of_each_ranker_are_candidates(many: Index) -> None:
    found = find_candidates(many, query_for("光石9050"), None, 10).positions
    everything = np.arange(len(many.passages))
    assert OF_BEIJING + 50 in found
    assert len(found) < 512
    assert find_candidates(many, query_for("光石9050"), everything, 10).positions.tolist() == found.tolist()
