"""The type of answer that a question asks for, with its usual signs; other rooms reach the tests of an answer through here.

The signs of a type only rank sentences; the stricter tests of `answer_patterns` may refuse a question.
"""

from __future__ import annotations

import re
from enum import StrEnum

from retrieval.language import Pattern
from retrieval.questions.answer_patterns import AnswerPattern, answer_pattern_of, bound_counts
from retrieval.questions.asked_slot import AskedSlot, count_slot
from retrieval.questions.everyday_matters import lacks_matter
from retrieval.questions.measures import FIGURE, clause_around, value_of
from retrieval.questions.required_signs import is_of_other_time, lacks_sign
from retrieval.questions.slot_forms import SlotKind

__all__ = [
    "FIGURE",
    "AnswerPattern",
    "AnswerType",
    "AskedSlot",
    "SlotKind",
    "answer_pattern_of",
    "answer_type_of",
    "bound_counts",
    "clause_around",
    "count_slot",
    "has_answer_type",
    "is_of_other_time",
    "lacks_matter",
    "lacks_sign",
    "value_of",
]


class AnswerType(StrEnum):
    """The kind of thing that a question asks for, by its question word."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    LIST = "list"
    REASON = "reason"
    METHOD = "method"
    ANYTHING = "anything"


_TYPES = {
    AnswerType.NUMBER: (SlotKind.MONEY, SlotKind.AGE, SlotKind.SHARE, SlotKind.CHANGE, SlotKind.RANK, SlotKind.COUNT),
    AnswerType.DATE: (SlotKind.DURATION, SlotKind.WHEN, SlotKind.TIME, SlotKind.DAY, SlotKind.YEAR),
    AnswerType.NAME: (
        SlotKind.NAME, SlotKind.TITLE, SlotKind.WHO, SlotKind.PERSON, SlotKind.COMPANY, SlotKind.SCHOOL
    ),
    AnswerType.LIST: (SlotKind.LIST,),
    AnswerType.REASON: (SlotKind.REASON,),
    AnswerType.METHOD: (SlotKind.METHOD,),
}  # fmt: skip
_TYPE_OF_KIND = {kind: answer_type for answer_type, kinds in _TYPES.items() for kind in kinds}
_SIGNS: dict[AnswerType, Pattern] = {
    AnswerType.NUMBER: Pattern(
        re.compile(r"\d|[百千万亿]|[一二两三四五六七八九十]+[余多]?[个名支项条家所次]"), "建成8所", "建成一批"
    ),
    AnswerType.DATE: Pattern(
        re.compile(r"\d+[年月日]|每[年月周天日季]|季度|[上下]半年|年[初底]|期间|之际|前夕|日前|小时|分钟"),
        "每月公布",
        "公布",
    ),
    AnswerType.NAME: Pattern(re.compile(r"[《“「\"]"), "“好人网”", "网站"),
    AnswerType.LIST: Pattern(
        re.compile(r"(?:[^、]+、){2}|(?:\d|[一二三四五六七八九十])(?:是|、).*?[;。]"), "甲、乙、丙", "甲和乙"
    ),
    AnswerType.REASON: Pattern(
        re.compile(r"因为|由于|为了|旨在|目的|以便|从而|针对|使得?|确保|避免|防止|满足|解决"),
        "为了方便",
        "方便",
    ),
    AnswerType.METHOD: Pattern(
        re.compile(r"通过|采[取用]|利用|建立|组织|实行|运用|依托|制定|借助|结合|以.{1,12}[为的]"),
        "通过评选",
        "评选",
    ),
}


def answer_type_of(slot: AskedSlot) -> AnswerType:
    """The type of the kind of the slot."""
    return _TYPE_OF_KIND.get(slot.kind, AnswerType.ANYTHING)


def has_answer_type(answer_type: AnswerType, folded_text: str) -> bool:
    """Whether the text has what such an answer usually has; always False for a question that may ask for anything."""
    sign = _SIGNS.get(answer_type)
    return sign is not None and sign.regex.search(folded_text) is not None
