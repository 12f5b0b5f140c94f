"""CMRC 2018 (Cui et al. 2019, arXiv:1810.07366; CC BY-SA 4.0) as passages and questions; the file is not in this repository."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from retrieval.types import Passage


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question, its paragraph and the words that answer it."""

    text: str
    passage_id: str
    answers: tuple[str, ...]


def read_cmrc(path: Path) -> tuple[tuple[Passage, ...], tuple[PublicQuestion, ...]]:
    """Paragraphs as passages without place or section, and the questions, both in the order of the file."""
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    questions = [
        PublicQuestion(
            text=question["question"],
            passage_id=_passage_id(paragraph["id"]),
            answers=tuple(answer["text"] for answer in question["answers"]),
        )
        for paragraph in paragraphs
        for question in paragraph["qas"]
    ]
    return tuple(_passage(paragraph["id"], paragraph["context"]) for paragraph in paragraphs), tuple(
        questions
    )


def _passage_id(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _passage(identity: str, text: str) -> Passage:
    return Passage(
        passage_id=_passage_id(identity),
        file="cmrc2018_dev.json",
        line=None,
        collection=None,
        bulletin="",
        bulletin_title="",
        place=None,
        section_path=(),
        lead="",
        text=text,
    )
