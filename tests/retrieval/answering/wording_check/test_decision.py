"""Trees over named measures."""

from __future__ import annotations

import math

import pytest

from retrieval.answering.wording_check import Evidence, WordedSentence
from retrieval.answering.wording_check.checker import find_faults, read_case
from retrieval.answering.wording_check.decision import Decision, Node, load_decision
from retrieval.answering.wording_check.features import measure_sentence

_TREE = (Node(0.5, measure=1, low=1, high=2), Node(-2.0), Node(3.0))


@pytest.mark.parametrize(("coverage", "score"), [(0.5, -1.0), (0.6, 4.0)])
def test_a_tree_sends_a_measure_at_its_limit_to_the_low_side(coverage: float, score: float) -> None:
    decision = Decision(("unused", "coverage"), 1.0, 0.5, (_TREE,))
    found = decision.probability({"unused": 9.0, "coverage": coverage})
    assert found == pytest.approx(1 / (1 + math.exp(-score)))


def test_the_committed_trees_ask_for_exactly_the_measures_of_a_sentence() -> None:
    case = read_case(WordedSentence("社區設立崗亭。", (1,)), [Evidence("部分社區設立崗亭十處。")])
    assert case is not None
    measured = measure_sentence(case, find_faults(case))
    decision = load_decision()
    assert decision.measures == tuple(measured)
    assert 0 < decision.least < 1
    assert 0 < decision.probability(measured) < 1
