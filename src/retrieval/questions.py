"""A question to what it asks: the places it names and the kind of answer it wants."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from retrieval.kinds import kind_of
from retrieval.places import PlaceMention, find_places
from retrieval.text import fold
from retrieval.tokens import terms
from retrieval.types import Kind

LONGEST_QUESTION = 600
"""Characters that are read; what a person asks stands well before, and the encoder sees about as much."""


class Want(StrEnum):
    NUMBER = "number"
    NAME = "name"
    LIST = "list"
    REASON = "reason"
    METHOD = "method"
    ANYTHING = "anything"


# On the folded question; the first that matches counts. Particles of Cantonese and of English stand beside.
_WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    (
        Want.NUMBER,
        re.compile(r"多少|几[个多名人条支项篇次家位成点台件]?|第几|how (?:many|much)|number of|比例|百分之"),
    ),
    (Want.REASON, re.compile(r"为什么|为啥|点解|为何|原因|目的|图个?啥|\bwhy\b")),
    (
        Want.LIST,
        re.compile(r"哪些|哪几|列[一出给]|列下|清单|分别|有什么(?:内容|活动|措施)|逐条|\bwhich\b|\blist\b"),
    ),
    (Want.METHOD, re.compile(r"怎么|怎样|如何|点样|咋|流程|办法|做法|\bhow\b")),
    (Want.NAME, re.compile(r"叫什么|叫啥|名字|名称|全名|哪个|哪本|哪份|谁|边个|\bwho\b|\bname\b|\bcalled\b")),
)
_WORD = re.compile(r"[^\W_]")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked; `folded` has a character for each of `text`."""

    text: str
    folded: str
    places: tuple[PlaceMention, ...]
    want: Want
    terms: tuple[str, ...]
    kind: Kind = Kind.PLAIN

    @property
    def is_empty(self) -> bool:
        """Nothing but white space, punctuation or emoji."""
        return not _WORD.search(_KEYCAP.sub("", self.folded))


def read_question(text: str) -> Question:
    """The question in the text, whatever it holds: control characters and marks of direction are dropped."""
    clean = "".join(character for character in text if not _is_invisible(character)).strip()[
        :LONGEST_QUESTION
    ]
    folded = fold(clean)
    want = next((want for want, pattern in _WANTS if pattern.search(folded)), Want.ANYTHING)
    places = find_places(clean)
    return Question(clean, folded, places, want, tuple(terms(clean)), kind_of(folded, places))


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} and character not in "\n\t"
