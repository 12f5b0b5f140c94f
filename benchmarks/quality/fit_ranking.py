"""Fit the weights of `retrieval.ranking.ranker` on the development questions and report them, cross-validated.

    python -m benchmarks.quality.fit_ranking [--features NAME,NAME,…] [--penalty 0.3]

A listwise fit: the weighted sums of the scaled features are the logits over the candidates of a question, and the
weights (none below 0) maximise the probability of the passages that answer (Cao et al. 2007, ListNet with top-one
probabilities), with an L2 penalty. Every figure is of questions that the weights were not fitted on; ten folds, three times.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import fmin_l_bfgs_b

from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index.generations import load_current
from retrieval.index.index import Index
from retrieval.questions.question import encode_question, read_question
from retrieval.ranking.features import WEIGHTS, scale_feature
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder

_FOLDS = 10
_ROUNDS = 3

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of one question."""

    features: NDArray[np.float64]
    """(candidates, features), each feature scaled to 0..1."""
    answers: NDArray[np.bool_]
    """(candidates,) bool: the passage answers."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", default=",".join(WEIGHTS))
    parser.add_argument("--penalty", type=float, default=0.3)
    arguments = parser.parse_args()
    names = arguments.features.split(",")
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    index = load_current(settings.index_dir, encoder.name)
    questions = [question for question in read_questions(settings.development_questions) if question.golds]
    cases = list(_cases(questions, names, index, encoder))
    report(names, cases, arguments.penalty)


def _cases(
    questions: Sequence[EvaluationQuestion], names: Sequence[str], index: Index, encoder: Encoder
) -> Iterator[Case]:
    for question in questions:
        query = encode_question(read_question(question.text), encoder)
        ranked = rank_passages(index, query)
        columns = [scale_feature(name, ranked.features[name]) for name in names]
        is_answer = [
            question.is_answered_by(index.passages[position]) for position in ranked.ranking.positions
        ]
        if any(is_answer):
            yield Case(np.stack(columns, axis=1).astype(np.float64), np.asarray(is_answer))


def report(names: Sequence[str], cases: Sequence[Case], penalty: float) -> None:
    """Print the quality of the fitted weights and of those in use, and the weights fitted on all questions."""
    first, early = _cross_validated(cases, penalty)
    print(f"fitted, on questions left out: hit@1 {first:.4f}, hit@3 {early:.4f} ({len(cases)} questions)")
    in_use = np.asarray([WEIGHTS.get(name, 0.0) for name in names])
    first, early = _hits(cases, in_use).mean(axis=0)
    print(f"in use, on all: hit@1 {first:.4f}, hit@3 {early:.4f}")
    weights = fit(cases, penalty)
    shares = weights / weights.max()
    print("WEIGHTS =", {name: round(float(share), 2) for name, share in zip(names, shares, strict=True)})


def fit(cases: Sequence[Case], penalty: float) -> Vector:
    """(features,) the weights."""
    count = cases[0].features.shape[1]
    weights, *_ = fmin_l_bfgs_b(_loss, np.ones(count), args=(cases, penalty), bounds=[(0.0, None)] * count)
    return np.asarray(weights, np.float64)


def _loss(weights: Vector, cases: Sequence[Case], penalty: float) -> tuple[float, Vector]:
    """Negative log-likelihood with its penalty, and the gradient of both."""
    loss, gradient = penalty * float(weights @ weights), 2 * penalty * weights
    for case in cases:
        logits = case.features @ weights
        chances = np.exp(logits - logits.max())
        chances /= chances.sum()
        right = chances[case.answers].sum() + 1e-12
        loss -= float(np.log(right))
        gradient += case.features.T @ (chances - np.where(case.answers, chances / right, 0.0))
    return loss, gradient


def _cross_validated(cases: Sequence[Case], penalty: float) -> tuple[float, float]:
    hits = []
    for seed in range(_ROUNDS):
        order = np.random.default_rng(seed).permutation(len(cases))
        for fold in range(_FOLDS):
            left_out = [cases[number] for number in order[fold::_FOLDS]]
            others = [cases[number] for number in np.setdiff1d(order, order[fold::_FOLDS])]
            hits.append(_hits(left_out, fit(others, penalty)))
    first, early = np.concatenate(hits).mean(axis=0)
    return float(first), float(early)


def _hits(cases: Sequence[Case], weights: Vector) -> NDArray[np.float64]:
    """(cases, 2) bool: the first candidate answers; one of the first three does."""
    rows = []
    for case in cases:
        best = np.argsort(-(case.features @ weights), kind="stable")[:3]
        rows.append((case.answers[best[0]], case.answers[best].any()))
    return np.asarray(rows, np.float64)


if __name__ == "__main__":
    main()
