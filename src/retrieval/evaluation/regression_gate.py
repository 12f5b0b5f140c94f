"""The regression gate: a new index must answer the evaluation questions about as well as the one in service.

It must also reach a floor, so that an index of worthless vectors is not put into service because nothing, or an index as
bad, is there before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.answering import answer
from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.evaluation.metrics import holds_answer
from retrieval.index import Index
from retrieval.progress import Progress, Stage
from retrieval.storage import PassageStore, manifests
from retrieval.types import Encoder, Passage

# Questions asked at most. One takes about 60 ms on two cores: 50 are 3 s of a build, and one of them is 2 % of a share.
_SAMPLE = 50
# After a small change at most so many questions about its places are asked, and so many others, drawn anew each time;
# the baseline holds for the rest.
_NEAR, _OTHERS = 10, 5
_SMALL_CHANGE = 0.1

# The least share of each measure: a sound model has .96 and .94 on the development questions, random vectors have .94 (by
# keywords) and .00. Of fewer questions than `_FLOOR_QUESTIONS` a share says little.
FLOOR = 0.4
_FLOOR_QUESTIONS = 10

Outcome = tuple[bool, bool]
"""Whether one of the first three hits, and whether one of the quotes, answers the question."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of the gate; shares are 0 to 1."""

    margin: float
    outcomes: dict[str, Outcome]
    """Outcomes of the new index, by the key of the question."""
    hits_before: float
    hits_after: float
    quotes_before: float
    quotes_after: float
    regressions: tuple[str, ...]
    """The ids of the questions that the index in service answers and the new one does not."""

    @property
    def passed(self) -> bool:
        """Whether neither share fell by more than the margin, or lies below the floor."""
        falls = self.hits_before - self.hits_after, self.quotes_before - self.quotes_after
        return max(falls) <= self.margin + 1e-9 and not self.is_below_floor

    @property
    def is_below_floor(self) -> bool:
        """Whether a share is below the floor; a margin that allows such a fall from all questions lowers the floor."""
        floor = min(FLOOR, 1.0 - self.margin)
        is_enough = len(self.outcomes) >= _FLOOR_QUESTIONS
        return is_enough and min(self.hits_after, self.quotes_after) < floor - 1e-9


def compare(
    questions: Sequence[EvaluationQuestion],
    new: Index,
    before: Index | None,
    baseline: Mapping[str, Outcome],
    encoder: Encoder,
    margin: float,
    progress: Progress,
) -> Verdict | None:
    """The verdict on at most 50 of the questions that are about these bulletins; None if there are none.

    `baseline` are the outcomes of the index in service from its own build; those questions are not asked of it again.
    The new index is asked only the questions that the change can affect. Without a baseline, and without an index in
    service of the same encoder, any index passes that reaches the floor.
    """
    sample = _sample(_applying(questions, new, before))
    if not sample:
        return None
    comparable = before if before and manifests.is_served_by(before.manifest.encoder, encoder.name) else None
    to_ask = _affected(sample, new, comparable, baseline)
    outcomes: dict[str, Outcome] = {}
    earlier: dict[str, Outcome] = {key: baseline[key] for key in sample if key in baseline}
    for done, (key, question) in enumerate(sample.items()):
        progress(Stage.QUESTIONS, done, len(sample))
        outcomes[key] = _ask(question, new, encoder) if key in to_ask else baseline[key]
        if comparable and key not in earlier:
            earlier[key] = _ask(question, comparable, encoder) if _changed(comparable, new) else outcomes[key]
    progress(Stage.QUESTIONS, len(sample), len(sample))
    return _verdict(sample, outcomes, earlier, margin)


def _affected(
    sample: Mapping[str, EvaluationQuestion],
    new: Index,
    before: Index | None,
    baseline: Mapping[str, Outcome],
) -> frozenset[str]:
    """The keys of the questions whose outcome may differ in the new index, with a few others."""
    unknown = frozenset(sample) - baseline.keys()
    if before is None:
        return frozenset(sample)
    changed = _changed(before, new)
    if not changed:
        return unknown
    if len(changed) > _SMALL_CHANGE * len(new.passages):
        return frozenset(sample)
    places = {passage.place_name for passage in changed}
    near = {key for key, question in sample.items() if any(gold.place in places for gold in question.golds)}
    drawn = sorted(sample, key=lambda key: _hash(f"{key}{new.name}"))
    asked = [key for key in drawn if key in near][:_NEAR]
    others = [key for key in drawn if key not in near][:_OTHERS]
    return unknown | frozenset((*asked, *others))


def _changed(before: Index, new: Index) -> list[Passage]:
    """The passages that only one of the two indexes has; a passage with another line number counts as the same."""
    return [*before.passages.missing_from(new.passages), *new.passages.missing_from(before.passages)]


def _verdict(
    asked: Mapping[str, EvaluationQuestion],
    outcomes: dict[str, Outcome],
    earlier: Mapping[str, Outcome],
    margin: float,
) -> Verdict:
    compared = list(earlier) or list(outcomes)
    past = [earlier.get(key, outcomes[key]) for key in compared]
    present = [outcomes[key] for key in compared]
    regressions = tuple(
        asked[key].question_id
        for key, was, now in zip(compared, past, present, strict=True)
        if _is_regression(was, now)
    )
    return Verdict(
        margin=margin,
        outcomes=outcomes,
        hits_before=_share(hit for hit, _ in past),
        hits_after=_share(hit for hit, _ in present),
        quotes_before=_share(quote for _, quote in past),
        quotes_after=_share(quote for _, quote in present),
        regressions=regressions,
    )


def _is_regression(was: Outcome, now: Outcome) -> bool:
    return any(before and not after for before, after in zip(was, now, strict=True))


def _ask(question: EvaluationQuestion, index: Index, encoder: Encoder) -> Outcome:
    reply = answer(question.text, index, encoder)
    is_hit = any(question.is_answered_by(hit.passage) for hit in reply.hits[:3])
    return is_hit, any(holds_answer(question, quote) for quote in reply.quotes)


def _share(outcomes: Iterable[bool]) -> float:
    values = list(outcomes)
    return sum(values) / len(values)


def _applying(
    questions: Sequence[EvaluationQuestion], new: Index, before: Index | None
) -> list[EvaluationQuestion]:
    """Questions whose answer is in the new index, or was in a file that is still read.

    Removing a file is intended; the gate detects answers missing from a file that is still there.
    """
    files = _files(new)
    return [
        question
        for question in questions
        if any(_holds(new.passages, gold) for gold in question.golds)
        or (before and any(_holds(before.passages, gold, files) for gold in question.golds))
    ]


def _files(index: Index) -> frozenset[str]:
    return frozenset((*index.manifest.sources, *(known.file for known in index.passages.bulletins)))


def _holds(passages: PassageStore, gold: Gold, files: frozenset[str] | None = None) -> bool:
    """Whether a passage of any file, or of one of the given files, holds the answer."""
    return any(
        gold.is_in(passages[position])
        for position in passages.positions_of(gold.bulletin, gold.place)
        if files is None or passages[position].file in files
    )


def _sample(questions: Iterable[EvaluationQuestion]) -> dict[str, EvaluationQuestion]:
    """At most 50 questions by key, the same every time; the key changes with the question or its answers."""
    keyed = {_key(question): question for question in questions}
    return {key: keyed[key] for key in sorted(keyed)[:_SAMPLE]}


def _key(question: EvaluationQuestion) -> str:
    golds = ((gold.bulletin, gold.place, gold.answer) for gold in question.golds)
    text = "\x1f".join((question.text, *(part for gold in golds for part in gold)))
    return _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
