"""The spans that the extractor takes for the answer, in windows of whole sentences around the likeliest ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.index import Index
from retrieval.language import fold
from retrieval.questions import Question
from retrieval.ranking import Ranked, best_sentences
from retrieval.top_k import Ranking
from retrieval.types import Extractor, Passage, Quote

LONGEST_WINDOW = 140
"""Characters; a sentence that is longer alone is a window by itself."""
_LONGEST_PATH = 30
MOST_WINDOWS = 3
"""Each takes 10 ms of processor time in int8. With 2 as many near misses are refused, and the first quote holds the answer
to 2 in 132 development questions less."""
_SURE = 5.0
"""From this score on a span is an answer, and no further window is read.

Of 504 questions left out of training 1.9 windows are read then instead of 3, and the likeliest answer lies in another window for
4 of them: in the right one instead of a wrong one for 2, the reverse for 2. At 4 1.8 are read, and 5 are lost for 2 won.
"""
# On the development questions the first quote holds the answer in 0.885 at 2 to 16, measured before anything was read; below 2
# the second and third quotes get worse.
SENTENCE_WEIGHT = 4.0
"""The score of a sentence is that of its passage plus this times its own MaxSim score."""
# Added to the score of a passage for the likeliest answer in it, times how likely that is: 0.04 to 0.12 are alike.
_PASSAGE_BONUS = 0.04


@dataclass(frozen=True, slots=True)
class ExtractedAnswer:
    """The best span of a window, `passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int
    score: float
    """As of `Extraction`."""

    @property
    def likelihood(self) -> float:
        """0 to 1: the logistic function of the score, which is about two log odds."""
        return 0.5 + 0.5 * math.tanh(self.score / 4)

    def is_in(self, quote: Quote) -> bool:
        """Whether the quote holds most of the span."""
        inside = min(self.end, quote.end) - max(self.start, quote.start)
        return self.passage == quote.passage and 2 * inside > self.end - self.start


def extract_answers(
    index: Index, question: Question, ranked: Ranked, extractor: Extractor | None
) -> tuple[ExtractedAnswer, ...]:
    """The best span of each window up to the first sure one, the likeliest window first; none without an extractor."""
    if extractor is None:
        return ()
    answers: list[ExtractedAnswer] = []
    for window in windows_around(index, likeliest_sentences(index, ranked), MOST_WINDOWS):
        (span,) = extractor.extract(question.folded, [(window.text, window.body)])
        start = window.start - window.body
        answers.append(ExtractedAnswer(window.passage, start + span.start, start + span.end, span.score))
        if span.score >= _SURE:
            break
    return tuple(answers)


def promote_answering(index: Index, ranked: Ranked, extracted: Sequence[ExtractedAnswer]) -> Ranked:
    """The ranking with the passages of the likeliest answers moved up, none above a score of 1."""
    if not extracted:
        return ranked
    scores = ranked.ranking.scores.copy()
    for answer in extracted:
        at = np.flatnonzero(ranked.ranking.positions == index.position(answer.passage.passage_id))
        scores[at] = np.maximum(
            scores[at], ranked.ranking.scores[at] + np.float32(_PASSAGE_BONUS * answer.likelihood)
        )
    order = np.argsort(-scores, kind="stable")
    return replace(
        ranked,
        ranking=Ranking(ranked.ranking.positions[order], np.minimum(scores[order], 1.0)),
        features={name: values[order] for name, values in ranked.features.items()},
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Whole sentences of a passage, `passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int

    @property
    def path(self) -> str:
        """Place and heading, folded."""
        return fold(f"{self.passage.place_name or ''} {self.passage.heading}".strip())

    @property
    def text(self) -> str:
        """The text as the extractor reads it: folded, the path first."""
        return with_path(self.path, fold(self.passage.text[self.start : self.end]))

    @property
    def body(self) -> int:
        """The offset of the sentences in `text`."""
        return len(with_path(self.path, ""))

    def holds(self, passage: Passage, start: int, end: int) -> bool:
        return self.passage == passage and self.start <= start and end <= self.end


def with_path(path: str, text: str) -> str:
    """The text behind the beginning of its path."""
    return f"{path[:_LONGEST_PATH]}:{text}" if path else text


def body_of(window: str) -> int:
    """The offset behind the path of a window as the extractor reads it."""
    return window.find(":", 0, _LONGEST_PATH + 1) + 1


def likeliest_sentences(index: Index, ranked: Ranked) -> list[tuple[Passage, int, int]]:
    """(passage, start, end) of the sentences of the best passages, likeliest first."""
    sentences = sorted(
        best_sentences(index, ranked),
        key=lambda sentence: -(sentence.passage_score + SENTENCE_WEIGHT * sentence.maxsim),
    )
    return [(sentence.passage, sentence.start, sentence.end) for sentence in sentences]


def windows_around(
    index: Index, sentences: Iterable[tuple[Passage, int, int]], most: int
) -> tuple[Window, ...]:
    """Windows that hold the sentences (passage, start, end), at most so many, in their order; none overlap."""
    windows: list[Window] = []
    for passage, start, end in sentences:
        if any(window.holds(passage, start, end) for window in windows):
            continue
        if len(windows) == most:
            break
        taken = [(window.start, window.end) for window in windows if window.passage == passage]
        windows.append(_grown(passage, (start, end), index.sentence_spans(passage), taken))
    return tuple(windows)


def _grown(
    passage: Passage,
    sentence: tuple[int, int],
    spans: Sequence[tuple[int, int]],
    taken: Sequence[tuple[int, int]],
) -> Window:
    """The window of the sentence and as many of its neighbours as fit, by turns behind and before it."""
    start, end = sentence
    is_growing = True
    while is_growing:
        is_growing = False
        for low, high in _neighbours(spans, start, end):
            is_free = not any(low < b and a < high for a, b in taken)
            if is_free and max(high, end) - min(low, start) <= LONGEST_WINDOW:
                start, end, is_growing = min(low, start), max(high, end), True
    return Window(passage, start, end)


def _neighbours(spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence behind the span and the one before it."""
    yield from [span for span in spans if span[0] >= end][:1]
    yield from [span for span in spans if span[1] <= start][-1:]
