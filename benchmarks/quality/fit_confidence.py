"""Fit the coefficients of `retrieval.answering.confidence` and report them, cross-validated.

    python -m benchmarks.quality.fit_confidence --cmrc PATH/TO/cmrc2018_dev.json

Answerable development questions are the positive cases; unanswerable ones, and (where the file is given) questions
of CMRC 2018, which are about other things, the negative ones.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import StratifiedKFold

from bot.settings import Settings
from retrieval.answering.confidence import Evidence, gather_evidence
from retrieval.answering.quote_selection import choose_quotes
from retrieval.embedding.encoder import load_encoder
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index.generations import load_current
from retrieval.index.index import Index
from retrieval.questions.question import encode_question, read_question
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder

_OTHER_QUESTIONS = 400
# Weighed so that each group counts for about as much as there are answerable questions, or half of that.
# The sign that each piece of evidence may have: what speaks for an answer must not lower the confidence. Others are free.
_SIGNS = {
    "maxsim": 1,
    "margin": 1,
    "sentence": 1,
    "coverage": 1,
    "unseen": -1,
    "placed": 1,
    "word_match": 1,
    "weakest_words": 1,
    "unmet": -1,
}
_WEIGHTS = {"answerable": 1.0, "near miss": 0.5, "far": 1.5, "public": 0.3}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmrc", type=Path)
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    index = load_current(settings.index_dir, encoder.name)
    cases = [(question.text, _kind(question)) for question in read_questions(settings.development_questions)]
    cases += [(text, "public") for text in _public_questions(arguments.cmrc)]
    _fit(cases, index, encoder)


def _fit(cases: list[tuple[str, str]], index: Index, encoder: Encoder) -> None:
    features = np.asarray([astuple(_evidence(text, index, encoder)) for text, _ in cases])
    kinds = np.asarray([kind for _, kind in cases])
    answerable = kinds == "answerable"
    weights = np.asarray([_WEIGHTS[kind] for kind in kinds])
    held_out = np.zeros(len(cases))
    for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(features, kinds):
        fitted, constant = _constrained(features[train], answerable[train], weights[train])
        held_out[test] = _probabilities(features[test] @ fitted + constant)
    coefficients, intercept = _constrained(features, answerable, weights)
    print("COEFFICIENTS =", tuple(round(float(value), 3) for value in coefficients))
    print("INTERCEPT =", round(intercept, 3))
    print("fields:", [field.name for field in fields(Evidence)])
    _report(held_out, kinds, answerable)


def _constrained(
    features: NDArray[np.float64], answerable: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """The coefficients and the intercept of a ridge-penalized logistic regression whose signs are those of `_SIGNS`."""
    centre, spread = features.mean(axis=0), features.std(axis=0)
    scaled = (features - centre) / spread

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = scaled @ parameters[:-1] + parameters[-1]
        errors = weights * (_probabilities(logits) - answerable)
        losses = weights * np.logaddexp(0.0, np.where(answerable, -logits, logits))
        slopes = np.append(scaled.T @ errors + parameters[:-1], errors.sum())
        return float(losses.sum() + 0.5 * (parameters[:-1] ** 2).sum()), slopes

    bounds = [_bounds(field.name) for field in fields(Evidence)]
    start = np.zeros(features.shape[1] + 1)
    found = minimize(loss, start, jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B").x
    coefficients = found[:-1] / spread
    return coefficients, float(found[-1] - coefficients @ centre)


def _bounds(name: str) -> tuple[float | None, float | None]:
    sign = _SIGNS.get(name, 0)
    return (0.0 if sign > 0 else None, 0.0 if sign < 0 else None)


def _probabilities(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))


def _report(held_out: NDArray[np.float64], kinds: NDArray[np.str_], answerable: NDArray[np.bool_]) -> None:
    print(f"Brier score, cross-validated: {np.mean((held_out - answerable) ** 2):.3f}")
    for threshold in np.quantile(held_out[answerable], (0.01, 0.02, 0.03, 0.04, 0.05)):
        refused = {kind: float(np.mean(held_out[kinds == kind] < threshold)) for kind in _WEIGHTS}
        shares = ", ".join(f"{kind} {share:.3f}" for kind, share in refused.items())
        print(f"threshold {threshold:.2f} refuses: {shares}")


def _evidence(text: str, index: Index, encoder: Encoder) -> Evidence:
    query = encode_question(read_question(text), encoder)
    ranked = rank_passages(index, query)
    return gather_evidence(index, query, ranked, choose_quotes(index, query, ranked)[0])


def _kind(question: EvaluationQuestion) -> str:
    if question.golds:
        return "answerable"
    return "near miss" if question.is_near_miss else "far"


def _public_questions(path: Path | None) -> list[str]:
    if path is None:
        return []
    questions = sorted(set(_questions_in(json.loads(path.read_text(encoding="utf-8")))))
    return random.Random(0).sample(questions, _OTHER_QUESTIONS)


def _questions_in(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("question"), str):
            yield node["question"]
        for child in node.values():
            yield from _questions_in(child)
    elif isinstance(node, list):
        for child in node:
            yield from _questions_in(child)


if __name__ == "__main__":
    main()
