"""The calibrated probability that the first quote answers, from absolute signals."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np

from retrieval.expectations import expectation_of
from retrieval.generation import Generation
from retrieval.ranker import Query, Ranked, best_sentences
from retrieval.text import fold
from retrieval.tokens import content_spans
from retrieval.types import Quote

# Logistic regression over `Evidence`, in the order of its fields, fitted by `python -m benchmarks.fit_confidence`
# on the development questions and, as questions about other things, those of CMRC 2018.
COEFFICIENTS = (26.857, -16.671, 30.305, -0.15, -2.544, 1.279, 1.177, 1.5, 2.935, 0.303, 20.761, -13.859)
INTERCEPT = -54.292

THRESHOLD = 0.3
"""Below it the bot refuses: 4 % of the answerable development questions, 82 % of the far ones, cross-validated; the
other gates refuse more."""

# Sentences this much below the best late interaction may still be the one that answers. On the development questions
# the gate of `lacks_what_is_asked` refuses 12 of 18 near misses and 2 of 236 answerable ones; 0.02 to 0.06 do not differ.
_NEAR = 0.04
_MOST_WORDS = 12  # the longest development questions; beyond, repetition would pass for substance


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the first quote, comparable from question to question."""

    late: float
    """Late interaction of the best sentence of the quoted passage, a mean cosine."""
    margin: float
    """How far that stands above the median candidate."""
    sentence: float
    """Cosine of the question to the best sentence of the quoted passage."""
    coverage: float
    """Share of the question's terms in the quoted passage, weighted by rarity."""
    unseen: float
    """Share of the question's terms that no passage holds, weighted by rarity."""
    foreign: float
    """1 for a question in another language, where cosines are lower, else 0."""
    foreign_late: float
    placed: float
    """1 if the quoted passage is about a place that the question names, else 0."""
    foreign_placed: float
    words: float
    """How many words say what the question is about, places aside; a dozen at most."""
    word_match: float
    """The mean cosine of these to what is nearest to each in the quoted passage."""
    weakest_words: float
    """The same of the two that match worst."""


def gather_evidence(generation: Generation, query: Query, ranked: Ranked, quote: Quote) -> Evidence:
    """The evidence for a quote of one of the ranked passages."""
    position = generation.position(quote.passage.passage_id) or 0
    spot = int(np.flatnonzero(ranked.ranking.positions == position)[0])
    late = float(ranked.sentence_scores[position].max())
    median = float(np.median(ranked.signals["late"]))
    coverage, unseen = _term_shares(generation, query, position)
    foreign = float(_is_foreign(query.question.folded))
    sentence = float(ranked.signals["sentence"][spot])
    matches = _word_matches(generation, query, position)
    placed = float(ranked.signals["place"][spot])
    return Evidence(
        late=late,
        margin=late - median,
        sentence=sentence,
        coverage=coverage,
        unseen=unseen,
        foreign=foreign,
        foreign_late=foreign * late,
        placed=placed,
        foreign_placed=foreign * placed,
        words=float(min(len(matches), _MOST_WORDS)),
        word_match=float(np.mean(matches or [late])),
        weakest_words=float(np.mean(sorted(matches or [late])[:2])),
    )


def confidence(evidence: Evidence) -> float:
    """The probability, 0 to 1, that the quote answers the question."""
    logit = INTERCEPT + sum(c * value for c, value in zip(COEFFICIENTS, astuple(evidence), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))


def lacks_what_is_asked(generation: Generation, query: Query, ranked: Ranked) -> bool:
    """Whether a number, a sum, a year or a contact is asked for and no sentence near the best one has any."""
    expectation = expectation_of(query.question.folded)
    if expectation is None:
        return False
    sentences = list(best_sentences(generation, ranked))
    least = max(sentence.late for sentence in sentences) - _NEAR
    return not any(
        expectation.is_met_by(fold(sentence.passage.text[sentence.start : sentence.end]))
        for sentence in sentences
        if sentence.late >= least
    )


def _word_matches(generation: Generation, query: Query, position: int) -> list[float]:
    """For each different word that says what the question is about: the mean cosine of its tokens to the nearest."""
    nearest = generation.tokens.nearest(query.tokens, generation.sentence_rows(position))
    places = query.question.places
    folded = query.question.folded
    matches: dict[str, float] = {}
    for start, end in content_spans(folded):
        if any(start < place.end and place.start < end for place in places):
            continue
        inside = (query.spans[:, 0] < end) & (query.spans[:, 1] > start)
        if inside.any():
            matches.setdefault(folded[start:end], float(nearest[inside].mean()))
    return list(matches.values())


def _term_shares(generation: Generation, query: Query, position: int) -> tuple[float, float]:
    sparse = generation.sparse
    weights = {term: sparse.inverse_frequency(term) for term in query.question.terms}
    total = sum(weights.values())
    if not total:
        return 0.0, 1.0
    covered = sum(weight for term, weight in weights.items() if sparse.holds(term, position))
    unseen = sum(weight for term, weight in weights.items() if not sparse.knows(term))
    return covered / total, unseen / total


def _is_foreign(folded: str) -> bool:
    letters = [character for character in folded if character.isalnum()]
    return sum("㐀" <= letter <= "鿿" for letter in letters) < 0.3 * len(letters)
