"""A question to what it asks: the places it names and the kind of answer it wants."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from retrieval.language import fold, segmentation
from retrieval.places import PlaceMention, find_places
from retrieval.questions.answer_types import AnswerType, answer_type_of
from retrieval.questions.question_types import kind_of
from retrieval.types import Encoder, Encoding, FloatMatrix, FloatVector, IntMatrix, QuestionType

LONGEST_QUESTION = 600
"""Characters that are read; what a person asks stands well before, and the encoder sees about as much."""


_WORD = re.compile(r"[^\W_]")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked; `folded` has a character for each of `text`."""

    text: str
    folded: str
    places: tuple[PlaceMention, ...]
    want: AnswerType
    terms: tuple[str, ...]
    kind: QuestionType = QuestionType.PLAIN

    @property
    def is_empty(self) -> bool:
        """Nothing but white space, punctuation or emoji."""
        return not _WORD.search(_KEYCAP.sub("", self.folded))


def read_question(text: str) -> Question:
    """The question in the text, whatever it holds: control characters and marks of direction are dropped."""
    clean = "".join(character for character in text if not _is_invisible(character)).strip()[
        :LONGEST_QUESTION
    ]
    return _read(clean)


# Whoever asks again has three questions read: theirs, to see whether it goes on from their last one; that one; and theirs
# to be answered. Reading takes 165 µs, remembering 3; as many as a crowd has open are enough.
@functools.lru_cache(maxsize=512)
def _read(clean: str) -> Question:
    folded = fold(clean)
    places = find_places(clean)
    return Question(
        clean,
        folded,
        places,
        answer_type_of(folded),
        tuple(segmentation.terms(clean)),
        kind_of(folded, places),
    )


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} and character not in "\n\t"


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


def make_query(question: Question, encoding: Encoding) -> Query:
    """The query of a question that was encoded as the only text."""
    return Query(question, encoding.vectors[0], encoding.tokens[0], encoding.spans[0])


def encode_question(question: Question, encoder: Encoder) -> Query:
    """The query of a question, embedded as it stands folded."""
    return make_query(question, encoder.encode_queries([question.folded]))
