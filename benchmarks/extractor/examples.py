"""Training examples of the answer extractor, and windows of whole sentences around an answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.extraction import LONGEST_WINDOW, with_path
from retrieval.language import sentence_spans

_LATIN = 3
"""Latin text is this much longer in characters than Chinese that says the same."""
_LATIN_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a window of text, both folded; the answer is `window[start:end]`, (-1, -1) if it has none."""

    question: str
    window: str
    start: int = -1
    end: int = -1
    kind: str = "answer"

    @property
    def has_answer(self) -> bool:
        return self.start >= 0


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the paragraph that answers it, folded; the answer is `text[start:end]`."""

    question: str
    path: str
    text: str
    start: int
    end: int
    others: Sequence[str] = ()
    """Other paragraphs of its article or bulletin."""

    @property
    def answer(self) -> str:
        return self.text[self.start : self.end]


def answer_window(item: Item, rng: random.Random) -> Example:
    """The sentence of the answer, grown to either side at random as far as a window goes."""
    low, high = window_around(item.text, item.start, rng)
    high = max(high, item.end)
    prefix = len(with_path(item.path, ""))
    window = with_path(item.path, item.text[low:high])
    return Example(item.question, window, prefix + item.start - low, prefix + item.end - low)


def window_around(text: str, offset: int, rng: random.Random) -> tuple[int, int]:
    """The span of whole sentences around the offset, grown at random as far as a window goes."""
    longest = LONGEST_WINDOW * (_LATIN if _is_latin(text) else 1)
    spans = list(sentence_spans(text)) or [(0, len(text))]
    low = high = next((row for row, (_, end) in enumerate(spans) if offset < end), len(spans) - 1)
    while True:
        sides = []
        if low > 0 and spans[high][1] - spans[low - 1][0] <= longest:
            sides.append("left")
        if high < len(spans) - 1 and spans[high + 1][1] - spans[low][0] <= longest:
            sides.append("right")
        if not sides or rng.random() < 0.1:
            return spans[low][0], spans[high][1]
        low, high = (low - 1, high) if rng.choice(sides) == "left" else (low, high + 1)


def _is_latin(text: str) -> bool:
    return sum(character.isascii() for character in text) > _LATIN_SHARE * len(text)
