"""Measure what a trained extractor adds to the refusals, on questions that it was not trained on.

    python -m benchmarks.extractor.measure extractor.pt QUESTIONS… [--half 0]

Shares refused at no more wrong refusals than today, with the best weights for these very questions: more than that
cannot be gained. Of files with development questions `--half` takes those that training left out.
"""

from __future__ import annotations

import argparse
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
from benchmarks.extractor.windows import Window, best_score, likeliest_sentences, windows_around
from bot.settings import Settings
from retrieval.answering import answer
from retrieval.embedding import load_encoder
from retrieval.embedding.bundled import bundled_model_folder
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index import Index
from retrieval.index.generations import load_current
from retrieval.language import fold
from retrieval.questions import encode_question, read_question
from retrieval.ranking import rank_passages
from retrieval.types import Encoder, QuestionType, Refused

_WINDOWS = 3
_RATIOS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 1e6)  # of the weight of the score to that of the log odds


@dataclass(frozen=True, slots=True)
class Case:
    """A question: what it is, what is done with it today, and the score of its best span."""

    kind: str
    is_refused: bool
    is_plain: bool
    """Whether it is answered as one; a comparison or a listing is decided place by place."""
    log_odds: float
    score: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--half", type=int, choices=(0, 1))
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    index = load_current(settings.index_dir, encoder.name)
    tokenizer = PairTokenizer(bundled_model_folder(settings.model_cache))
    network = load_network(arguments.checkpoint).eval()
    questions = [
        question
        for file in arguments.questions
        for question in read_questions(file)
        if arguments.half is None or half_of(question.question_id) == arguments.half
    ]
    report([_case(question, index, encoder, network, tokenizer) for question in questions])


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
        is_plain=read.type is QuestionType.PLAIN,
        log_odds=math.log(probability / (1 - probability)),
        score=max(span_scores(fold(question.text), windows, network, tokenizer)),
    )


def span_scores(
    question: str, windows: Sequence[Window], network: ExtractionNetwork, tokenizer: PairTokenizer
) -> Iterator[float]:
    """The score of the best span of each window."""
    tokens = [tokenizer.tokenize(question, window.text) for window in windows]
    with torch.inference_mode():
        logits = network(*padded([pair.ids for pair in tokens])).numpy()
    for rows, pair, window in zip(logits, tokens, windows, strict=True):
        yield best_score(rows[: len(pair.ids)], pair.spans, window.body)


def report(cases: Sequence[Case]) -> None:
    """Print the areas under the curve, and the shares refused today and with the extractor."""
    kinds = np.asarray([case.kind for case in cases])
    answerable, near = kinds == "answerable", kinds == "near miss"
    refused = np.asarray([case.is_refused for case in cases])
    plain = np.asarray([case.is_plain for case in cases])
    scores = np.asarray([case.score for case in cases])
    log_odds = np.asarray([case.log_odds for case in cases])
    for name, chosen in (("all", plain), ("answered today", plain & ~refused)):
        chosen = chosen & (answerable | near)
        areas = [roc_auc_score(answerable[chosen], values[chosen]) for values in (log_odds, scores)]
        print(f"{name}, answerable against near misses: confidence {areas[0]:.3f}, extractor {areas[1]:.3f}")
    print(
        f"refused today: answerable {refused[answerable].mean():.3f}, near misses {refused[near].mean():.3f}"
    )
    best = max(
        float(decided[near].mean())
        for decided in _decisions(log_odds, scores, refused, plain)
        if decided[answerable].mean() <= refused[answerable].mean()
    )
    print(f"near misses refused with it at no more wrong refusals, at most: {best:.3f}")


def _decisions(
    log_odds: NDArray[np.float64],
    scores: NDArray[np.float64],
    refused: NDArray[np.bool_],
    plain: NDArray[np.bool_],
) -> Iterator[NDArray[np.bool_]]:
    """Today's refusals, less those that a high score lifts, and those of a low sum of both besides."""
    yield refused
    lifts = (*np.quantile(scores[plain], (0.5, 0.7, 0.8, 0.9)), math.inf)
    for ratio, lift in itertools.product(_RATIOS, lifts):
        total = log_odds + ratio * scores
        for threshold in np.quantile(total[plain], np.linspace(0, 0.6, 61)):
            yield np.where(plain, (refused & (scores < lift)) | (total < threshold), refused)


if __name__ == "__main__":
    main()
