"""CMRC 2018 and DRCD as training items; both are CC BY-SA and not in this repository.

CMRC 2018: Cui et al. 2019, arXiv:1810.07366. DRCD: Shao et al. 2018, arXiv:1806.00920.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.extractor.examples import Item
from retrieval.language import fold


def read_public_items(path: Path) -> Iterator[Item]:
    """The questions of a file in the form of SQuAD whose answer stands in its paragraph, in order."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        paragraphs = [paragraph["context"] for paragraph in article["paragraphs"]]
        for paragraph in article["paragraphs"]:
            others = tuple(fold(other) for other in paragraphs if other is not paragraph["context"])
            for question in paragraph["qas"]:
                span = _answer_span(paragraph["context"], question["answers"][0])
                if span:
                    yield Item(
                        fold(question["question"]),
                        fold(article["title"]),
                        fold(paragraph["context"]),
                        *span,
                        others,
                    )


def _answer_span(text: str, answer: dict[str, str | int]) -> tuple[int, int] | None:
    """The offsets of the file where they are right, else those of the first occurrence."""
    words, start = str(answer["text"]), int(answer["answer_start"])
    if text[start : start + len(words)] != words:
        start = text.find(words)
    return (start, start + len(words)) if words and start >= 0 else None
