"""Questions with the features of their passages, by collection: what the ranker is fitted on and tested with."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.cmrc import read_cmrc
from benchmarks.quality.written_pairs import read_written
from bot.operations import rebuilding
from bot.settings import Settings
from retrieval.answering.scoping import positions_within
from retrieval.building import build_generation, write_generation
from retrieval.evaluation.dataset import read_questions
from retrieval.index import Index, generations
from retrieval.index.lexical import BM25Index
from retrieval.index.vectors import maxsim
from retrieval.questions import Query, corrected_question, encode_question, read_question
from retrieval.ranking.features import compute_features
from retrieval.top_k import scaled
from retrieval.types import Encoder, FloatVector, IntVector, Passage

NAMES = (
    "maxsim", "place", "keywords", "salient_maxsim", "answer_type",
    "sentence", "paragraph", "terms", "passage_maxsim", "bound_figure", "lead",
)  # fmt: skip
"""The features in use, then those that were given up."""

_SHARES = frozenset({"place", "answer_type", "terms", "bound_figure", "lead"})
_MOST_WRITTEN, _MOST_PUBLIC = 450, 300
"""Questions drawn from the bulletins written for training, and from a public reading set."""

Answers = Callable[[Passage], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """The passages among which a question is answered."""

    collection: str
    features: NDArray[np.float64]
    """(passages, NAMES), each feature scaled to 0..1."""
    answers: NDArray[np.bool_]
    """(passages,) the passage answers."""
    items: IntVector
    """(passages,) the number of the item that holds the passage."""


def read_cases(settings: Settings, encoder: Encoder, public: Path | None) -> Iterator[Case]:
    """The cases of the development questions in two sets, of another collection, of the bulletins written for training and,
    if a file of CMRC 2018 is given, of public paragraphs; indexes are built in a temporary folder."""
    eval_folder = settings.development_questions
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bulletins = build_index(settings, encoder, settings.bulletins_dir, folder / "bulletins")
        for file in sorted(eval_folder.glob("questions*_development.jsonl")):
            yield from _asked(file.stem, _development(file), bulletins, encoder)
        older = [file for file in sorted(eval_folder.glob("questions*.jsonl")) if _is_older(file)]
        yield from _asked(
            "older", (pair for file in older for pair in _development(file)), bulletins, encoder
        )
        for own in sorted(eval_folder.glob("collections/*/")):
            index = build_index(settings, encoder, own / "bulletins", folder / own.name)
            yield from _asked(own.name, _development(own / "questions_development.jsonl"), index, encoder)
        written = eval_folder.parent / "training" / "written"
        render_bulletins(written, folder / "texts")
        index = build_index(settings, encoder, folder / "texts", folder / "written")
        yield from _asked("written", _written(written), index, encoder)
        if public:
            passages, questions = read_cmrc(public)
            parts = build_generation(passages, encoder)
            index = write_generation(parts, encoder, folder / "public", {})
            chosen = random.Random(5).sample(questions, min(_MOST_PUBLIC, len(questions)))
            pairs = ((question.text, _is_passage(question.passage_id)) for question in chosen)
            yield from _asked("public", pairs, index, encoder)


def _is_older(file: Path) -> bool:
    return "heldout" not in file.name and not file.stem.endswith("_development")


def build_index(settings: Settings, encoder: Encoder, bulletins: Path, folder: Path) -> Index:
    own = settings.model_copy(
        update={
            "bulletins_dir": bulletins,
            "index_dir": folder,
            "development_questions": folder / "no-questions",
        }
    )
    rebuilding.build(own, encoder=encoder)
    return generations.load_current(folder, encoder.name)


def _development(file: Path) -> Iterator[tuple[str, Answers]]:
    return ((question.text, question.is_answered_by) for question in read_questions(file) if question.golds)


def render_bulletins(source: Path, folder: Path) -> None:
    """The bulletins as plain text, without their questions."""
    folder.mkdir()
    for file in sorted(source.glob("*.txt")):
        lines = (line.strip().partition(" ") for line in file.read_text(encoding="utf-8").splitlines())
        texts = [rest for mark, _, rest in lines if mark in {"@", "#", "##", "P"}]
        (folder / file.name).write_text("\n".join(texts) + "\n", encoding="utf-8")


def _written(source: Path) -> list[tuple[str, Answers]]:
    pairs = [pair for file in sorted(source.glob("*.txt")) for pair in read_written(file).pairs]
    answered = [pair for pair in pairs if pair.answer and not pair.kind.startswith("told")]
    random.Random(5).shuffle(answered)
    return [
        (pair.question, _holds(pair.passage, pair.answer)) for pair in answered[:_MOST_WRITTEN] if pair.answer
    ]


def _holds(paragraph: str, answer: str) -> Answers:
    return lambda passage: answer in passage.text and (passage.text in paragraph or paragraph in passage.text)


def _is_passage(passage_id: str) -> Answers:
    return lambda passage: passage.passage_id == passage_id


def _asked(
    collection: str, questions: Iterable[tuple[str, Answers]], index: Index, encoder: Encoder
) -> Iterator[Case]:
    """The cases of the questions that a passage within their scope answers."""
    items = _items_of(index)
    for text, is_answer in questions:
        question = corrected_question(read_question(text), index)
        positions = positions_within(question, index)
        answers = np.asarray([is_answer(index.passages[position]) for position in positions.tolist()])
        if answers.any():
            query = encode_question(
                read_question(question.scope.rest) if question.scope else question, encoder
            )
            yield Case(collection, _features(index, query, positions), answers, items[positions])


def _items_of(index: Index) -> IntVector:
    starts = index.passages.item_starts
    return np.asarray(np.searchsorted(starts, np.arange(len(index.passages)), side="right"), np.int64)


def _features(index: Index, query: Query, positions: IntVector) -> NDArray[np.float64]:
    measured = compute_features(index, query, positions)
    pattern = query.question.answer_pattern
    rows = positions.tolist()
    given_up = {
        "paragraph": index.paragraphs.products(query.vector, positions),
        "terms": cast("BM25Index", index.bm25).coverage(query.question.terms, positions),
        "passage_maxsim": maxsim(np.stack([measured.token_maxima[position] for position in rows])),
        "bound_figure": _share(
            pattern is not None and pattern.is_bound_in(index.folded_texts[position]) for position in rows
        ),
        "lead": _share(not index.passages[position].section_path for position in rows),
    }
    values = measured.values | given_up
    columns = [values[name] if name in _SHARES else scaled(values[name]) for name in NAMES]
    return np.stack(columns, axis=1).astype(np.float64)


def _share(flags: Iterable[bool]) -> FloatVector:
    return np.asarray(list(flags), np.float32)
