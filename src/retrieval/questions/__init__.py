"""A message to a question: its type, places, expected answer, spelling, and what it takes from the turn before.

In: the words of a person. Out: `Question`, and `Query` for the rankers.
"""

from retrieval.questions import answer_types, follow_ups, question_types, screen_requests
from retrieval.questions.question import (
    Query,
    Question,
    encode_question,
    encode_questions,
    read_question,
)
from retrieval.questions.spelling_correction import corrected_question

__all__ = [
    "Query",
    "Question",
    "answer_types",
    "corrected_question",
    "encode_question",
    "encode_questions",
    "follow_ups",
    "question_types",
    "read_question",
    "screen_requests",
]
