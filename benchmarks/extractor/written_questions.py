"""The questions of the written bulletins, asked of an index of all of them as serving asks its own."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.quality.ranking_cases import build_index, render_bulletins
from benchmarks.quality.written_pairs import Pair, read_written
from bot.settings import Settings
from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.index import Index
from retrieval.places import find_places
from retrieval.types import Encoder


@contextlib.contextmanager
def written_index(folder: Path, settings: Settings, encoder: Encoder) -> Iterator[Index]:
    """An index of the bulletins in the folder, in a temporary one."""
    with tempfile.TemporaryDirectory() as name:
        render_bulletins(folder, Path(name, "texts"))
        yield build_index(settings, encoder, Path(name, "texts"), Path(name, "index"))


def written_questions(files: Sequence[Path], index: Index) -> Iterator[EvaluationQuestion]:
    """The questions of the files and their near misses, without those whose paragraph was told the answer or names no place.

    A question that names no place gets that of its paragraph in front, as people ask it.
    """
    for file in files:
        for pair in read_written(file).pairs:
            golds = tuple(_golds(pair, index))
            if pair.kind.startswith("told") or bool(pair.answer) != bool(golds):
                continue
            yield EvaluationQuestion(
                question_id=pair.identity,
                text=_with_place(pair),
                kind="plain" if golds else "unanswerable",
                golds=golds,
                note="" if golds else "near miss",
                file=file.name,
            )


def _golds(pair: Pair, index: Index) -> Iterator[Gold]:
    """The passages about a place that the paragraph became and that hold the answer."""
    for passage in index.passages if pair.answer else ():
        if (
            passage.place_name
            and passage.text in pair.passage
            and pair.answer
            and pair.answer in passage.text
        ):
            yield Gold(passage.bulletin, passage.place_name, pair.answer)


def _with_place(pair: Pair) -> str:
    path = " ".join(pair.path[1:])
    places = find_places(path)
    if not places or find_places(pair.question):
        return pair.question
    return path[places[0].start : places[0].end] + pair.question
