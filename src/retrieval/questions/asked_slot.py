"""The slot that a question asks for, parsed once: its kind, by the question word and the noun bound to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.language import Pattern, segmentation
from retrieval.questions.question_words import canonical
from retrieval.questions.slot_forms import FORMS, SlotKind


@dataclass(frozen=True, slots=True)
class AskedSlot:
    """The kind of the slot with what is bound to it."""

    kind: SlotKind
    measure: str = ""
    """The measure word or unit behind 多少; empty without one."""
    nouns: tuple[str, ...] = ()
    """The noun that is counted or asked about with what stands before it, folded; empty where none is bound."""
    options: tuple[str, ...] = ()
    """The alternatives of a choice: 杯子還是袋子."""


_FRAME = Pattern(
    re.compile(
        r"(?:一共|总共|合计|共有|共计|大概|大约|现在|目前|最后|最终|全年|分别|到底|究竟|具体|都|各|了|过|到|有|是|为|达|共|约|的|会|要|能|可以|被|在|\s|\W)+\Z"
    ),
    example="示范小区一共有",
    counterexample="示范小区",
)


def parse_slot(folded: str) -> AskedSlot:
    """The slot of the first question word of a folded question; of the kind ANYTHING if it asks for no particular kind."""
    text = canonical(folded)
    matches = [
        (_word_start(match), row, kind, match)
        for row, (kind, form) in enumerate(FORMS)
        if (match := form.regex.search(text))
    ]
    if not matches:
        return AskedSlot(SlotKind.ANYTHING)
    *_, kind, match = min(matches, key=lambda found: found[:2])
    groups = match.groupdict()
    if kind is SlotKind.CHOICE:
        return AskedSlot(kind, options=(groups["first"], groups["second"]))
    if kind in {SlotKind.COUNT, SlotKind.MONEY}:
        nouns = (
            _words_of(groups.get("noun") or "") or _words_of(_FRAME.regex.sub("", text[: match.start()]))[-1:]
        )
        return AskedSlot(kind, groups.get("measure") or "", nouns)
    return AskedSlot(kind)


def count_slot(words: str) -> AskedSlot | None:
    """The slot of a count of what the folded words name; None if they name nothing."""
    nouns = _words_of(words)
    return AskedSlot(SlotKind.COUNT, "", nouns) if nouns else None


def _word_start(match: re.Match[str]) -> int:
    start = match.start("word") if "word" in match.re.groupindex else -1
    return start if start >= 0 else match.start()


def _words_of(words: str) -> tuple[str, ...]:
    """The content words of the last clause of what stands beside 多少; a single character stands for itself."""
    clause = re.split(r"[^\w ]", words.strip())[-1]
    spans = segmentation.content_spans(clause)
    if not spans and len(clause) == 1:
        return (clause,)
    return tuple(clause[start:end] for start, end in spans)
