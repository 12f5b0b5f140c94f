"""Reads the text of a person into a `Question`, and embeds questions into queries."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.language import Pattern, fold, segmentation
from retrieval.places import PlaceMention, display_place, find_places
from retrieval.questions.answer_patterns import AnswerPattern, answer_pattern_of
from retrieval.questions.answer_types import AnswerType, answer_type_of
from retrieval.questions.asked_slot import AskedSlot, parse_slot
from retrieval.questions.question_types import distinct_places, question_type_of
from retrieval.questions.scope import Scope, parse_scope
from retrieval.questions.small_talk import small_talk
from retrieval.types import (
    Encoder,
    FloatMatrix,
    FloatVector,
    IntMatrix,
    QuestionType,
    RenamedPlace,
    SmallTalk,
)

LONGEST_QUESTION = 600
"""Characters that are read: about as many as the encoder sees."""

_WORD = Pattern(re.compile(r"[^\W_]"), example="?北", counterexample="____")
_KEYCAP = Pattern(re.compile("[0-9#*]\ufe0f?\u20e3"), example="1\ufe0f\u20e3", counterexample="1")
_FOREIGN_SHARE = 0.3
"""A question is foreign if fewer of its letters and digits than this are Han."""


@dataclass(frozen=True, slots=True)
class Question:
    """A person's question with everything that is read from its words; offsets count in `text`."""

    text: str
    folded: str
    """One character for each of `text`."""
    is_empty: bool
    """Whether there is nothing but white space, punctuation or emoji."""
    is_foreign: bool
    """Whether the question is in another language than Chinese."""
    type: QuestionType
    small_talk: SmallTalk | None
    """Set if the type is small talk."""
    scope: Scope | None
    """The bulletins and places that it is limited to; None if it is about all."""
    slot: AskedSlot
    """The slot that it asks for."""
    answer_type: AnswerType
    answer_pattern: AnswerPattern | None
    """The pattern that a sentence must meet to answer; None if any sentence may."""
    places: tuple[PlaceMention, ...]
    """Every mention, in order."""
    place_names: tuple[str, ...]
    """The same as typed."""
    distinct_places: tuple[PlaceMention, ...]
    """Each place once, without those that lie around another of them."""
    renamed_places: tuple[RenamedPlace, ...]
    """The places that it calls by a name that they no longer have."""
    topic: Mapping[str, tuple[int, int]]
    """The folded content words outside of places, each with the span of its first occurrence."""
    terms: tuple[str, ...]
    """The terms that BM25 looks up."""


def read_question(text: str) -> Question:
    """The question in any text: without control characters and direction marks, cut to `LONGEST_QUESTION`."""
    visible = "".join(character for character in text if not _is_invisible(character))
    return _read(visible.strip()[:LONGEST_QUESTION])


# A message that may be a follow-up has three questions read: itself, the one before, and the resolved one. Reading takes
# a millisecond, a cache hit 3 µs; 512 entries hold the open conversations of a crowd.
@functools.lru_cache(maxsize=512)
def _read(text: str) -> Question:
    folded = fold(text)
    places = find_places(text)
    is_foreign, topic = _is_foreign(folded), _topic(folded, places)
    talk, slot = small_talk(folded), parse_slot(folded)
    return Question(
        text=text,
        folded=folded,
        is_empty=not _WORD.regex.search(_KEYCAP.regex.sub("", folded)),
        is_foreign=is_foreign,
        type=QuestionType.SMALL_TALK if talk else question_type_of(folded, places),
        small_talk=talk,
        places=places,
        place_names=tuple(text[place.start : place.end] for place in places),
        distinct_places=distinct_places(places),
        renamed_places=_renamed_places(text, places),
        topic=topic,
        scope=None if talk else parse_scope(folded, places),
        slot=slot,
        answer_type=answer_type_of(slot),
        answer_pattern=answer_pattern_of(slot, folded),
        terms=tuple(segmentation.terms(text)),
    )


def _renamed_places(text: str, places: Sequence[PlaceMention]) -> tuple[RenamedPlace, ...]:
    renamed: dict[RenamedPlace, None] = {}
    for mention in places:
        division, name = mention.divisions[-1], text[mention.start : mention.end]
        change = division.succession_from(fold(name))
        current = display_place(mention, text).district
        if change and current:
            asked, is_merged = name[-len(change.name) :], change.is_merger(division.name)
            renamed.setdefault(RenamedPlace(asked, current, change.year, is_merged))
    return tuple(renamed)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} and character not in "\n\t"


def _is_foreign(folded: str) -> bool:
    letters = [character for character in folded if character.isalnum()]
    return sum("㐀" <= letter <= "鿿" for letter in letters) < _FOREIGN_SHARE * len(letters)


def _topic(folded: str, places: Sequence[PlaceMention]) -> dict[str, tuple[int, int]]:
    topic: dict[str, tuple[int, int]] = {}
    for start, end in segmentation.content_spans(folded):
        if not any(start < place.end and place.start < end for place in places):
            topic.setdefault(folded[start:end], (start, end))
    return topic


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its embedding, as the rankers take it."""

    question: Question
    vector: FloatVector
    """(dimension,)"""
    tokens: FloatMatrix
    """(tokens, dimension)"""
    spans: IntMatrix
    """(tokens, 2): start and end of each token in the folded question."""


def encode_questions(questions: Sequence[Question], encoder: Encoder) -> tuple[Query, ...]:
    """The queries of questions whose folded texts are embedded together, in order.

    A romanised place is embedded by its Chinese name, as the bulletins write it: of 62 English questions the first hit
    of 50 answers then, instead of 47, and one of the first three of 59, instead of 56.
    """
    encoding = encoder.encode_queries([_with_chinese_places(question) for question in questions])
    rows = zip(questions, encoding.vectors, encoding.tokens, encoding.spans, strict=True)
    return tuple(
        Query(question, vector, tokens, _typed_spans(question, spans))
        for question, vector, tokens, spans in rows
    )


def encode_question(question: Question, encoder: Encoder) -> Query:
    """As `encode_questions`, for one question."""
    return encode_questions([question], encoder)[0]


def _romanised(question: Question) -> list[PlaceMention]:
    return [place for place in question.places if question.folded[place.start : place.end].isascii()]


def _with_chinese_places(question: Question) -> str:
    folded = question.folded
    for place in reversed(_romanised(question)):
        folded = f"{folded[: place.start]}{place.divisions[-1].short}{folded[place.end :]}"
    return folded


def _typed_spans(question: Question, spans: IntMatrix) -> IntMatrix:
    """The spans in the text that was embedded as spans in the question; a part of a place's name is all of the name."""
    places = _romanised(question)
    if not places:
        return spans
    starts, ends = list(range(len(question.folded) + 1)), list(range(len(question.folded) + 1))
    for place in reversed(places):
        length = len(place.divisions[-1].short)
        starts[place.start : place.end] = [place.start] * length
        ends[place.start + 1 : place.end + 1] = [place.end] * length
    return np.stack([np.asarray(starts)[spans[:, 0]], np.asarray(ends)[spans[:, 1]]], axis=1).astype(np.int32)
