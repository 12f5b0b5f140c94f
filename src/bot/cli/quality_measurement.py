"""Measures the quality of the collection in service and of the other collections with questions."""

from __future__ import annotations

import asyncio
import functools
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.operations import rebuilding
from bot.serving import Answerer
from bot.settings import Settings
from retrieval.embedding import load_encoder
from retrieval.evaluation import Score, ablation, evaluate, question_sets
from retrieval.index import Index, collections, generations
from retrieval.language import scripts
from retrieval.questions import follow_ups
from retrieval.storage import manifests
from retrieval.types import Answer, Encoder, Encoding, Extraction, Extractor

_INDEXES = "evaluation"
"""The folder beside the unpacked models with an index for each of the other collections."""

# Questions whose embedding is kept: each comes twice or three times (in both scripts, and ranked by each feature).
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class MeasuredSet:
    """The score of a set of questions on the index of its collection."""

    asked: question_sets.QuestionSet
    score: Score
    manifest: manifests.Manifest


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores set by set, held out first, and rankings with and without each feature."""

    sets: tuple[MeasuredSet, ...]
    ablation: tuple[ablation.AblationRow, ...]
    """On the development questions of the first collection, or on the file that was named."""
    trained_on: tuple[str, ...]
    """Files left out because a learned model was trained on them."""


class RememberingExtractor:
    """Reads the windows of a question once."""

    def __init__(self, extractor: Extractor) -> None:
        self._extract = functools.lru_cache(_REMEMBERED)(extractor.extract)

    def extract(self, question: str, windows: Sequence[tuple[str, int]]) -> list[Extraction]:
        return self._extract(question, tuple(windows))


class RememberingEncoder:
    """Encodes a question once: in both scripts most questions are the same after folding."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._encode = functools.lru_cache(_REMEMBERED)(encoder.encode_queries)
        self.extractor = RememberingExtractor(encoder.extractor) if encoder.extractor else None

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        return self._encode(tuple(texts))

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        return self._encoder.encode_passages(texts)


def measure_quality(settings: Settings, questions: Path | None, collection: str | None = None) -> Measured:
    """Ask every question of the file or folder, by default of each collection or of the one named.

    A collection other than the one in service is answered from an index of its own bulletins, which is kept in the
    cache and brought up to date first. Raises BulletinBotError as reading and building do.
    """
    sets, trained_on = _sets(settings, questions, collection)
    encoder = RememberingEncoder(
        load_encoder(
            settings.embedding_model,
            settings.model_cache,
            settings.embedding_threads,
            extraction=settings.extraction,
        )
    )
    indexes = {name: _index_of(name, settings, encoder) for name in dict.fromkeys(s.collection for s in sets)}
    measured = tuple(_measure(asked, indexes[asked.collection], encoder) for asked in sets)
    for_ablation = next((found for found in sets if found.split is question_sets.Split.DEVELOPMENT), sets[0])
    alone = [question for question in for_ablation.questions if not question.earlier]
    rows = ablation.ablate(alone, indexes[for_ablation.collection], encoder)
    return Measured(measured, rows, trained_on)


def _sets(
    settings: Settings, questions: Path | None, collection: str | None
) -> tuple[tuple[question_sets.QuestionSet, ...], tuple[str, ...]]:
    folder = settings.development_questions
    if questions is None and folder.is_dir():
        found = question_sets.read_question_sets(folder, collection)
        return found.sets, found.trained_on
    named = questions or folder
    trained = question_sets.trained_on([named], folder)
    return (question_sets.question_set_of(named),), tuple(file.name for file in trained)


def _index_of(collection: str, settings: Settings, encoder: Encoder) -> Index:
    if collection == question_sets.MAIN:
        return collections.within(settings.index_home().load_current(encoder.name))
    bulletins = settings.development_questions / question_sets.COLLECTIONS / collection / "bulletins"
    key = hashlib.sha256(str(bulletins.resolve()).encode()).hexdigest()[:8]
    folder = settings.model_cache / _INDEXES / f"{collection}-{key}"
    own = settings.model_copy(
        update={
            "bulletins_dir": bulletins,
            "index_dir": folder,
            "index_url": None,
            "development_questions": folder / "no-questions",
        }
    )
    rebuilding.build(own, encoder=encoder)
    return generations.load_current(folder, encoder.name)


def _measure(asked: question_sets.QuestionSet, index: Index, encoder: Encoder) -> MeasuredSet:
    answerer = Answerer(index, encoder)
    try:
        score = evaluate(
            asked.questions,
            answerer.answer_now,
            in_the_other_script,
            index.passages,
            converse=_conversations(answerer),
        )
    finally:
        answerer.close()
    return MeasuredSet(asked, score, index.manifest)


def _conversations(answerer: Answerer) -> Callable[[Sequence[str]], Answer]:
    """Answers the last of the messages as the chat does: each after the turn before it."""

    async def converse(messages: Sequence[str]) -> Answer:
        turn: follow_ups.Turn | None = None
        for message in messages:
            exchange = await answerer.reply(message, turn)
            turn = exchange.turn or turn
        return exchange.answer

    return lambda messages: asyncio.run(converse(messages))


def in_the_other_script(text: str) -> str:
    """A Traditional text in Simplified script, a Simplified one in Traditional."""
    simplified = scripts.to_simplified(text)
    return simplified if simplified != text else scripts.to_traditional(text)
