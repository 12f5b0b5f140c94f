"""Fit the weights of `retrieval.ranking.ranker`, keeping only features that help on collections left out of the fit.

    python -m benchmarks.quality.fit_ranking [--public PATH/TO/cmrc2018_trial.json] [--penalty 1.0]

Each collection is left out in turn. On the others, features are added to MaxSim and place one after the other while they
raise hit@1 on those of the others that are left out again; then all chosen are fitted and asked the collection left out.
The fit is listwise: the weighted sums of the scaled features are the logits over the passages of a question, and the weights,
none below 0, maximise the probability of those that answer (Cao et al. 2007, ListNet with top-one probabilities), with an L2
penalty. Collections count alike whatever their size. A second stage, weights fitted on the sections of one item and applied
within the item of the first hit among the first five passages, is measured the same way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import fmin_l_bfgs_b

from benchmarks.quality.ranking_cases import NAMES, Case, read_cases
from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.ranking.features import WEIGHTS

_ALWAYS = ("maxsim", "place")
_LEAST_GAIN = 0.002
"""Of mean hit@1, for which a feature is added: a question or two of 900."""
_ALIKE = 150.0
"""Total weight of the questions of a collection."""
_SMALL = 40
"""A smaller collection counts as one of so many questions does, a question at most for four."""
_SECTIONS_AGAINST_EACH_OTHER = 5

Vector = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--penalty", type=float, default=1.0)
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    report(list(read_cases(settings, encoder, arguments.public)), arguments.penalty)


def report(cases: Sequence[Case], penalty: float) -> None:
    """Print rankings of collections left out, nested and by sets of features, and the weights fitted on all."""
    collections = _collections(cases)
    print(f"{'on collections left out: hit@1 hit@3':44}", *collections, "mean", sep="\t")
    nested = []
    for left_out in collections:
        others = [case for case in cases if case.collection != left_out]
        chosen = choose(others, penalty)
        print(f"without {left_out} chosen: {', '.join(chosen)}")
        nested.append(_left_out(cases, left_out, chosen, penalty))
    _row("chosen without the collection", nested, cases)
    for label, names in _sets():
        _row(label, [_left_out(cases, name, names, penalty) for name in collections], cases)
    _row(
        "in use, sections of an item by weights of their own",
        [_left_out(cases, name, tuple(WEIGHTS), penalty, second=True) for name in collections],
        cases,
    )
    weights = fit(cases, tuple(WEIGHTS), penalty)
    print("WEIGHTS =", dict(zip(WEIGHTS, (weights / weights.max()).round(2).tolist(), strict=True)))


def _sets() -> Iterator[tuple[str, tuple[str, ...]]]:
    in_use = tuple(WEIGHTS)
    yield "MaxSim and place", _ALWAYS
    yield "all", NAMES
    yield "in use", in_use
    for name in in_use:
        yield f"in use without {name}", tuple(other for other in in_use if other != name)
    for name in NAMES:
        if name not in in_use:
            yield f"in use with {name}", (*in_use, name)


def _row(label: str, hits: Sequence[Vector], cases: Sequence[Case]) -> None:
    shares = [f"{first:.3f} {early:.3f}" for first, early in hits]
    mean = _mean(hits, _collections(cases), cases)
    print(f"{label:44}", *shares, f"{mean[0]:.4f} {mean[1]:.4f}", sep="\t")


def _collections(cases: Iterable[Case]) -> list[str]:
    return list(dict.fromkeys(case.collection for case in cases))


def _mean(hits: Sequence[Vector], collections: Sequence[str], cases: Sequence[Case]) -> Vector:
    """Over the collections, each weighted by the root of its size."""
    sizes = [sum(case.collection == name for case in cases) for name in collections]
    return np.asarray(np.average(np.stack(hits), axis=0, weights=np.sqrt(sizes)), np.float64)


def choose(cases: Sequence[Case], penalty: float) -> tuple[str, ...]:
    """The features that raise hit@1 on collections left out, in the order in which they were added."""
    chosen: tuple[str, ...] = _ALWAYS
    best = _left_out_mean(cases, chosen, penalty)
    while True:
        gains = {
            name: _left_out_mean(cases, (*chosen, name), penalty) for name in NAMES if name not in chosen
        }
        name = max(gains, key=gains.__getitem__)
        if gains[name] < best + _LEAST_GAIN:
            return chosen
        chosen, best = (*chosen, name), gains[name]


def _left_out_mean(cases: Sequence[Case], names: Sequence[str], penalty: float) -> float:
    collections = _collections(cases)
    hits = [_left_out(cases, left_out, names, penalty) for left_out in collections]
    return float(_mean(hits, collections, cases)[0])


def _left_out(
    cases: Sequence[Case], left_out: str, names: Sequence[str], penalty: float, *, second: bool = False
) -> Vector:
    """(2,) hit@1 and hit@3 on the collection, by weights fitted on the others."""
    others = [case for case in cases if case.collection != left_out]
    asked = [case for case in cases if case.collection == left_out]
    weights = fit(others, names, penalty)
    within = fit(list(_items(others)), names, penalty) if second else None
    return np.asarray(np.mean([_hits(case, names, weights, within) for case in asked], axis=0), np.float64)


def _items(cases: Iterable[Case]) -> Iterator[Case]:
    """The passages of the item that answers, where some of them do not."""
    for case in cases:
        own = case.items == case.items[case.answers][0]
        if not case.answers[own].all():
            yield Case(case.collection, case.features[own], case.answers[own], case.items[own])


def _hits(case: Case, names: Sequence[str], weights: Vector, within: Vector | None) -> tuple[bool, bool]:
    """Whether the first passage answers, and whether one of the first three does."""
    features = case.features[:, [NAMES.index(name) for name in names]]
    order = np.argsort(-(features @ weights), kind="stable")
    if within is not None:
        places = np.flatnonzero(case.items[order[:_SECTIONS_AGAINST_EACH_OTHER]] == case.items[order[0]])
        sections = order[places]
        order[places] = sections[np.argsort(-(features[sections] @ within), kind="stable")]
    return bool(case.answers[order[0]]), bool(case.answers[order[:3]].any())


def fit(cases: Sequence[Case], names: Sequence[str], penalty: float) -> Vector:
    """(names,) the weights."""
    columns = [NAMES.index(name) for name in names]
    features = np.concatenate([case.features[:, columns] for case in cases])
    answers = np.concatenate([case.answers for case in cases]).astype(np.float64)
    lengths = np.asarray([len(case.answers) for case in cases])
    problem = (features, answers, lengths, _weights_of(cases), penalty)
    weights, *_ = fmin_l_bfgs_b(_loss, np.ones(len(names)), args=problem, bounds=[(0.0, None)] * len(names))
    return np.asarray(weights, np.float64)


def _weights_of(cases: Sequence[Case]) -> Vector:
    sizes = {name: sum(case.collection == name for case in cases) for name in _collections(cases)}
    return np.asarray([_ALIKE / max(sizes[case.collection], _SMALL) for case in cases], np.float64)


def _loss(
    weights: Vector,
    features: Vector,
    answers: Vector,
    lengths: NDArray[np.int64],
    shares: Vector,
    penalty: float,
) -> tuple[float, Vector]:
    """Weighted negative log-likelihood of all questions with its penalty, and the gradient of both."""
    starts, owners = np.cumsum(lengths) - lengths, np.repeat(np.arange(len(lengths)), lengths)
    logits = features @ weights
    powers = np.exp(logits - np.maximum.reduceat(logits, starts)[owners])
    chances = powers / np.add.reduceat(powers, starts)[owners]
    right = np.add.reduceat(chances * answers, starts) + 1e-12
    loss = penalty * float(weights @ weights) - float(shares @ np.log(right))
    slopes = (chances - chances * answers / right[owners]) * shares[owners]
    return loss, 2 * penalty * weights + features.T @ slopes


if __name__ == "__main__":
    main()
