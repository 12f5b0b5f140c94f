"""Questions that the bulletins do not answer, made from answerable ones by exchanging one part.

After Rajpurkar, Jia & Liang 2018, "Know What You Don't Know" (SQuAD 2.0), whose unanswerable questions exchange entities and
numbers: a twin shares nearly all words with a question that has an answer, so that only reading tells the two apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.twin_parts import Candidate, Exchange, candidates_for, pool_of
from retrieval.types import Passage


@dataclass(frozen=True, slots=True)
class Twin:
    """An unanswerable question and what was exchanged for it."""

    question: EvaluationQuestion
    exchange: Exchange
    before: str
    """Empty where something was put in."""
    after: str


# The kind of near miss, one of `dataset.NEAR_MISSES`, that an exchange makes.
_NEAR_MISS = {
    Exchange.PLACE: "only_b",
    Exchange.NOUN: "number",
    Exchange.YEAR: "date",
    Exchange.NAME: "only_b",
}

# Kinds of questions about several places or about the collection: with a part exchanged they may still have an answer.
_LEFT_OUT = frozenset({"compare", "coverage", "exclusion", "count", "superlative", "overview", "filter"})


def make_twins(
    questions: Iterable[EvaluationQuestion], passages: Sequence[Passage], seed: int = 0
) -> tuple[Twin, ...]:
    """At most one twin for each exchange and answerable Chinese question asked alone, in the order of the questions.

    The same for the same questions, passages and seed. No twin has an answer verbatim: see `is_said`.
    """
    asked = [found for found in questions if _is_suitable(found)]
    pool = pool_of(asked, passages)
    found = []
    for question in asked:
        for exchange in Exchange:
            drawn = sorted(
                candidates_for(exchange, question, pool),
                key=lambda candidate: _hash(f"{seed}\x1f{question.question_id}\x1f{candidate.text}"),
            )
            found += [_twin(question, exchange, candidate) for candidate in drawn[:1]]
    return tuple(found)


def _is_suitable(question: EvaluationQuestion) -> bool:
    """Whether it is asked alone, in Chinese, of one thing, and has an answer."""
    chinese = sum("一" <= character <= "鿿" for character in question.text)
    is_alone = bool(question.golds) and not question.earlier and question.kind not in _LEFT_OUT
    return is_alone and 2 * chinese > len(question.text)


def _twin(question: EvaluationQuestion, exchange: Exchange, candidate: Candidate) -> Twin:
    note = f"near miss: {_NEAR_MISS[exchange]}; {exchange} of {question.question_id} exchanged"
    unanswerable = EvaluationQuestion(
        question_id=f"{question.question_id}~{exchange}",
        text=candidate.text,
        kind="unanswerable",
        golds=(),
        note=note,
    )
    return Twin(unanswerable, exchange, candidate.before, candidate.after)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
