"""Passages ranked for a question: candidates, features, their weighted sum; keyword search and highlighting.

In: `Index` and `Query`. Out: `Ranked`, best first.
"""

from retrieval.ranking.features import WEIGHTS
from retrieval.ranking.highlighting import matched_spans
from retrieval.ranking.keyword_search import quote_for, search_keywords
from retrieval.ranking.nearness import sentence_nearness
from retrieval.ranking.ranker import Ranked, RankedSentence, best_sentences, rank_passages

__all__ = [
    "WEIGHTS",
    "Ranked",
    "RankedSentence",
    "best_sentences",
    "matched_spans",
    "quote_for",
    "rank_passages",
    "search_keywords",
    "sentence_nearness",
]
