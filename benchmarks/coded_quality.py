"""What coded vectors cost in quality: `python -m benchmarks.coded_quality GENERATION_FOLDER`.

Ranks the passages of the seed collection for the development questions, with exact vectors and with vectors under the
codes that the generation in the folder (of `benchmarks.million`) has learnt from other texts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.machine import machine
from benchmarks.rebuilds import record
from bot.settings import Settings
from retrieval.coded_vectors import CodedSentences, CodedTokens, CodedVectors, code_vectors
from retrieval.encoder import load_encoder
from retrieval.evaluation_questions import EvaluationQuestion, read_questions
from retrieval.generation import Generation, Parts
from retrieval.index import build_generation
from retrieval.late import TokenIndex
from retrieval.manifest import FORMAT, Manifest
from retrieval.passages import read_collection
from retrieval.query import Query, encode_question
from retrieval.questions import read_question
from retrieval.ranker import rank_passages

Asked = tuple[EvaluationQuestion, Query]


def main() -> int:
    folder, settings = Path(sys.argv[1]), Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    parts = build_generation(read_collection(settings.bulletins_dir).passages, encoder)
    questions = [found for found in read_questions(settings.development_questions) if found.golds]
    asked = [(found, encode_question(read_question(found.text), encoder)) for found in questions]
    figures = {
        "exact": _hits(parts, asked),
        "sentences coded": _hits(replace(parts, sentences=_sentences(parts, folder)), asked),
        "tokens coded": _hits(replace(parts, tokens=_tokens(parts, folder)), asked),
        "both coded": _hits(
            replace(parts, sentences=_sentences(parts, folder), tokens=_tokens(parts, folder)), asked
        ),
    }
    record("coded_quality", {"machine": machine(), "questions": len(asked), **figures})
    return 0


def _hits(parts: Parts, asked: Sequence[Asked]) -> dict[str, float]:
    generation = _generation(parts)
    everything = np.arange(len(parts.passages), dtype=np.int64)
    found = []
    for question, query in asked:
        first = rank_passages(generation, query, everything).ranking.positions[:3]
        found.append([question.is_answered_by(parts.passages[int(spot)]) for spot in first])
    return {
        "hit at 1": round(float(np.mean([answers[0] for answers in found])), 4),
        "hit at 3": round(float(np.mean([any(answers) for answers in found])), 4),
    }


def _generation(parts: Parts) -> Generation:
    counts = len(parts.passages), len(parts.spans)
    return Generation(Manifest(FORMAT, "in memory", "", "", 384, *counts, {}, {}), parts)


def _sentences(parts: Parts, folder: Path) -> CodedSentences:
    book = CodedVectors.load(folder / "sentences").book
    vectors = parts.sentences.vectors()
    return CodedSentences(
        code_vectors(lambda rows: vectors[rows], len(vectors), book), parts.sentences.owners
    )


def _tokens(parts: Parts, folder: Path) -> CodedTokens:
    if not isinstance(parts.tokens, TokenIndex):
        raise TypeError("the tokens of the seed collection are exact")
    starts = parts.tokens.starts
    book = CodedVectors.load(folder / "tokens").book
    return CodedTokens(code_vectors(parts.tokens.block, int(starts[-1]), book), starts)


if __name__ == "__main__":
    sys.exit(main())
