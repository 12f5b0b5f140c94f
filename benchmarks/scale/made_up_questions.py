"""Questions about a made-up collection, with vectors that fit them, and the rankings that compare with everything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up import MadeUp
from benchmarks.scale.made_up_index import Originals, token_rows
from retrieval.index.filters import Filter
from retrieval.index.index import Index
from retrieval.index.vectors.maxsim import token_maxima
from retrieval.questions.question import Query, read_question
from retrieval.types import Encoding, FloatMatrix, FloatVector, IntVector

_NOISE, _TOKEN_NOISE = 0.3, 0.3
_MOST_TOKENS = 16
_BLOCK = 1 << 17


@dataclass(frozen=True, slots=True)
class MadeUpQuestion:
    """Clauses of a sentence as a question, within a place or anywhere, with its embedding."""

    text: str
    only: Filter
    encoding: Encoding

    @property
    def query(self) -> Query:
        return Query(
            read_question(self.text),
            self.encoding.vectors[0],
            self.encoding.tokens[0],
            self.encoding.spans[0],
        )


def make_questions(made_up: MadeUp, originals: Originals, index: Index, count: int) -> list[MadeUpQuestion]:
    """Two clauses of the first sentence of random passages, every other one within the passage's place."""
    chance = np.random.default_rng(6)
    return [
        _question(made_up, originals, index, (int(position), number % 2 == 0))
        for number, position in enumerate(chance.choice(made_up.count, count, replace=made_up.count < count))
    ]


def _question(made_up: MadeUp, originals: Originals, index: Index, drawn: tuple[int, bool]) -> MadeUpQuestion:
    position, is_placed = drawn
    chance = np.random.default_rng([7, position])
    row = int(index.sentence_rows(position)[0])
    clauses = originals.clauses[originals.sentence_starts[row] + 1 : originals.sentence_starts[row + 1]][:2]
    tokens = made_up.pool.tokens[token_rows(made_up.pool.starts, clauses)][:_MOST_TOKENS]
    vector = np.asarray(originals.sentences[row], np.float32)[None]
    place = index.passages[position].place_name
    return MadeUpQuestion(
        text="".join(made_up.bodies[clause] for clause in clauses.tolist()),
        only=Filter(place=place if is_placed else None),
        encoding=Encoding(
            _moved(vector, _NOISE, chance),
            (_moved(tokens, _TOKEN_NOISE, chance),),
            (np.zeros((len(tokens), 2), np.int32),),
        ),
    )


def _moved(rows: FloatMatrix, noise: float, chance: np.random.Generator) -> FloatMatrix:
    moved = rows + chance.standard_normal(rows.shape, np.float32) * np.float32(noise / rows.shape[1] ** 0.5)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


class PreparedEncoder:
    """An `Encoder` that returns the vectors of one question."""

    name, dimension = "made up/384", 384

    def __init__(self) -> None:
        self.encoding: Encoding | None = None

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        if self.encoding is None or len(texts) != 1:
            raise ValueError("one prepared question at a time")
        return self.encoding

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        raise NotImplementedError


class OriginalTokens:
    """Tokens of the sentences before quantization."""

    def __init__(self, made_up: MadeUp, originals: Originals) -> None:
        self._made_up = made_up
        self._original_parts = originals

    def token_maxima(self, query: FloatMatrix, rows: IntVector) -> FloatMatrix:
        """As `TokenIndex.token_maxima`."""
        starts, pool = self._original_parts.sentence_starts, self._made_up.pool
        of_rows = [self._original_parts.clauses[starts[row] : starts[row + 1]] for row in rows.tolist()]
        tokens = [token_rows(pool.starts, clauses) for clauses in of_rows]
        ends = np.cumsum([len(vectors) for vectors in tokens])
        first = ends - [len(vectors) for vectors in tokens]
        vectors = pool.tokens[np.concatenate(tokens)]
        return token_maxima(
            lambda _starts, _ends: lambda query_tokens: vectors @ query_tokens.T, first, ends, query
        )


