from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import search
from retrieval.building.builder import build_generation
from retrieval.index.filters import Filter
from retrieval.index.index import Index
from retrieval.questions.question import Query, encode_question, read_question
from retrieval.ranking.features import WEIGHTS, salience, salient_maxsim
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

WORDS = st.text(st.sampled_from("北京上海市民志願者評選好人,?10"), min_size=1, max_size=20)


def query_for(text: str, encoder: Encoder) -> Query:
    return encode_question(read_question(text), encoder)


@given(WORDS)
def test_scores_fall_from_rank_to_rank_and_lie_between_0_and_1(small_index: Index, text: str) -> None:
    ranking = rank_passages(small_index, query_for(text, HashEncoder())).ranking
    assert np.all(np.diff(ranking.scores) <= 0)
    assert ranking.scores.min() >= 0
    assert ranking.scores.max() <= 1 + 1e-6


@given(WORDS)
def test_no_passage_is_ranked_twice(small_index: Index, text: str) -> None:
    positions = rank_passages(small_index, query_for(text, HashEncoder())).ranking.positions.tolist()
    assert len(positions) == len(set(positions))


@given(WORDS, st.lists(st.integers(0, 5), min_size=1, unique=True).map(sorted))
def test_only_the_given_positions_are_ranked_and_all_of_them(
    small_index: Index, text: str, only: list[int]
) -> None:
    ranked = rank_passages(small_index, query_for(text, HashEncoder()), np.asarray(only, np.int64))
    assert sorted(ranked.ranking.positions.tolist()) == only


@given(WORDS)
def test_features_are_in_the_order_of_the_ranking(small_index: Index, text: str) -> None:
    query = query_for(text, HashEncoder())
    ranked = rank_passages(small_index, query)
    positions = ranked.ranking.positions
    assert ranked.features.keys() == WEIGHTS.keys() | {"sentence"}
    keywords = small_index.bm25.scores(query.question.terms)[positions]
    np.testing.assert_allclose(ranked.features["keywords"], keywords, atol=1e-6)
    for spot, position in enumerate(positions.tolist()):
        assert ranked.features["maxsim"][spot] == ranked.sentence_scores[position].max()


def test_a_token_that_all_passages_match_alike_has_no_salience() -> None:
    maxima = np.asarray([[0.9, 0.8, 0.5], [0.9, 0.4, 0.7]], np.float32)
    weights = salience(maxima)
    np.testing.assert_allclose(weights, [0.0, 0.2, 0.1], atol=1e-6)
    np.testing.assert_allclose(salient_maxsim(maxima, weights), [0.7, 0.5], atol=1e-6)
    assert salient_maxsim(maxima[:1], salience(maxima[:1])).tolist() == [0.0]


def test_every_sentence_of_a_candidate_has_a_score(small_index: Index) -> None:
    ranked = rank_passages(small_index, query_for("志願者", HashEncoder()))
    for position in ranked.ranking.positions.tolist():
        assert len(ranked.sentence_scores[position]) == len(small_index.sentence_rows(position))


def test_a_place_that_is_named_lifts_the_passages_about_it(small_index: Index) -> None:
    ranked = rank_passages(small_index, query_for("南京", HashEncoder()))
    assert ranked.ranking.positions[0] == 4
    assert ranked.features["place"].tolist() == [1, 0, 0, 0, 0, 0]


def test_hits_count_from_1_and_carry_the_score_of_the_ranking(small_index: Index) -> None:
    ranked = rank_passages(small_index, query_for("市民修身手冊", HashEncoder()))
    hits = ranked.hits(small_index, 4)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert [hit.score for hit in hits] == ranked.ranking.scores[:4].tolist()
    assert hits[0].passage.text == "《市民修身手冊》發放5萬冊;人手一本。"
    assert ranked.hits(small_index, 0) == ()
    assert len(ranked.hits(small_index, 100)) == len(SMALL_PASSAGES)


def test_passages_that_tie_come_in_the_order_of_the_bulletins() -> None:
    twins = tuple(make_passage(f"{number:016x}", "志願者走進社區。") for number in range(5))
    encoder = HashEncoder()
    ranked = rank_passages(loaded(build_generation(twins, encoder), encoder), query_for("志願者", encoder))
    assert ranked.ranking.positions.tolist() == [0, 1, 2, 3, 4]


def test_passages_to_be_ranked_also_stand_in_one_ranking_with_the_candidates() -> None:
    encoder = HashEncoder()
    many = tuple(
        make_passage(f"{number:016x}", f"第{number}條志願者" + "上" * number) for number in range(300)
    )
    index = loaded(build_generation(many, encoder), encoder)
    query = query_for("第7條志願者", encoder)
    found = rank_passages(index, query).ranking.positions
    others = np.setdiff1d(np.arange(300), found)[:5]
    assert len(others)
    both = rank_passages(index, query, also=others).ranking
    whole = rank_passages(index, query, np.union1d(found, others)).ranking
    np.testing.assert_array_equal(both.positions, whole.positions)
    np.testing.assert_array_equal(both.scores, whole.scores)


def test_a_single_passage_can_be_ranked() -> None:
    encoder = HashEncoder()
    alone = loaded(build_generation(SMALL_PASSAGES[:1], encoder), encoder)
    assert rank_passages(alone, query_for("好人", encoder)).ranking.positions.tolist() == [0]


def test_a_search_in_which_nothing_passes_the_filter_finds_nothing(small_index: Index) -> None:
    assert search("志願者", small_index, HashEncoder(), only=Filter("北京", "篇2")) == ()


def test_the_same_question_in_both_scripts_finds_the_same_passages_in_the_same_order(
    index: Index, encoder: Encoder
) -> None:
    traditional = rank_passages(index, query_for("上海有幾個志願服務中心?", encoder))
    simplified = rank_passages(index, query_for("上海有几个志愿服务中心?", encoder))
    assert traditional.ranking.positions.tolist() == simplified.ranking.positions.tolist()
    assert traditional.ranking.scores.tolist() == simplified.ranking.scores.tolist()


def test_the_same_question_ranks_the_same_every_time(index: Index, encoder: Encoder) -> None:
    first, second = (rank_passages(index, query_for("誰評選月榜人物", encoder)) for _ in range(2))
    assert first.ranking.scores.tolist() == second.ranking.scores.tolist()


def test_other_words_for_the_same_thing_find_the_passage(index: Index, encoder: Encoder) -> None:
    hits = search("做義工萬一受傷,有給什麼照顧嗎?上海", index, encoder, top_k=3)
    assert any("多重意外保險保障" in hit.passage.text for hit in hits)
