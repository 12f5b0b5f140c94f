"""Windows of whole sentences around those that an answer would quote: what the extractor reads, and its best span."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.extractor.examples import LONGEST_WINDOW, with_path
from retrieval.index import Index
from retrieval.language import fold
from retrieval.ranking import Ranked, best_sentences
from retrieval.types import Passage

# As quotes are chosen: the score of the passage plus this times that of the sentence.
_SENTENCE_WEIGHT = 4.0
_LONGEST_SPAN = 64  # tokens


def likeliest_sentences(index: Index, ranked: Ranked) -> list[tuple[Passage, int, int]]:
    """(passage, start, end) of the sentences of the best passages, likeliest first."""
    sentences = sorted(
        best_sentences(index, ranked),
        key=lambda sentence: -(sentence.passage_score + _SENTENCE_WEIGHT * sentence.maxsim),
    )
    return [(sentence.passage, sentence.start, sentence.end) for sentence in sentences]


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


def best_score(logits: NDArray[np.float32], spans: NDArray[np.int64], body: int) -> float:
    """The highest start plus end of a span inside the body, less the logits of none."""
    inside = np.flatnonzero((spans[:, 1] > spans[:, 0]) & (spans[:, 1] > body))
    if not len(inside):
        return -math.inf
    sums = logits[inside, 0][:, None] + logits[inside, 1]
    length = np.arange(len(inside)) - np.arange(len(inside))[:, None]
    sums[(length < 0) | (length >= _LONGEST_SPAN)] = -np.inf
    return float(sums.max() - logits[0].sum())
