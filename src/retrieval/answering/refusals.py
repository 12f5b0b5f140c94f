"""Decides when to refuse, and the reason: the passages nearest to a question may not hold its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.answering.answerability import THRESHOLD as READ_THRESHOLD
from retrieval.answering.answerability import Signs, answerability, signs_of
from retrieval.answering.confidence import THRESHOLD, Evidence
from retrieval.answering.extraction import ExtractedAnswer
from retrieval.language import Pattern, fold
from retrieval.places import find_places
from retrieval.questions import Question, answer_types
from retrieval.types import Elsewhere, Hit, Quote, Reason, Refused

# Confidence below which a question is about something else, and not merely unanswered.
_OUT_OF_SCOPE = 0.05
# Share of the topic words, weighted by rarity, from which on none counts as held, and the confidence needed then: of the
# development questions it refuses ten far ones more, and two answerable ones; English words are seldom held.
_ALL_UNSEEN, _THRESHOLD_OF_UNKNOWN = 0.95, 0.5
# The MaxSim score of an answering sentence may be this much below that of the best one. On the development questions
# `lacks_answer_type` refuses 71 of 98 near misses and 1 of 316 answerable ones. At 0.02 it refuses 1.9 % more of the near
# misses of the bulletins written for training and 0.4 % more of their answerable questions.
_NEAR = 0.03
# Cities and districts, which the gazetteer knows by name; not streets and villages.
_PLACE_WITHIN_ASKED = Pattern(
    re.compile(
        r"(?:哪|边|何|什么)(?:一?[个座处]|些|几[个座]?)?(?:城市|地级市|县级市|[市区县](?!民|委|直))"
        r"|which (?:city|district|county)"
    ),
    example="山东最大的好人广场在哪座城市?",
    counterexample="山东哪条街有好人广场?",
)
_MASKED = Pattern(re.compile(r"(?:\d{2})?[x×*]{2,}"), example="建成xx个展区", counterexample="建成8个展区")


@dataclass(frozen=True, slots=True)
class Draft:
    """A possible answer, for `refuse` to judge."""

    question: Question
    quotes: tuple[Quote, ...]
    """Best first, at least one."""
    hits: tuple[Hit, ...]
    evidence: Evidence
    """The evidence for the first quote."""
    confidence: float
    """The probability that the first quote answers, by that evidence."""
    uncovered_places: tuple[str, ...]
    """Places of the question that no bulletin covers, as typed."""
    around: Elsewhere | None = None
    """The only place of the question with the covered one around it, where it has no passages of its own."""
    extracted: tuple[ExtractedAnswer, ...] = ()
    """Empty if nothing was read."""

    @property
    def is_uncovered(self) -> bool:
        """Whether the question names places and no bulletin covers any of them."""
        return bool(self.uncovered_places) and len(self.uncovered_places) == len(self.question.places)

    @property
    def answerability(self) -> float:
        """The probability that the first quote answers, by all that was read."""
        return answerability(read_signs(self)) if self.extracted else self.confidence


def refuse(draft: Draft) -> Refused | None:
    """The refusal if the quotes are no answer, else None; checks the place, then what the quotes lack, then confidence."""
    reason = _reason_to_refuse(draft)
    if reason is None:
        return None
    return Refused(
        question=draft.question.text,
        reason=reason,
        confidence=draft.answerability,
        hits=draft.hits,
        uncovered_places=draft.uncovered_places,
        masked=draft.quotes[0] if reason == "not_found" and is_masked(draft) else None,
        around=draft.around if reason in {"place_not_covered", "not_found"} else None,
        elsewhere=_said_elsewhere(draft) if reason == "not_found" else None,
    )


def _reason_to_refuse(draft: Draft) -> Reason | None:
    if draft.is_uncovered:
        return "place_not_covered"
    if _lacks_matter(draft):
        return "out_of_scope"
    if _is_for_another(draft) or (_lacks_what_is_asked(draft) and not draft.extracted):
        return "not_found"
    if draft.confidence < _OUT_OF_SCOPE:
        return "not_found" if _lacks_what_is_asked(draft) else "out_of_scope"
    least = READ_THRESHOLD if draft.extracted else _least_confidence(draft)
    return "not_found" if draft.answerability < least else None


def is_decided_unread(draft: Draft) -> bool:
    """Whether a draft is refused for its place or matter, a masked figure or a very low confidence, and need not be read."""
    if draft.is_uncovered or _lacks_matter(draft) or _is_for_another(draft):
        return True
    return draft.confidence < _OUT_OF_SCOPE


def read_signs(draft: Draft) -> Signs:
    """The signs for and against the first quote, of a draft that was read."""
    return signs_of(draft.confidence, draft.extracted, lacks=_lacks_what_is_asked(draft))


def _is_for_another(draft: Draft) -> bool:
    """Whether the first quote is about another place than the one asked about, names none within it, or masks the figure."""
    return (
        is_masked(draft)
        or _is_of_another_place(draft)
        or _names_no_place_within(draft.question, draft.quotes)
    )


def _lacks_what_is_asked(draft: Draft) -> bool:
    """Whether the rules find nothing in the quotes of the kind that is asked for."""
    return _lacks_answer(draft) or _lacks_sign(draft)


def _least_confidence(draft: Draft) -> float:
    """The confidence that an answer needs: more where no passage holds a word of what is asked (房價 of a covered city)."""
    is_unknown = draft.evidence.unseen >= _ALL_UNSEEN and not draft.evidence.foreign
    return _THRESHOLD_OF_UNKNOWN if is_unknown else THRESHOLD


def _said_elsewhere(draft: Draft) -> Elsewhere | None:
    """The other place for which the first quote answers the question; None if it does not."""
    covered = draft.quotes[0].passage.place_name
    if not covered or not _is_of_another_place(draft):
        return None
    if draft.confidence < THRESHOLD or _lacks_answer(draft):
        return None
    return Elsewhere(draft.question.place_names[0], covered)


def _lacks_answer(draft: Draft) -> bool:
    """Whether neither a sentence near the best one nor a quote meets the answer pattern of the question."""
    pattern = draft.question.answer_pattern
    if pattern is None:
        return False
    is_met = any(pattern.is_met_by(fold(quote.text)) for quote in draft.quotes)
    return lacks_answer_type(draft.evidence) or not is_met


def _lacks_matter(draft: Draft) -> bool:
    """Whether the question is about an everyday matter, such as the weather, that no quoted passage names.

    A passage that holds another word of the question may say the matter in others.
    """
    if draft.evidence.coverage:
        return False
    passages = dict.fromkeys(quote.passage for quote in draft.quotes)
    texts = (f"{passage.heading}\n{passage.text}" for passage in passages)
    return answer_types.lacks_matter(draft.question.folded, fold("\n".join(texts)))


def _lacks_sign(draft: Draft) -> bool:
    """Whether the quotes lack the cause or the comparison that is asked for, or the first passage the time.

    Two places are compared by the answers of each.
    """
    question, passage = draft.question, draft.quotes[0].passage
    quoted = fold("\n".join(quote.text for quote in draft.quotes))
    if len(question.distinct_places) < 2 and answer_types.lacks_sign(question.slot, question.folded, quoted):
        return True
    text = f"{passage.bulletin}{passage.heading}{passage.text}"
    return answer_types.is_of_other_time(question.folded, fold(text))


def lacks_answer_type(evidence: Evidence) -> bool:
    """Whether the answer pattern of the question is met by no sentence near the best one."""
    return evidence.unmet > _NEAR


def _is_of_another_place(draft: Draft) -> bool:
    """Whether the question is about one place, and the first quote is not about it and does not name it."""
    if len(draft.question.places) != 1 or draft.evidence.placed:
        return False
    return draft.question.places[0].divisions[-1].short not in fold(draft.quotes[0].text)


def _names_no_place_within(question: Question, quotes: tuple[Quote, ...]) -> bool:
    """Whether the question asks for a city or district of a place, and no quote and no citation names one."""
    if len(question.places) != 1 or not _PLACE_WITHIN_ASKED.regex.search(question.folded):
        return False
    asked = question.places[0].code
    cited = (f"{quote.passage.place_name}{quote.text}" for quote in quotes)
    return not any(mention.code != asked for text in cited for mention in find_places(text))


def is_masked(draft: Draft) -> bool:
    """Whether the source masks the figure asked for in the first quote: xx個展區 for 幾個展區, 20xx年 for 哪一年.

    The figure is asked for if it would fill the slot, and no other figure of the quote does.
    """
    text, slot = fold(draft.quotes[0].text), draft.question.slot
    masks = [match.span() for match in _MASKED.regex.finditer(text)]
    if not masks or draft.question.answer_pattern is None:
        return False
    if slot.kind is answer_types.SlotKind.YEAR:
        return any(
            text[end : end + 1] == "年" for _, end in masks
        ) and not draft.question.answer_pattern.is_met_by(text)
    if slot.kind is not answer_types.SlotKind.COUNT:
        return False
    unmasked = _MASKED.regex.sub(lambda match: "9" * len(match.group()), text)
    counts = answer_types.bound_counts(slot, unmasked)
    fitting = [count for count in counts if count[2]] or counts
    return bool(fitting) and all(
        any(start < mask_end and mask_start < end for mask_start, mask_end in masks)
        for start, end, _ in fitting
    )
