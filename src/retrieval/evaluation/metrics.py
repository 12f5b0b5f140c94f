"""Metrics of one answer: each measure that applies to its question, as a number from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.language import fold
from retrieval.types import Answer, Passage, Quote


class Measure(StrEnum):
    """A measure of one answer; over questions it is averaged."""

    HIT_AT_1 = "hit_at_1"
    HIT_AT_3 = "hit_at_3"
    HIT_AT_5 = "hit_at_5"
    MRR_AT_10 = "mrr_at_10"
    NDCG_AT_10 = "ndcg_at_10"
    FIRST_QUOTE = "first_quote"
    """The first quote holds the words that answer."""
    ANY_QUOTE = "any_quote"
    CITATION = "citation"
    """The first quote that holds the words is cited with their bulletin, place and section."""
    ALL_ANSWERS = "all_answers"
    """Every answer that the question needs is quoted, each from its place: comparisons, coverages, sets, overviews."""
    WRONG_REFUSALS = "wrong_refusals"
    NEAR_MISSES_REFUSED = "near_misses_refused"
    FAR_REFUSED = "far_refused"
    FOLLOW_UPS = "follow_ups"
    """The last turn of a conversation, which needs the one before, is answered (or refused, if it has no answer)."""
    STANDALONE = "standalone"
    """The same of a last turn that is a whole question."""
    STANDALONE_AS_ALONE = "standalone_as_alone"
    """A whole question after another turn has the status, first hit and first quote that it has alone."""
    SAME_FIRST_HIT_IN_BOTH_SCRIPTS = "same_first_hit_in_both_scripts"

    @property
    def is_share(self) -> bool:
        """Whether each question counts as 0 or 1; the others are graded."""
        return self not in (Measure.MRR_AT_10, Measure.NDCG_AT_10)


STANDALONE = "standalone"
"""The kind of a last turn that is a whole question; every other kind with earlier turns is a follow-up."""

# The names of these measures in ir_measures.
_RANKING = {
    Measure.HIT_AT_1: "Success@1",
    Measure.HIT_AT_3: "Success@3",
    Measure.HIT_AT_5: "Success@5",
    Measure.MRR_AT_10: "RR@10",
    Measure.NDCG_AT_10: "nDCG@10",
}


def measure_answer(
    question: EvaluationQuestion, answer: Answer, passages: Sequence[Passage]
) -> Mapping[Measure, float]:
    """The measures that apply: ranking and quotes for answerable questions, otherwise whether it was refused."""
    is_refused = float(answer.status == "refused")
    if question.is_near_miss:
        return {Measure.NEAR_MISSES_REFUSED: is_refused}
    if not question.golds:
        return {Measure.FAR_REFUSED: is_refused}
    return {
        **_measure_ranking(question, answer, passages),
        **_measure_quotes(question, answer),
        Measure.WRONG_REFUSALS: is_refused,
    }


def measure_conversation(
    question: EvaluationQuestion, answer: Answer, alone: Answer
) -> Mapping[Measure, float]:
    """The measures of the last turn of a conversation, answered after the turns before it and alone."""
    is_right = float(any(holds_answer(question, quote) for quote in answer.quotes))
    if not question.golds:
        is_right = float(answer.status == "refused")
    if question.kind != STANDALONE:
        return {Measure.FOLLOW_UPS: is_right}
    is_same = float(_shown(answer) == _shown(alone))
    return {Measure.STANDALONE: is_right, Measure.STANDALONE_AS_ALONE: is_same}


def _shown(answer: Answer) -> tuple[str, str | None, str | None]:
    """The status, the id of the first hit, and the first quote."""
    quotes = [quote.text for quote in answer.quotes[:1]]
    return answer.status, first_hit(answer), quotes[0] if quotes else None


def first_hit(answer: Answer) -> str | None:
    """The id of the first hit; None without any."""
    return answer.hits[0].passage.passage_id if answer.hits else None


def _measure_ranking(
    question: EvaluationQuestion, answer: Answer, passages: Sequence[Passage]
) -> dict[Measure, float]:
    """By `ir_measures` (MacAvaney et al. 2022), over the first ten hits; every expected passage is relevant."""
    # Imported here: it takes 0.15 s, and every command reaches this module.
    from ir_measures import Qrel, ScoredDoc, calc_aggregate, parse_measure

    identity = question.question_id
    relevant = [
        Qrel(identity, passage.passage_id, 1) for passage in passages if question.is_answered_by(passage)
    ]
    run = [ScoredDoc(identity, hit.passage.passage_id, float(-hit.rank)) for hit in answer.hits]
    if not relevant or not run:
        return dict.fromkeys(_RANKING, 0.0)
    measures = {name: parse_measure(measure) for name, measure in _RANKING.items()}
    values = calc_aggregate(list(measures.values()), relevant, run)
    return {name: float(values[measure]) for name, measure in measures.items()}


def _measure_quotes(question: EvaluationQuestion, answer: Answer) -> dict[Measure, float]:
    holding = [holds_answer(question, quote) for quote in answer.quotes]
    measures = {
        Measure.FIRST_QUOTE: float(any(holding[:1])),
        Measure.ANY_QUOTE: float(any(holding)),
    }
    if needed := question.needed:
        measures[Measure.ALL_ANSWERS] = float(all(_is_quoted(golds, answer.quotes) for golds in needed))
    if any(holding):
        cited = answer.quotes[holding.index(True)].passage
        measures[Measure.CITATION] = float(_is_cited_exactly(question, cited))
    return measures


def holds_answer(question: EvaluationQuestion, quote: Quote) -> bool:
    """Whether the quote holds the words that answer, in either script."""
    return any(words in fold(quote.text) for words in _words(question))


def _is_quoted(golds: Sequence[Gold], quotes: Sequence[Quote]) -> bool:
    """Whether a quote holds the words of one of the golds, from its bulletin and place."""
    return any(
        gold.is_in(quote.passage) and fold(gold.answer) in fold(quote.text)
        for gold in golds
        for quote in quotes
    )


def _words(question: EvaluationQuestion) -> Iterator[str]:
    return (fold(gold.answer) for gold in question.golds)


def _is_cited_exactly(question: EvaluationQuestion, passage: Passage) -> bool:
    path = (passage.bulletin, passage.place_name, passage.section)
    return any(path == (gold.bulletin, gold.place, gold.section) for gold in question.golds)
