"""Loss of quality by quantized vectors: `python -m benchmarks.quality.coded_quality GENERATION_FOLDER`.

Ranks the passages of the seed collection for the development questions, with exact vectors and with quantized ones. The
quantizers are those of the generation in the folder (of `benchmarks.scale.million`), trained on other texts. Figures: share of
questions with an answer first or among the first three, and share of the exact first ten that is still among the ten,
most of which answer nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.machine import machine
from benchmarks.rebuilds import record
from benchmarks.scale.made_up_questions import recalls
from bot.settings import Settings
from retrieval.building.builder import build_generation
from retrieval.embedding.encoder import load_encoder
from retrieval.evaluation.dataset import EvaluationQuestion, read_questions
from retrieval.index.index import Index, Parts
from retrieval.index.quantized.quantized_vectors import QuantizedSentences, QuantizedTokens, QuantizedVectors
from retrieval.index.vectors.int8_tokens import Int8Tokens
from retrieval.questions.question import Query, encode_question, read_question
from retrieval.ranking.features import WEIGHTS
from retrieval.ranking.ranker import rank_passages
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.storage.manifests import FORMAT, Manifest
from retrieval.types import IntVector

Asked = tuple[EvaluationQuestion, Query]


def main() -> int:
    folder, settings = Path(sys.argv[1]), Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    parts = build_generation(read_collection(settings.bulletins_dir).passages, encoder)
    questions = [question for question in read_questions(settings.development_questions) if question.golds]
    asked = [(question, encode_question(read_question(question.text), encoder)) for question in questions]
    exact = _rankings(parts, asked)
    quantized = {
        "sentences coded": replace(parts, sentences=_sentences(parts, folder)),
        "tokens coded": replace(parts, tokens=_tokens(parts, folder)),
        "both coded": replace(parts, sentences=_sentences(parts, folder), tokens=_tokens(parts, folder)),
    }
    rankings = {"exact": exact, **{name: _rankings(index, asked) for name, index in quantized.items()}}
    rankings["both coded, weights of exact ones"] = _rankings(quantized["both coded"], asked, WEIGHTS)
    figures = {name: _figures(parts, asked, ranked, exact) for name, ranked in rankings.items()}
    record("coded_quality", {"machine": machine(), "questions": len(asked), **figures})
    return 0


def _rankings(
    parts: Parts, asked: Sequence[Asked], weights: Mapping[str, float] | None = None
) -> list[IntVector]:
    """The first ten positions for each question."""
    index = _generation(parts)
    everything = np.arange(len(parts.passages), dtype=np.int64)
    return [rank_passages(index, query, everything, weights).ranking.positions[:10] for _, query in asked]


def _figures(
    parts: Parts, asked: Sequence[Asked], rankings: Sequence[IntVector], exact: Sequence[IntVector]
) -> dict[str, float]:
    answers = np.asarray(
        [
            [question.is_answered_by(parts.passages[int(position)]) for position in ranking[:3]]
            for (question, _), ranking in zip(asked, rankings, strict=True)
        ]
    )
    return {
        "hit at 1": round(float(answers[:, 0].mean()), 4),
        "hit at 3": round(float(answers.any(axis=1).mean()), 4),
        "of the exact ten": round(float(np.mean(list(recalls(rankings, exact)))), 4),
    }


def _generation(parts: Parts) -> Index:
    counts = len(parts.passages), len(parts.spans)
    return Index(Manifest(FORMAT, "in memory", "", "", 384, *counts, {}, {}), parts)


def _sentences(parts: Parts, folder: Path) -> QuantizedSentences:
    quantizer = QuantizedVectors.load(folder / "sentences").quantizer
    codes = quantizer.encode(parts.sentences.vectors())
    return QuantizedSentences(QuantizedVectors(quantizer, codes), parts.sentences.owners)


def _tokens(parts: Parts, folder: Path) -> QuantizedTokens:
    tokens = cast("Int8Tokens", parts.tokens)  # the seed collection is small
    quantizer = QuantizedVectors.load(folder / "tokens").quantizer
    codes = quantizer.encode(tokens.block(slice(0, int(tokens.starts[-1]))))
    return QuantizedTokens(QuantizedVectors(quantizer, codes), tokens.starts)


if __name__ == "__main__":
    sys.exit(main())
