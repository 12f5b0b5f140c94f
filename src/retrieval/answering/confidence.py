"""The calibrated probability that the first quote answers, from absolute signals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np

from retrieval.index import Index
from retrieval.language import segmentation
from retrieval.questions import Query, answer_types
from retrieval.ranking import Ranked, RankedSentence, best_sentences
from retrieval.types import FloatVector, Quote

# Logistic regression over `Evidence`, in the order of its fields, fitted by `python -m benchmarks.quality.fit_confidence`
# on the development questions and, as questions about other things, those of CMRC 2018.
COEFFICIENTS = (
    25.702,
    8.667,
    29.088,
    -0.813,
    0.82,
    1.364,
    1.226,
    1.436,
    3.021,
    0.267,
    22.959,
    -13.494,
    -92.532,
)
INTERCEPT = -58.214

THRESHOLD = 0.2
"""Below it the bot refuses. On the questions held out 1 % of the answerable ones and all of the far ones; on the 200
far ones of `questions_far.jsonl`, made to be hard (a covered place, another matter), 91 %; 0.3 refuses 94 % of those,
and 5 % of the answerable."""

# Sentences this much below the best late interaction may still be the one that answers. On the development questions
# `lacks_answer_type` refuses 71 of 98 near misses and 1 of 316 answerable ones; 0.02 and 0.04 hardly differ.
_NEAR = 0.03


def confidence(evidence: Evidence) -> float:
    """The probability, 0 to 1, that the quote answers the question."""
    logit = INTERCEPT + sum(c * value for c, value in zip(COEFFICIENTS, astuple(evidence), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))


def lacks_answer_type(evidence: Evidence) -> bool:
    """Whether a sum, a date, a name or the like is asked for and no sentence near the best one has any."""
    return evidence.unmet > _NEAR


_MOST_WORDS = 12  # the longest development questions; beyond, repetition would pass for substance
_FAR_BELOW = 0.1


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
    """Share of the words of the topic that the quoted passage holds, weighted by rarity."""
    unseen: float
    """Share of the words of the topic that no passage holds, weighted by rarity."""
    foreign: float
    """1 for a question in another language, where cosines are lower, else 0."""
    foreign_late: float
    placed: float
    """1 if the quoted passage is about a place that the question names, else 0."""
    foreign_placed: float
    words: float
    """How many words say what the question is about, its topic, places aside; a dozen at most."""
    word_match: float
    """The mean cosine of these to what is nearest to each in the quoted passage."""
    weakest_words: float
    """The same of the two that match worst."""
    unmet: float
    """How far the best sentence that holds what is asked for (a sum, a date, a name) stands below the best of all,
    0.1 at most; 0 for a question that anything may answer."""


def gather_evidence(index: Index, query: Query, ranked: Ranked, quote: Quote) -> Evidence:
    """The evidence for a quote of one of the ranked passages."""
    position = index.position(quote.passage.passage_id) or 0
    spot = int(np.flatnonzero(ranked.ranking.positions == position)[0])
    late = float(ranked.sentence_scores[position].max())
    foreign = float(_is_foreign(query.question.folded))
    placed = float(ranked.features["place"][spot])
    topic = _topic(query)
    matches = _matches(query, topic, ranked.token_maxima[position]) or [late]
    coverage, unseen = _shares(index, topic, position)
    return Evidence(
        late=late,
        margin=late - float(np.median(ranked.features["maxsim"])),
        sentence=float(ranked.features["sentence"][spot]),
        coverage=coverage,
        unseen=unseen,
        foreign=foreign,
        foreign_late=foreign * late,
        placed=placed,
        foreign_placed=foreign * placed,
        words=float(min(len(topic), _MOST_WORDS)),
        word_match=float(np.mean(matches)),
        weakest_words=float(np.mean(sorted(matches)[:2])),
        unmet=_unmet_by(index, query, ranked),
    )


def _unmet_by(index: Index, query: Query, ranked: Ranked) -> float:
    expectation = answer_types.answer_pattern_of(query.question.folded)
    if expectation is None:
        return 0.0
    sentences = list(best_sentences(index, ranked))
    best = max(sentence.maxsim for sentence in sentences)
    met = (sentence.maxsim for sentence in sentences if expectation.is_met_by(_folded(index, sentence)))
    return min(best - max(met, default=0.0), _FAR_BELOW)


def _folded(index: Index, sentence: RankedSentence) -> str:
    return index.folded_texts[sentence.position][sentence.start : sentence.end]


def _topic(query: Query) -> dict[str, tuple[int, int]]:
    """The different words that say what the question is about, places aside, each with its first span."""
    folded, places = query.question.folded, query.question.places
    topic: dict[str, tuple[int, int]] = {}
    for start, end in segmentation.content_spans(folded):
        if not any(start < place.end and place.start < end for place in places):
            topic.setdefault(folded[start:end], (start, end))
    return topic


def _matches(query: Query, topic: dict[str, tuple[int, int]], nearest: FloatVector) -> list[float]:
    """For each word of the topic that has tokens: the mean of their cosines to the nearest of the passage."""
    inside = [(query.spans[:, 0] < end) & (query.spans[:, 1] > start) for start, end in topic.values()]
    return [float(nearest[tokens].mean()) for tokens in inside if tokens.any()]


def _shares(index: Index, topic: Iterable[str], position: int) -> tuple[float, float]:
    """The shares of the topic that the passage at the position holds, and that no passage holds, by rarity."""
    sparse, text, words = index.bm25, index.folded_texts[position], list(topic)
    frequencies = sparse.frequencies(words)
    weights = sparse.idf(frequencies)
    total = weights.sum()
    if not total:
        return 0.0, 1.0
    is_held = np.asarray([word in text for word in words])
    return float(weights @ is_held / total), float(weights @ (frequencies == 0) / total)


def _is_foreign(folded: str) -> bool:
    letters = [character for character in folded if character.isalnum()]
    return sum("㐀" <= letter <= "鿿" for letter in letters) < 0.3 * len(letters)
