"""What a message asks: its type, places, expected answer type, spelling, and what it takes from the turn before.

In: the words of a person. Out: `Question`, and `Query` for the rankers.
"""

from retrieval.questions import answer_types, follow_ups, question_types, spelling_correction
from retrieval.questions.question import LONGEST_QUESTION, Query, Question, encode_question, read_question
from retrieval.questions.small_talk import small_talk

__all__ = [
    "LONGEST_QUESTION",
    "Query",
    "Question",
    "answer_types",
    "encode_question",
    "follow_ups",
    "question_types",
    "read_question",
    "small_talk",
    "spelling_correction",
]
