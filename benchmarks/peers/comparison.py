"""Inputs of each library, and its outcome rated by the metrics of the project's own evaluation."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.candidates import Candidate
from benchmarks.peers.protocol import Outcome, PassageText
from benchmarks.peers.sizes import Sizes
from bot.cli.quality_measurement import in_the_other_script
from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.metrics import Measure, measure_answer
from retrieval.language.folding import fold
from retrieval.types import Answered, Hit, Passage

QuestionSets = Mapping[str, Sequence[EvaluationQuestion]]


@dataclass(frozen=True, slots=True)
class Hits:
    """Shares of the questions of one file with a right passage first, or among the first three."""

    at_1: float
    at_3: float


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of a candidate."""

    name: str
    form: str
    hits: dict[str, Hits]
    """By file of questions."""
    same_first_hit: float
    """Share of all questions with the same first hit in both scripts."""
    build_seconds: float
    query_milliseconds: float
    """Median over all questions, without their embedding."""
    query_milliseconds_95: float
    """95th percentile of the same times."""
    resident_megabytes: float
    over_bare_megabytes: float
    """Resident memory minus that of a process that has only imported torch and sentence_transformers."""
    installed_megabytes: float
    installed_without_torch_megabytes: float


def passage_text(passage: Passage, *, folded: bool) -> PassageText:
    """The passage as input of a library, with the same id."""
    path = " ".join(section.full for section in passage.section_path)
    texts = (passage.bulletin, passage.place_name or "", path, passage.text)
    return PassageText(passage.passage_id, *(map(fold, texts) if folded else texts))


def asked(sets: QuestionSets, *, folded: bool) -> tuple[str, ...]:
    """All questions as written, followed by all in the other script."""
    written = [question.text for questions in sets.values() for question in questions]
    texts = [*written, *map(in_the_other_script, written)]
    return tuple(map(fold, texts) if folded else texts)


def row_of(
    candidate: Candidate, outcome: Outcome, sizes: Sizes, sets: QuestionSets, passages: Sequence[Passage]
) -> Row:
    """Figures of a candidate from its outcome for the questions of `asked`, in the same order."""
    count = len(outcome.hits) // 2
    written, other = outcome.hits[:count], outcome.hits[count:]
    milliseconds = [seconds * 1000 for seconds in outcome.query_seconds[:count]]
    same = [first[:1] == second[:1] for first, second in zip(written, other, strict=True)]
    return Row(
        name=candidate.name,
        form=candidate.form,
        hits=_hits(sets, written, passages),
        same_first_hit=round(statistics.fmean(same), 4),
        build_seconds=round(outcome.build_seconds, 2),
        query_milliseconds=round(statistics.median(milliseconds), 3),
        query_milliseconds_95=round(statistics.quantiles(milliseconds, n=20)[-1], 3),
        resident_megabytes=_megabytes(outcome.resident),
        over_bare_megabytes=_megabytes(outcome.resident - sizes.bare),
        installed_megabytes=_megabytes(sizes.installed),
        installed_without_torch_megabytes=_megabytes(sizes.without_torch),
    )


def _hits(sets: QuestionSets, ids: Sequence[Sequence[str]], passages: Sequence[Passage]) -> dict[str, Hits]:
    remaining = iter(ids)
    return {
        name: _share([_measured(question, next(remaining), passages) for question in questions])
        for name, questions in sets.items()
    }


def _share(measured: Sequence[Hits]) -> Hits:
    return Hits(
        round(statistics.fmean(hits.at_1 for hits in measured), 4),
        round(statistics.fmean(hits.at_3 for hits in measured), 4),
    )


def _measured(question: EvaluationQuestion, ids: Sequence[str], passages: Sequence[Passage]) -> Hits:
    """Hits of one question, rated as if an answer of this project had them."""
    by_id = {passage.passage_id: passage for passage in passages}
    hits = tuple(Hit(by_id[identity], 0.0, rank) for rank, identity in enumerate(ids, 1))
    answer = Answered(question=question.text, quotes=(), hits=hits)
    measures = measure_answer(question, answer, passages)
    return Hits(measures[Measure.HIT_AT_1], measures[Measure.HIT_AT_3])


def _megabytes(size: int) -> float:
    return round(size / 1e6, 1)
