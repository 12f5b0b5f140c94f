"""Fusion and re-ranking: candidates from BM25 and FAISS, ordered by a weighted sum of scaled signals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retrieval.generation import Generation
from retrieval.questions import Question
from retrieval.ranking import Ranking, best, scaled
from retrieval.types import Encoding, FloatMatrix, FloatVector, Hit, IntMatrix, IntVector, Passage

_PASSAGES_READ = 5  # the answer is in none of the later ones for 97 % of the development questions
_CANDIDATES = 50  # from each ranker; hit@3 on the development questions does not rise beyond 20

# Weights of the signals after each is scaled to 0..1 over the candidates of the question.
# hit@1 / hit@3 on the development questions is in `bulletin-bot evaluate`.
WEIGHTS = {"keywords": 0.3, "paragraph": 0.2, "sentence": 0.3, "late": 1.0, "place": 0.5}


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the rankers get it."""

    question: Question
    vector: FloatVector
    """(dimension,)"""
    tokens: FloatMatrix
    """(tokens, dimension)"""
    spans: IntMatrix
    """(tokens, 2): where each token stands in the folded question."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates best first, with what each sentence of them scored."""

    ranking: Ranking
    signals: dict[str, FloatVector]
    """By name, in the order of the ranking, as measured (not scaled)."""
    sentence_scores: dict[int, FloatVector]
    """By position: the late interaction of each sentence of the passage."""

    def hits(self, generation: Generation, top_k: int) -> tuple[Hit, ...]:
        """The first top_k as hits."""
        pairs = zip(self.ranking.positions[:top_k], self.ranking.scores[:top_k], strict=True)
        return tuple(
            Hit(generation.passages[position], float(score), rank)
            for rank, (position, score) in enumerate(pairs, start=1)
        )


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a ranked passage, at `passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int
    passage_score: float
    late: float


def best_sentences(generation: Generation, ranked: Ranked) -> Iterator[RankedSentence]:
    """All sentences of the passages that are read for an answer, passages best first, sentences in their order."""
    pairs = zip(ranked.ranking.positions[:_PASSAGES_READ], ranked.ranking.scores, strict=False)
    for position, score in pairs:
        rows = generation.sentence_rows(int(position))
        for row, late in zip(rows, ranked.sentence_scores[int(position)], strict=True):
            start, end = (int(edge) for edge in generation.spans[row])
            yield RankedSentence(generation.passages[position], start, end, float(score), float(late))


def make_query(question: Question, encoding: Encoding) -> Query:
    """The query of a question that was encoded as the only text."""
    return Query(question, encoding.vectors[0], encoding.tokens[0], encoding.spans[0])


def rank_passages(generation: Generation, query: Query, only: IntVector | None = None) -> Ranked:
    """The candidates for the query, or all of the given positions, best first; ties in the order of the bulletins."""
    positions = _candidates(generation, query) if only is None else only
    sentence_scores = _sentence_scores(generation, query, positions)
    signals = _signals(generation, query, positions, sentence_scores)
    total = np.sum([weight * _scaled(name, signals[name]) for name, weight in WEIGHTS.items()], axis=0)
    order = best(np.asarray(total, np.float32), len(positions))
    chosen = order.positions
    return Ranked(
        ranking=Ranking(positions[chosen], order.scores / np.float32(sum(WEIGHTS.values()))),
        signals={name: values[chosen] for name, values in signals.items()},
        sentence_scores=sentence_scores,
    )


def _candidates(generation: Generation, query: Query) -> IntVector:
    """Passages that any ranker puts among its best, and those about the places of the question."""
    sparse = generation.sparse.rank(query.question.terms, _CANDIDATES).positions
    paragraphs = generation.paragraphs.rank(query.vector, _CANDIDATES).positions
    rows = generation.sentences.rank(query.vector, 2 * _CANDIDATES).positions
    return np.unique(np.concatenate([sparse, paragraphs, generation.sentences.owners[rows]]))


def _sentence_scores(generation: Generation, query: Query, positions: IntVector) -> dict[int, FloatVector]:
    rows = [generation.sentence_rows(int(position)) for position in positions]
    scores = generation.tokens.maxsim(query.tokens, np.concatenate(rows))
    ends = np.cumsum([len(found) for found in rows])[:-1]
    return {int(position): part for position, part in zip(positions, np.split(scores, ends), strict=True)}


def _signals(
    generation: Generation, query: Query, positions: IntVector, sentence_scores: dict[int, FloatVector]
) -> dict[str, FloatVector]:
    paragraphs = generation.paragraphs.vectors(positions) @ query.vector
    sentences = generation.sentences.vectors() @ query.vector
    by_passage = [sentences[generation.sentence_rows(int(position))].max() for position in positions]
    return {
        "keywords": generation.sparse.scores(query.question.terms)[positions],
        "paragraph": np.asarray(paragraphs, np.float32),
        "sentence": np.asarray(by_passage, np.float32),
        "late": np.asarray([sentence_scores[int(position)].max() for position in positions], np.float32),
        "place": generation.coverage.match(query.question.places, query.question.folded)[positions],
    }


def _scaled(name: str, values: FloatVector) -> FloatVector:
    return values if name == "place" else scaled(values)
