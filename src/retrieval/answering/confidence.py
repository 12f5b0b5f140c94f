"""The calibrated probability that the first quote answers the question, from evidence comparable between questions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass

import numpy as np

from retrieval.index import Index
from retrieval.questions import Query, answer_types
from retrieval.ranking import Ranked, RankedSentence, best_sentences
from retrieval.types import FloatVector, Quote

# Logistic regression over `Evidence`, in the order of its fields, fitted by `python -m benchmarks.quality.fit_confidence`
# on the development questions and, as questions about other things, those of CMRC 2018. No sign contradicts its meaning: without
# that, more words that no passage holds raised the confidence; the Brier score and the refusals are the same.
COEFFICIENTS = (
    23.044,
    6.374,
    32.663,
    0.0,
    0.0,
    0.681,
    0.975,
    1.593,
    3.293,
    0.38,
    1.602,
    0.0,
    -92.548,
)
INTERCEPT = -52.15

THRESHOLD = 0.2
"""An answer of less confidence is refused: with the stricter one of `refusals` for matters that no passage names, 3.2 % of
the answerable development questions and 94 % of the far ones, most of which were made to be hard; 0.24 refuses 3.8 % and
95 % (`bulletin-bot evaluate`)."""


def confidence(evidence: Evidence) -> float:
    """The probability, 0 to 1, that the quote answers the question."""
    logit = INTERCEPT + sum(c * value for c, value in zip(COEFFICIENTS, astuple(evidence), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))


_MOST_WORDS = 12  # as in the longest development questions; more words are repetition
_FAR_BELOW = 0.1
# A lead sentence in the words of the question comes nearer than the sentence with the figure: this much is made good.
_BOUND = 0.05


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measures of how well the first quote answers, comparable between questions."""

    maxsim: float
    """MaxSim score of the best sentence of the quoted passage, a mean cosine."""
    margin: float
    """`maxsim` less that of the median candidate."""
    sentence: float
    """Cosine of the question and the best sentence of the quoted passage."""
    coverage: float
    """Share of the topic words that the quoted passage holds, weighted by rarity."""
    unseen: float
    """Share of the topic words that no passage holds, weighted by rarity."""
    foreign: float
    """1 for a question in another language, where cosines are lower, else 0."""
    foreign_maxsim: float
    placed: float
    """1 if the quoted passage is about a place that the question names, else 0."""
    foreign_placed: float
    words: float
    """Number of topic words, 12 at most."""
    word_match: float
    """Mean over the topic words of the cosine to the nearest token of the quoted passage."""
    weakest_words: float
    """As `word_match`, over the two topic words that match worst."""
    unmet: float
    """MaxSim score of the best sentence less that of the best one that meets the answer pattern, 0.1 at most; 0 for a
    question without a pattern."""


def gather_evidence(index: Index, query: Query, ranked: Ranked, quote: Quote) -> Evidence:
    """The evidence for a quote of one of the ranked passages."""
    position = index.position(quote.passage.passage_id) or 0
    rank = int(np.flatnonzero(ranked.ranking.positions == position)[0])
    maxsim = float(ranked.sentence_scores[position].max())
    foreign = float(query.question.is_foreign)
    placed = float(ranked.features["place"][rank])
    topic = query.question.topic
    matches = _matches(query, ranked.token_maxima[position]) or [maxsim]
    coverage, unseen = _shares(index, topic, position)
    return Evidence(
        maxsim=maxsim,
        margin=maxsim - float(np.median(ranked.features["maxsim"])),
        sentence=float(ranked.features["sentence"][rank]),
        coverage=coverage,
        unseen=unseen,
        foreign=foreign,
        foreign_maxsim=foreign * maxsim,
        placed=placed,
        foreign_placed=foreign * placed,
        words=float(min(len(topic), _MOST_WORDS)),
        word_match=float(np.mean(matches)),
        weakest_words=float(np.mean(sorted(matches)[:2])),
        unmet=_unmet_by(index, query, ranked),
    )


def _unmet_by(index: Index, query: Query, ranked: Ranked) -> float:
    pattern = query.question.answer_pattern
    if pattern is None:
        return 0.0
    sentences = list(best_sentences(index, ranked))
    best = max(sentence.maxsim for sentence in sentences)
    met = (_met_score(pattern, sentence.maxsim, _folded(index, sentence)) for sentence in sentences)
    return min(max(best - max(met, default=0.0), 0.0), _FAR_BELOW)


def _met_score(pattern: answer_types.AnswerPattern, maxsim: float, folded: str) -> float:
    """The MaxSim score of a sentence that meets the pattern, raised where the noun asked for stands with the figure."""
    if not pattern.is_met_by(folded):
        return 0.0
    return maxsim + _BOUND if pattern.is_bound_in(folded) else maxsim


def _folded(index: Index, sentence: RankedSentence) -> str:
    return index.folded_texts[sentence.position][sentence.start : sentence.end]


def _matches(query: Query, nearest: FloatVector) -> list[float]:
    """For each topic word that has tokens: the mean of their cosines to the nearest of the passage."""
    tokens_of_words = [
        (query.spans[:, 0] < end) & (query.spans[:, 1] > start)
        for start, end in query.question.topic.values()
    ]
    return [float(nearest[tokens].mean()) for tokens in tokens_of_words if tokens.any()]


def _shares(index: Index, topic: Mapping[str, object], position: int) -> tuple[float, float]:
    """The shares of the topic words that the passage holds, and that no passage holds, weighted by rarity."""
    bm25, text, words = index.bm25, index.folded_texts[position], list(topic)
    frequencies = bm25.frequencies(words)
    weights = bm25.idf(frequencies)
    total = weights.sum()
    if not total:
        return 0.0, 1.0
    is_held = np.asarray([word in text for word in words])
    return float(weights @ is_held / total), float(weights @ (frequencies == 0) / total)
