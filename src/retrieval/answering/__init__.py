"""Ranked passages to an answer: quotes, confidence, refusals, comparisons and place listings.

In: the words of a person, an `Index` and an `Encoder`. Out: `Answer`.
"""

from retrieval.answering.answerer import answer, search
from retrieval.answering.drafting import TOP_HITS
from retrieval.answering.further_quotes import for_chat
from retrieval.answering.scoping import bulletin_number

__all__ = [
    "TOP_HITS",
    "answer",
    "bulletin_number",
    "for_chat",
    "search",
]
