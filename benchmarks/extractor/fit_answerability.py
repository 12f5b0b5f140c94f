"""Fit `retrieval.answering.answerability` on questions that neither the extractor nor the confidence was fitted on.

    python -m benchmarks.extractor.fit_answerability [--write]

The questions are the third and fourth development file, those of another collection, and written bulletins that training leaves
out: each set is judged by weights that were fitted without it. The half of the older files that training leaves out is judged by
the weights of all: the rules were made on them, and they are harder on purpose than what people ask.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.extractor.bulletin_pairs import half_of
from benchmarks.extractor.written_questions import written_index, written_questions
from benchmarks.quality.ranking_cases import build_index
from bot.settings import Settings
from retrieval.answering import answerability as module
from retrieval.answering.answerability import Signs
from retrieval.answering.answerer import answer
from retrieval.answering.drafting import draft_closely
from retrieval.answering.refusals import is_decided_unread, read_signs
from retrieval.embedding import load_encoder
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index import Index
from retrieval.index.generations import load_current
from retrieval.questions import corrected_question, encode_question, read_question
from retrieval.ranking import rank_passages
from retrieval.types import Answered, Encoder, QuestionType, Refused

LEFT_OUT = ("07", "10", "30", "35")
"""Beginnings of the names of the written bulletins that training leaves out."""
_TUNED = ("", "_written", "_paraphrased", "_near", "_far")
_SIGNS = ((0.0, None), (0.0, None), (0.0, None), (0.0, None), (None, 0.0))
"""The least and the greatest weight of each sign: what speaks for an answer must not make it less likely."""
_JUDGED_ONLY = "older"
_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the signs of its draft, None where it is decided otherwise; and whether it is refused without reading."""

    kind: str
    signs: Signs | None
    is_refused: bool


class Unread:
    """An encoder without its extractor."""

    extractor = None

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension = encoder.name, encoder.dimension
        self.encode_queries, self.encode_passages = encoder.encode_queries, encoder.encode_passages


