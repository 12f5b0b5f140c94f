"""Whether a new generation answers the questions with known answers about as well as the one in service."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.answering import answer
from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.evaluation.metrics import holds_answer
from retrieval.index import Index
from retrieval.progress import Progress, Stage
from retrieval.storage import PassageStore, passage_store
from retrieval.types import Encoder, Passage

# A question takes about 60 ms on two cores: these are 3 s of a build, and one of them is 2 % of a share.
_SAMPLE = 50
# After a small change at most so many questions about its places are asked, and so many others, other ones each time;
# what is known of the rest holds.
_NEAR, _OTHERS = 10, 5
_SMALL_CHANGE = 0.1

Outcome = tuple[bool, bool]
"""Whether one of the first three hits answers the question, and whether one of the quotes does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the questions went; shares are 0 to 1."""

    margin: float
    outcomes: dict[str, Outcome]
    """Of the new generation, by the key of the question."""
    hits_before: float
    hits_after: float
    quotes_before: float
    quotes_after: float
    lost: tuple[str, ...]
    """The ids of questions of which the one in service finds the answer and the new one does not."""

    @property
    def passed(self) -> bool:
        """Whether neither share fell by more than the margin."""
        falls = self.hits_before - self.hits_after, self.quotes_before - self.quotes_after
        return max(falls) <= self.margin + 1e-9


def judge(
    questions: Sequence[EvaluationQuestion],
    new: Index,
    before: Index | None,
    kept: Mapping[str, Outcome],
    encoder: Encoder,
    margin: float,
    progress: Progress,
) -> Verdict | None:
    """The verdict on the questions that are about these bulletins, at most 50 of them; None if none is.

    `kept` are outcomes of the generation in service from when it was built: what is there is not asked of it again. Of
    the new one, only the questions are asked that the change can touch. Where nothing is known of the one in service,
    and it cannot be asked, there is nothing to fall below, and any generation passes.
    """
    sample = _sample(_applying(questions, new, before))
    if not sample:
        return None
    comparable = before if before and before.manifest.encoder == encoder.name else None
    to_ask = _touched(sample, new, comparable, kept)
    outcomes: dict[str, Outcome] = {}
    earlier: dict[str, Outcome] = {key: kept[key] for key in sample if key in kept}
    for done, (key, question) in enumerate(sample.items()):
        progress(Stage.QUESTIONS, done, len(sample))
        outcomes[key] = _ask(question, new, encoder) if key in to_ask else kept[key]
        if comparable and key not in earlier:
            earlier[key] = _ask(question, comparable, encoder) if _changed(comparable, new) else outcomes[key]
    progress(Stage.QUESTIONS, len(sample), len(sample))
    return _verdict(sample, outcomes, earlier, margin)


def _touched(
    sample: Mapping[str, EvaluationQuestion],
    new: Index,
    before: Index | None,
    kept: Mapping[str, Outcome],
) -> frozenset[str]:
    """The keys of the questions whose outcome may be another in the new generation, with a few others."""
    unknown = frozenset(sample) - kept.keys()
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
    """What only one of the two holds; where it stands in a file does not count."""
    return [
        *passage_store.only_in(before.passages, new.passages),
        *passage_store.only_in(new.passages, before.passages),
    ]


def _verdict(
    asked: Mapping[str, EvaluationQuestion],
    outcomes: dict[str, Outcome],
    earlier: Mapping[str, Outcome],
    margin: float,
) -> Verdict:
    compared = list(earlier) or list(outcomes)
    past = [earlier.get(key, outcomes[key]) for key in compared]
    present = [outcomes[key] for key in compared]
    lost = tuple(
        asked[key].question_id
        for key, was, now in zip(compared, past, present, strict=True)
        if _lost(was, now)
    )
    return Verdict(
        margin=margin,
        outcomes=outcomes,
        hits_before=_share(hit for hit, _ in past),
        hits_after=_share(hit for hit, _ in present),
        quotes_before=_share(quote for _, quote in past),
        quotes_after=_share(quote for _, quote in present),
        lost=lost,
    )


def _lost(was: Outcome, now: Outcome) -> bool:
    return any(before and not after for before, after in zip(was, now, strict=True))


def _ask(question: EvaluationQuestion, index: Index, encoder: Encoder) -> Outcome:
    found = answer(question.text, index, encoder)
    is_hit = any(question.is_answered_by(hit.passage) for hit in found.hits[:3])
    return is_hit, any(holds_answer(question, quote) for quote in found.quotes)


def _share(outcomes: Iterable[bool]) -> float:
    found = list(outcomes)
    return sum(found) / len(found)


def _applying(
    questions: Sequence[EvaluationQuestion], new: Index, before: Index | None
) -> list[EvaluationQuestion]:
    """Questions whose answer stands in the new generation, or stood in a file that is still read.

    That a file was taken away is meant; that a file is there and its answers are not is what the gate is for.
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
    """Whether a passage holds the answer; of those files, where some are given."""
    return any(
        gold.is_in(passages[position])
        for position in passages.positions_of(gold.bulletin, gold.place)
        if files is None or passages[position].file in files
    )


def _sample(questions: Iterable[EvaluationQuestion]) -> dict[str, EvaluationQuestion]:
    """The same questions every time, by a key that changes with the question or its answers."""
    keyed = {_key(question): question for question in questions}
    return {key: keyed[key] for key in sorted(keyed)[:_SAMPLE]}


def _key(question: EvaluationQuestion) -> str:
    golds = ((gold.bulletin, gold.place, gold.answer) for gold in question.golds)
    text = "\x1f".join((question.text, *(part for gold in golds for part in gold)))
    return _hash(text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
