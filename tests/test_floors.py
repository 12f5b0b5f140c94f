"""How good the answers must be on the development questions; the held-out ones are never read here."""

from __future__ import annotations

from collections.abc import Sequence

import opencc
import pytest

from retrieval.answer import answer
from retrieval.encoder import SentenceEncoder
from retrieval.evaluation import Score, evaluate, read_questions
from retrieval.generation import Generation
from retrieval.types import Encoding
from tests.conftest import DATA

FILES = ("questions.jsonl", "questions_written.jsonl")
AT_LEAST = {
    "hit_at_1": 0.85,
    "hit_at_3": 0.95,
    "first_quote": 0.8,
    "any_quote": 0.9,
    "near_misses_refused": 0.55,
    "far_refused": 0.9,
    "same_first_hit_in_both_scripts": 0.98,
}
AT_MOST = {"wrong_refusals": 0.05}


class RememberingEncoder:
    """Encodes a question once: most questions are the same in both scripts after folding."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Encoding] = {}

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode_queries(texts)
        return self._known[key]

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        return self._encoder.encode_passages(texts)


def in_the_other_script(text: str) -> str:
    """A Traditional text in Simplified script, a Simplified one in Traditional."""
    simplified = str(opencc.OpenCC("t2s").convert(text))
    return simplified if simplified != text else str(opencc.OpenCC("s2t").convert(text))


@pytest.fixture(scope="module")
def score(generation: Generation, encoder: SentenceEncoder) -> Score:
    questions = [question for file in FILES for question in read_questions(DATA / "eval" / file)]
    remembering = RememberingEncoder(encoder)
    return evaluate(questions, lambda text: answer(text, generation, remembering), in_the_other_script)


def test_all_development_questions_were_asked(score: Score) -> None:
    assert score.questions == 270


@pytest.mark.parametrize(("measure", "floor"), AT_LEAST.items())
def test_a_share_that_must_be_high_does_not_fall(score: Score, measure: str, floor: float) -> None:
    assert getattr(score, measure) >= floor


@pytest.mark.parametrize(("measure", "ceiling"), AT_MOST.items())
def test_a_share_that_must_be_low_does_not_rise(score: Score, measure: str, ceiling: float) -> None:
    assert getattr(score, measure) <= ceiling