class OriginalRows:
    """Vectors before quantization."""

    def __init__(self, rows: NDArray[np.float32] | NDArray[np.float16]) -> None:
        self._rows = rows

    def products(self, query: FloatVector, rows: IntVector) -> FloatVector:
        """As `FaissIndex.products`."""
        parts = [np.asarray(self._rows[part], np.float32) @ query for part in _blocks_of(rows)]
        return np.concatenate(parts)


def _blocks_of(rows: IntVector) -> list[IntVector]:
    """One block at a time: the sentences of a place may have 500 MB."""
    return np.array_split(rows, 1 + len(rows) // _BLOCK)


class _Originals:
    """An index with the vectors before quantization."""

    def __init__(self, index: Index, made_up: MadeUp, originals: Originals) -> None:
        self._generation = index
        self.tokens = OriginalTokens(made_up, originals)
        self.sentences = OriginalRows(originals.sentences)
        self.paragraphs = OriginalRows(originals.paragraphs)

    def __getattr__(self, name: str) -> object:
        return getattr(self._generation, name)


def unquantized(index: Index, made_up: MadeUp, originals: Originals) -> Index:
    """The index, with features computed from the original vectors."""
    return cast("Index", _Originals(index, made_up, originals))


def nearest_rows(
    rows: NDArray[np.float32] | NDArray[np.float16],
    queries: FloatMatrix,
    masks: Sequence[NDArray[np.bool_] | None],
    most: int,
) -> list[IntVector]:
    """Nearest rows of each query within its mask, best first, by exact comparison in float32."""
    scores: list[list[NDArray[np.float32]]] = [[] for _ in queries]
    places: list[list[IntVector]] = [[] for _ in queries]
    for start in range(0, len(rows), _BLOCK):
        block = np.asarray(rows[start : start + _BLOCK], np.float32) @ queries.T
        for number, mask in enumerate(masks):
            column = (
                block[:, number]
                if mask is None
                else np.where(mask[start : start + _BLOCK], block[:, number], -2)
            )
            best = np.argpartition(-column, min(most, len(column) - 1))[:most]
            scores[number].append(column[best])
            places[number].append(best + start)
    return [
        _best(np.concatenate(one), np.concatenate(other), most)
        for one, other in zip(scores, places, strict=True)
    ]


def _best(scores: NDArray[np.float32], rows: IntVector, most: int) -> IntVector:
    order = np.lexsort((rows, -scores))[:most]
    return rows[order[scores[order] > -2]]


def recalls(rankings: Sequence[IntVector], exact: Sequence[IntVector]) -> Iterator[float]:
    """Share of the exact ranking that each ranking contains."""
    for one, other in zip(rankings, exact, strict=True):
        if len(other):
            yield len(np.intersect1d(one, other)) / len(other)


def write_questions(questions: Sequence[MadeUpQuestion], folder: Path) -> None:
    """Save the questions for another process."""
    texts = [{"text": question.text, "place": question.only.place} for question in questions]
    (folder / "questions.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    tokens = [question.encoding.tokens[0] for question in questions]
    np.savez(
        folder / "questions.npz",
        vectors=np.concatenate([question.encoding.vectors for question in questions]),
        tokens=np.concatenate(tokens),
        ends=np.cumsum([len(rows) for rows in tokens]),
    )


def read_questions(folder: Path) -> list[MadeUpQuestion]:
    """Load the saved questions."""
    texts = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    with np.load(folder / "questions.npz", allow_pickle=False) as arrays:
        tokens = np.split(arrays["tokens"], arrays["ends"][:-1])
        vectors = arrays["vectors"]
    return [
        MadeUpQuestion(
            said["text"],
            Filter(place=said["place"]),
            Encoding(vector[None], (rows,), (np.zeros((len(rows), 2), np.int32),)),
        )
        for said, vector, rows in zip(texts, vectors, tokens, strict=True)
    ]
