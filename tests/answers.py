"""An answer narrowed to the type that a test expects."""

from __future__ import annotations

from retrieval.types import Answer, Answered, PlaceAnswer, Refused


def as_answered(answer: Answer) -> Answered:
    """The answer, which must be quotes."""
    assert isinstance(answer, Answered)
    return answer


def as_refused(answer: Answer) -> Refused:
    """The answer, which must be a refusal."""
    assert isinstance(answer, Refused)
    return answer


def places_of(answer: Answer) -> tuple[PlaceAnswer, ...]:
    """The answer place by place; empty for any other."""
    return answer.by_place if isinstance(answer, Answered) else ()
