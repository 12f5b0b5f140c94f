"""Ablation of the ranker, feature by feature."""

from __future__ import annotations

from retrieval.evaluation.ablation import ablate
from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.index.index import Index
from retrieval.ranking.features import WEIGHTS
from tests.doubles import HashEncoder

GOLD = Gold("篇1", "北京", "10名月榜人物")


def test_all_features_each_left_out_and_each_alone_are_measured(small_index: Index) -> None:
    asked = EvaluationQuestion("q", "10名月榜人物", "number", (GOLD,), "")
    rows = ablate([asked], small_index, HashEncoder())
    assert len(rows) == 1 + 2 * len(WEIGHTS)
    assert rows[0].features == "all"
    assert (rows[0].hit_at_1.value, rows[0].hit_at_1.questions) == (1.0, 1)


def test_without_an_answerable_question_there_is_nothing_to_measure(small_index: Index) -> None:
    far = EvaluationQuestion("q", "股市", "x", (), "")
    assert ablate([far], small_index, HashEncoder()) == ()
