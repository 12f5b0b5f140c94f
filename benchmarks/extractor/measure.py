"""Measure what a trained extractor adds to the refusals, on questions that it was not trained on.

    python -m benchmarks.extractor.measure extractor.pt QUESTIONS… [--half 0] [--with RATIO LIFT THRESHOLD]
    python -m benchmarks.extractor.measure extractor.pt data/training/written/07*.txt data/training/written/10*.txt

Shares refused at no more wrong refusals than today, with the best weights for these very questions: more than that
cannot be gained. `--with` measures weights that were found on other questions. Of files with development questions
`--half` takes those that training left out; written bulletins are asked in an index of all that lie in their folder.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from benchmarks.extractor.bulletin_pairs import half_of
from benchmarks.extractor.network import ExtractionNetwork, PairTokenizer, load_network, padded
from benchmarks.extractor.written_questions import written_index, written_questions
from bot.settings import Settings
from retrieval.answering import answer
from retrieval.answering.extraction import Window, likeliest_sentences, windows_around
from retrieval.embedding import load_encoder
from retrieval.embedding.bundled import bundled_model_folder
from retrieval.embedding.bundled.extractor import best_span
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index import Index
from retrieval.index.generations import load_current
from retrieval.language import fold
from retrieval.questions import Question, encode_question, read_question
from retrieval.ranking import rank_passages
from retrieval.types import Answer, Answered, Encoder, QuestionType, Refused

_WINDOWS = 3
_RATIOS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 1e6)  # of the weight of the score to that of the log odds


@dataclass(frozen=True, slots=True)
class Case:
    """A question: what it is, what is done with it today, and the score of its best span."""

    kind: str
    is_refused: bool
    is_plain: bool
    """Whether it is answered by a sentence; a comparison, a listing or a question about some bulletins is decided otherwise."""
    log_odds: float
    score: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--with", type=float, nargs=3, dest="weights", metavar=("RATIO", "LIFT", "THRESHOLD"))
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    tokenizer = PairTokenizer(bundled_model_folder(settings.model_cache))
    network = load_network(arguments.checkpoint).eval()
    with _asked(arguments.questions, settings, encoder) as (questions, index):
        cases = [
            _case(question, index, encoder, network, tokenizer)
            for question in questions
            if arguments.half is None or half_of(question.question_id) == arguments.half
        ]
    report(cases, arguments.weights and Weights(*arguments.weights))


@contextlib.contextmanager
def _asked(
    files: Sequence[Path], settings: Settings, encoder: Encoder
) -> Iterator[tuple[list[EvaluationQuestion], Index]]:
    """The questions of the files and the index that they ask."""
    if files[0].suffix == ".txt":
        with written_index(files[0].parent, settings, encoder) as index:
            yield list(written_questions(files, index)), index
    else:
        index = load_current(settings.index_dir, encoder.name)
        yield [question for file in files for question in read_questions(file)], index


def _case(
    question: EvaluationQuestion,
    index: Index,
    encoder: Encoder,
    network: ExtractionNetwork,
    tokenizer: PairTokenizer,
) -> Case:
    read = read_question(question.text)
    ranked = rank_passages(index, encode_question(read, encoder))
    windows = windows_around(index, likeliest_sentences(index, ranked), _WINDOWS)
    given = answer(question.text, index, encoder)
    probability = min(max(given.confidence, 1e-4), 1 - 1e-4)
    return Case(
        kind="answerable" if question.golds else "near miss" if question.is_near_miss else "far",
        is_refused=isinstance(given, Refused),
        is_plain=_is_plain(read, given),
        log_odds=math.log(probability / (1 - probability)),
        score=max(span_scores(fold(question.text), windows, network, tokenizer)),
    )


def _is_plain(question: Question, given: Answer) -> bool:
    if isinstance(given, Answered) and (given.by_place or given.question_type is not QuestionType.PLAIN):
        return False
    return question.type is QuestionType.PLAIN and question.scope is None


def span_scores(
    question: str, windows: Sequence[Window], network: ExtractionNetwork, tokenizer: PairTokenizer
) -> Iterator[float]:
    """The score of the best span of each window."""
    tokens = [tokenizer.tokenize(question, window.text) for window in windows]
    with torch.inference_mode():
        logits = network(*padded([pair.ids for pair in tokens])).numpy()
    for rows, pair, window in zip(logits, tokens, windows, strict=True):
        yield best_span(rows[: len(pair.ids)], pair.spans, window.body).score


@dataclass(frozen=True, slots=True)
class Weights:
    """A rule of refusing."""

    ratio: float
    """Of the weight of the score to that of the log odds."""
    lift: float
    """A score from which on a refusal of today is lifted."""
    threshold: float
    """A sum of both below which a question is refused besides."""

    def decide(self, cases: Cases) -> NDArray[np.bool_]:
        refused = cases.refused & (cases.scores < self.lift)
        return np.where(cases.plain, refused | (self._totals(cases) < self.threshold), cases.refused)

    def _totals(self, cases: Cases) -> NDArray[np.float64]:
        return np.asarray(cases.log_odds + self.ratio * cases.scores)


class Cases:
    """The cases as columns."""

    def __init__(self, cases: Sequence[Case]) -> None:
        kinds = np.asarray([case.kind for case in cases])
        self.answerable, self.near, self.far = (kinds == kind for kind in ("answerable", "near miss", "far"))
        self.refused = np.asarray([case.is_refused for case in cases])
        self.plain = np.asarray([case.is_plain for case in cases])
        self.scores = np.asarray([case.score for case in cases])
        self.log_odds = np.asarray([case.log_odds for case in cases])


def report(cases: Sequence[Case], given: Weights | None = None) -> None:
    """Print the areas under the curve, and the shares refused today and with the extractor."""
    columns = Cases(cases)
    asked = columns.plain & (columns.answerable | columns.near)
    for name, chosen in (("all", asked), ("answered today", asked & ~columns.refused)):
        values = (columns.log_odds[chosen], columns.scores[chosen])
        areas = [roc_auc_score(columns.answerable[chosen], value) for value in values]
        counts = (
            f"{(chosen & columns.answerable).sum()} answerable, {(chosen & columns.near).sum()} near misses"
        )
        print(f"{name} ({counts}): area of the confidence {areas[0]:.3f}, of the extractor {areas[1]:.3f}")
    _print_shares("today", columns, columns.refused)
    _print_shares("with the best weights for these questions", columns, _best(columns).decide(columns))
    if given:
        _print_shares("with the weights given", columns, given.decide(columns))
    else:
        print("best weights:", _best(columns))


def _print_shares(name: str, cases: Cases, refused: NDArray[np.bool_]) -> None:
    kinds = (("answerable", cases.answerable), ("near misses", cases.near), ("far", cases.far))
    shares = (
        f"{kind} {refused[chosen].mean():.3f} of {chosen.sum()}" for kind, chosen in kinds if chosen.any()
    )
    print(f"refused {name}: {', '.join(shares)}")


def _best(cases: Cases) -> Weights:
    """The weights that refuse most near misses and no more answerable questions than today."""
    allowed = cases.refused[cases.answerable].mean()
    fitting = [
        weights
        for weights in _all_weights(cases)
        if weights.decide(cases)[cases.answerable].mean() <= allowed
    ]
    return max(fitting, key=lambda weights: float(weights.decide(cases)[cases.near].mean()))


def _all_weights(cases: Cases) -> Iterator[Weights]:
    yield Weights(0.0, math.inf, -math.inf)  # today
    lifts = (*np.quantile(cases.scores[cases.plain], (0.5, 0.7, 0.8, 0.9)), math.inf)
    for ratio, lift in itertools.product(_RATIOS, lifts):
        totals = (cases.log_odds + ratio * cases.scores)[cases.plain]
        for threshold in np.quantile(totals, np.linspace(0, 0.6, 61)):
            yield Weights(ratio, float(lift), float(threshold))


if __name__ == "__main__":
    main()
