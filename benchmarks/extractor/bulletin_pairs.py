"""Pairs of bulletins: written ones (JSON lines), and development questions with the windows that serving would read."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extractor.examples import Example, Item, answer_window, window_around
from retrieval.answering.extraction import Window, likeliest_sentences, windows_around, with_path
from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.index import Index
from retrieval.language import fold, sentence_spans
from retrieval.places import find_places
from retrieval.questions import encode_question, read_question
from retrieval.ranking import rank_passages
from retrieval.types import Encoder, Passage

_WINDOWS = 6
_PLACED_SHARE = 0.25
# Shares of the kinds of pairs that are trained on, by the beginning of their names; of the others all. The year of
# those with a title stands there alone, which no window holds.
_SHARES = {
    "twin_titled": 0.0,
    "dated_by_title": 0.0,
    "twin_told_other": 0.3,
    "told_beside": 0.3,
    "twin_place": 0.5,
    "placed": 0.5,
    "twin_": 0.25,
}
_AUGMENTED = ("placed", "dated")


@dataclass(frozen=True, slots=True)
class WrittenPairs:
    """Items, whose twins are still to be made, and examples as they are."""

    items: list[Item]
    examples: list[Example]


def read_written(path: Path, left_out: Sequence[str], rng: random.Random) -> WrittenPairs:
    """The pairs of a file, without those of the bulletins whose titles begin with one of these words.

    Some of the questions get the name of their place in front: people name it, and its paragraph rarely does.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = WrittenPairs([], [])
    for row in rows:
        if row["path"].startswith(tuple(left_out)) or rng.random() >= _share_of(row["kind"]):
            continue
        text, place = fold(row["passage"]), short_path(row["path"])
        question = _placed(fold(row["q"]), place, rng)
        if row["answer"] is None:
            window = with_path(place, _nearest_window(row["q"], text))
            pairs.examples.append(Example(question, window, kind=row["kind"]))
            continue
        item = Item(question, place, text, row["start"], row["end"])
        if row["kind"].startswith(_AUGMENTED):
            pairs.examples.append(answer_window(item, rng))
        else:
            pairs.items.append(item)
    return pairs


def _share_of(kind: str) -> float:
    return next((share for name, share in _SHARES.items() if kind.startswith(name)), 1.0)


def _placed(question: str, path: str, rng: random.Random) -> str:
    """The question behind the place of its path, for some of the questions that name none."""
    places = find_places(path)
    if not places or find_places(question) or rng.random() > _PLACED_SHARE:
        return question
    return path[places[0].start : places[0].end] + question


def short_path(path: str) -> str:
    """Place and heading, as serving puts them before a window."""
    return fold(" ".join(path.split(" › ")[1:]) or path)


def _nearest_window(question: str, text: str) -> str:
    """The window around the sentence that shares most pairs of characters with the question."""
    pairs = {fold(question)[at : at + 2] for at in range(len(question) - 1)}
    spans = list(sentence_spans(text)) or [(0, len(text))]
    start, _ = max(spans, key=lambda span: sum(pair in text[slice(*span)] for pair in pairs))
    low, high = window_around(text, start, random.Random(start))
    return text[low:high]


def half_of(question_id: str) -> int:
    """0 or 1: the half of the questions that this one is in, the same in every run."""
    return hashlib.sha256(question_id.encode()).digest()[0] % 2


@dataclass(frozen=True, slots=True)
class Development:
    """The yield of a development question: its windows, and for twins the item of each answer."""

    question_id: str
    examples: tuple[Example, ...]
    items: tuple[Item, ...]


def development_pairs(
    questions: Iterable[EvaluationQuestion], index: Index, encoder: Encoder
) -> Iterator[Development]:
    """For each question its windows in the best five passages; a window that holds a known answer is positive."""
    for question in questions:
        query = encode_question(read_question(question.text), encoder)
        ranked = rank_passages(index, query)
        spans = likeliest_sentences(index, ranked)
        golds = list(_golds(question, index))
        windows = windows_around(index, [*spans[:_WINDOWS], *golds], _WINDOWS + len(golds))
        examples = [_example(question, window, golds) for window in windows]
        items = tuple(
            Item(fold(question.text), _path(passage), fold(passage.text), start, end, _others(passage, index))
            for passage, start, end in golds
        )
        yield Development(question.question_id, tuple(example for example in examples if example), items)


def _golds(question: EvaluationQuestion, index: Index) -> Iterator[tuple[Passage, int, int]]:
    for gold in question.golds:
        for passage in index.passages:
            if gold.is_in(passage):
                start = passage.text.index(gold.answer)
                yield passage, start, start + len(gold.answer)


def _example(
    question: EvaluationQuestion, window: Window, golds: list[tuple[Passage, int, int]]
) -> Example | None:
    """None if the window holds a part of an answer alone, or if an unnamed passage may say the same."""
    folded, prefix = fold(question.text), window.body
    for passage, start, end in golds:
        if passage == window.passage and start < window.end and window.start < end:
            low, high = max(start, window.start), min(end, window.end)
            if high - low < 0.5 * (end - start):
                return None
            span = (prefix + low - window.start, prefix + high - window.start)
            return Example(folded, window.text, *span)
    if any(fold(passage.text[start:end]) in window.text for passage, start, end in golds):
        return None
    return Example(folded, window.text, kind="window")


def _path(passage: Passage) -> str:
    return Window(passage, 0, 0).path


def _others(passage: Passage, index: Index) -> tuple[str, ...]:
    """The paragraphs of its bulletin about other places."""
    return tuple(
        fold(other.text)
        for other in index.passages
        if other.bulletin == passage.bulletin and other.place_name != passage.place_name
    )
