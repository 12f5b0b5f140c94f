"""Public reading sets as training items and examples; all are CC BY-SA and not in this repository.

CMRC 2018: Cui et al. 2019, arXiv:1810.07366. DRCD: Shao et al. 2018, arXiv:1806.00920. XQuAD: Artetxe et al. 2020,
arXiv:1910.11856. SQuAD 2.0, which has questions without an answer: Rajpurkar et al. 2018, arXiv:1806.03822.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.extractor.examples import Example, Item, answer_window, window_around
from retrieval.language import fold


def read_public_items(path: Path) -> Iterator[Item]:
    """The questions of a file in the form of SQuAD whose answer stands in its paragraph, in order."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        paragraphs = [paragraph["context"] for paragraph in article["paragraphs"]]
        for paragraph in article["paragraphs"]:
            others = tuple(fold(other) for other in paragraphs if other is not paragraph["context"])
            for question in paragraph["qas"]:
                if question.get("is_impossible"):
                    continue
                span = _answer_span(paragraph["context"], question["answers"][0])
                if span:
                    yield Item(
                        fold(question["question"]),
                        fold(article["title"]),
                        fold(paragraph["context"]),
                        *span,
                        others,
                    )


def has_unanswerable(path: Path) -> bool:
    """Whether the file says of each question if it has an answer, as SQuAD 2.0 does."""
    return '"is_impossible"' in path.read_text(encoding="utf-8")


def read_unanswerable(path: Path, rng: random.Random) -> Iterator[Example]:
    """The windows around the plausible wrong answers, and around the answers, of a file in the form of SQuAD 2.0."""
    for item in read_public_items(path):
        yield answer_window(replace(item, path=""), rng)
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            text = fold(paragraph["context"])
            for question in paragraph["qas"]:
                if question["is_impossible"]:
                    wrong = [int(answer["answer_start"]) for answer in question.get("plausible_answers", [])]
                    offset = wrong[0] if wrong else rng.randrange(len(text))
                    low, high = window_around(text, offset, rng)
                    yield Example(fold(question["question"]), text[low:high], kind="impossible")


def _answer_span(text: str, answer: dict[str, str | int]) -> tuple[int, int] | None:
    """The offsets of the file where they are right, else those of the first occurrence."""
    words, start = str(answer["text"]), int(answer["answer_start"])
    if text[start : start + len(words)] != words:
        start = text.find(words)
    return (start, start + len(words)) if words and start >= 0 else None