@dataclass(frozen=True, slots=True)
class Weights:
    """Of signs scaled to a mean of 0 and a deviation of 1."""

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: float

    def logits(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((rows - self.means) / self.scales @ self.coefficients + self.intercept)

    def unscaled(self) -> tuple[list[float], float]:
        """Coefficients and intercept of signs as they are."""
        coefficients = self.coefficients / self.scales
        return [round(float(one), 3) for one in coefficients], round(
            float(self.intercept - coefficients @ self.means), 3
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the weights into the module")
    arguments = parser.parse_args()
    sets = dict(_sets(Settings()))
    for name, cases in sets.items():
        print(name, _shares(cases, np.array([case.is_refused for case in cases])))
    _report(sets)
    fitted = _fitted([case for name, cases in sets.items() if name != _JUDGED_ONLY for case in cases])
    coefficients, intercept = fitted.unscaled()
    print(dict(zip([field.name for field in fields(Signs)], coefficients, strict=True)), intercept)
    if arguments.write:
        _write(coefficients, intercept)


def _sets(settings: Settings) -> Iterator[tuple[str, list[Case]]]:
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    index = load_current(settings.index_dir, encoder.name)
    folder = settings.development_questions
    for name in ("third", "fourth"):
        yield name, _cases(read_questions(folder / f"questions_{name}_development.jsonl"), index, encoder)
    tuned = [one for name in _TUNED for one in read_questions(folder / f"questions{name}.jsonl")]
    yield _JUDGED_ONLY, _cases([one for one in tuned if half_of(one.question_id) == 0], index, encoder)
    other = folder / "collections" / "local_services"
    with tempfile.TemporaryDirectory() as scratch:
        index = build_index(settings, encoder, other / "bulletins", Path(scratch))
        yield "other", _cases(read_questions(other / "questions_development.jsonl"), index, encoder)
    written = Path("data/training/written")
    with written_index(written, settings, encoder) as index:
        files = [file for file in sorted(written.glob("*.txt")) if file.name.startswith(LEFT_OUT)]
        yield "written", _cases(list(written_questions(files, index)), index, encoder)


def _cases(questions: Sequence[EvaluationQuestion], index: Index, encoder: Encoder) -> list[Case]:
    return [_case(question, index, encoder) for question in questions]


def _case(question: EvaluationQuestion, index: Index, encoder: Encoder) -> Case:
    kind = "answerable" if question.golds else "near miss" if question.is_near_miss else "far"
    given = answer(question.text, index, Unread(encoder))
    read = corrected_question(read_question(question.text), index)
    is_other = isinstance(given, Answered) and (
        given.by_place or given.question_type is not QuestionType.PLAIN
    )
    if read.scope or read.small_talk or read.type is not QuestionType.PLAIN or is_other:
        return Case(kind, None, isinstance(given, Refused))
    query = encode_question(read, encoder)
    draft, _ = draft_closely(index, query, rank_passages(index, query), encoder.extractor)
    if not draft.extracted:
        return Case(kind, None, is_refused=True)
    is_decided = is_decided_unread(draft)
    return Case(kind, None if is_decided else read_signs(draft), is_decided or isinstance(given, Refused))


def _report(sets: dict[str, list[Case]]) -> None:
    """The shares refused by weights fitted without the set, at thresholds on the probability."""
    logits = {
        name: _logits(
            _fitted([case for other in sets if other not in {name, _JUDGED_ONLY} for case in sets[other]]),
            cases,
        )
        for name, cases in sets.items()
    }
    judged = [name for name in sets if name != _JUDGED_ONLY]
    everything = [case for name in judged for case in sets[name]]
    print("today", _shares(everything, np.array([case.is_refused for case in everything])))
    for threshold in np.arange(0.15, 0.34, 0.02):
        least = np.log(threshold / (1 - threshold))
        print(f"threshold {threshold:.2f}", end=" ")
        refused = {name: _decided(sets[name], logits[name], least) for name in sets}
        print("all", _shares(everything, np.concatenate([refused[name] for name in judged])))
        for name, cases in sets.items():
            print("   ", name, _shares(cases, refused[name]))


def _logits(weights: Weights, cases: Sequence[Case]) -> NDArray[np.float64]:
    rows = np.array([astuple(case.signs) if case.signs else (0.0,) * len(fields(Signs)) for case in cases])
    return weights.logits(rows)


def _decided(cases: Sequence[Case], logits: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """Refused by the weights, or as today where they do not decide."""
    return np.array(
        [
            case.is_refused if case.signs is None else logit < least
            for case, logit in zip(cases, logits, strict=True)
        ]
    )


def _shares(cases: Sequence[Case], refused: NDArray[np.bool_]) -> str:
    kinds = np.array([case.kind for case in cases])
    return ", ".join(
        f"{kind} {refused[kinds == kind].sum()}/{(kinds == kind).sum()} {refused[kinds == kind].mean():.3f}"
        for kind in ("answerable", "near miss", "far")
        if (kinds == kind).any()
    )


def _fitted(cases: Sequence[Case]) -> Weights:
    """Logistic regression with a small penalty and the signs of `_SIGNS`."""
    used = [case for case in cases if case.signs]
    rows = np.array([astuple(case.signs) for case in used if case.signs])
    labels = np.array([case.kind == "answerable" for case in used])
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = (rows - means) / scales

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = scaled @ parameters[:-1] + parameters[-1]
        losses = np.logaddexp(0.0, np.where(labels, -logits, logits))
        errors = 1 / (1 + np.exp(-logits)) - labels
        value = losses.sum() + _PENALTY / 2 * (parameters[:-1] ** 2).sum()
        return float(value), np.append(scaled.T @ errors + _PENALTY * parameters[:-1], errors.sum())

    found = minimize(loss, np.zeros(len(_SIGNS) + 1), jac=True, bounds=[*_SIGNS, (None, None)]).x
    return Weights(means, scales, found[:-1], float(found[-1]))


def _write(coefficients: Sequence[float], intercept: float) -> None:
    path = Path(module.__file__)
    text = re.sub(
        r"COEFFICIENTS = \([^)]*\)", f"COEFFICIENTS = {tuple(coefficients)}", path.read_text(encoding="utf-8")
    )
    path.write_text(re.sub(r"INTERCEPT = .*", f"INTERCEPT = {intercept}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
