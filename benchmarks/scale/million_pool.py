"""Paragraphs of public articles that answer questions, their sentences and the questions, with vectors of the bundled model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.language.folding import fold
from retrieval.language.sentences import sentence_spans
from retrieval.types import Encoder, Encoding, FloatMatrix, IntVector

FILES = ("cmrc2018_dev.json", "cmrc2018_trial.json", "DRCD_test.json")
"""CMRC 2018 (Cui et al. 2019, arXiv:1810.07366) and DRCD (Shao et al. 2018, arXiv:1806.00920), CC BY-SA; not in this
repository."""
_AT_ONCE = 256
_EDGES = ",\uff0c、;\uff1b:\uff1a。!\uff01?\uff1f…\u3000 \n"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an article, as bare sentences, and one question that it answers."""

    title: str
    sentences: tuple[str, ...]
    """Without the marks at their ends."""
    question: str
    is_answer: tuple[bool, ...]
    """Of each sentence, whether the words of the answer are in it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Paragraphs in the order of the files, their sentences one after the other, and vectors of the bundled model."""

    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[str, ...]
    """Of all paragraphs."""
    paragraph_starts: IntVector
    """(paragraphs + 1,) the first sentence of each."""
    paragraph_vectors: FloatMatrix
    vectors: FloatMatrix
    """Of the sentences, each embedded under the title of its article, as in an index."""
    tokens: FloatMatrix
    """Token vectors of all sentences one after the other; sentence `i` has `starts[i]:starts[i + 1]`."""
    starts: IntVector
    questions: tuple[Encoding, ...] = field(repr=False)
    """The question of each paragraph."""

    @property
    def others(self) -> IntVector:
        """The sentences without the answer to the question of their paragraph."""
        return np.flatnonzero(~np.concatenate([paragraph.is_answer for paragraph in self.paragraphs]))

    def paragraph_of(self, sentences: IntVector) -> IntVector:
        """The number of the paragraph to which each sentence belongs."""
        return np.asarray(np.searchsorted(self.paragraph_starts, sentences, "right") - 1, np.int64)


_PASSAGE_ARRAYS = ("paragraph_vectors", "vectors", "tokens", "starts")


def read_pool(folder: Path, scratch: Path, *, questions_only: bool = False) -> Pool:
    """The pool of the files in the folder; embedded once (some minutes), then read from the scratch folder.

    For a process whose memory is measured the vectors of passages are left out.
    """
    paragraphs = read_paragraphs(folder)
    pool_file = scratch / "pool.npz"
    if not pool_file.is_file():
        scratch.mkdir(parents=True, exist_ok=True)
        _embed(paragraphs, pool_file)
    with np.load(pool_file, allow_pickle=False) as arrays:
        left_out = _PASSAGE_ARRAYS if questions_only else ()
        empty = dict.fromkeys(left_out, np.zeros(0))
        return _pool(paragraphs, {name: arrays[name] for name in arrays if name not in left_out} | empty)


def read_paragraphs(folder: Path) -> tuple[Paragraph, ...]:
    """Every paragraph that answers a question with words of its own, with the first such question."""
    articles = [
        article for name in FILES for article in json.loads((folder / name).read_text("utf-8"))["data"]
    ]
    return tuple(
        paragraph
        for article in articles
        for content in article["paragraphs"]
        if (paragraph := _paragraph(article["title"], content))
    )


def _paragraph(title: str, content: dict[str, Any]) -> Paragraph | None:
    text = content["context"]
    bare = (text[start:end].strip(_EDGES) for start, end in sentence_spans(text))
    sentences = tuple(sentence for sentence in bare if sentence)
    for asked in content["qas"]:
        answers = {answer["text"] for answer in asked["answers"]}
        is_answer = tuple(any(answer in sentence for answer in answers) for sentence in sentences)
        if any(is_answer):
            return Paragraph(title, sentences, asked["question"], is_answer)
    return None


def _pool(paragraphs: tuple[Paragraph, ...], arrays: dict[str, NDArray[Any]]) -> Pool:
    queries = np.split(arrays["query_tokens"].astype(np.float32), arrays["query_ends"][:-1])
    spans = np.split(arrays["query_spans"], arrays["query_ends"][:-1])
    lengths = [len(paragraph.sentences) for paragraph in paragraphs]
    return Pool(
        paragraphs=paragraphs,
        sentences=tuple(sentence for paragraph in paragraphs for sentence in paragraph.sentences),
        paragraph_starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        paragraph_vectors=arrays["paragraph_vectors"],
        vectors=arrays["vectors"],
        tokens=arrays["tokens"].astype(np.float32),
        starts=arrays["starts"],
        questions=tuple(
            Encoding(vector[None], (tokens,), (of_tokens,))
            for vector, tokens, of_tokens in zip(arrays["query_vectors"], queries, spans, strict=True)
        ),
    )


def _embed(paragraphs: Sequence[Paragraph], pool_file: Path) -> None:
    encoder = load_encoder("bundled", Settings().model_cache)
    of_paragraphs = _encoded(
        encoder, [_under_title(paragraph, paragraph.sentences) for paragraph in paragraphs]
    )
    sentences = ((paragraph, (sentence,)) for paragraph in paragraphs for sentence in paragraph.sentences)
    of_sentences = _encoded(encoder, [_under_title(*pair) for pair in sentences])
    queries = [encoder.encode_queries([paragraph.question]) for paragraph in paragraphs]
    tokens, starts = _joined([rows for part in of_sentences for rows in part.tokens])
    query_tokens, query_starts = _joined([query.tokens[0] for query in queries])
    np.savez(
        pool_file,
        paragraph_vectors=np.concatenate([part.vectors for part in of_paragraphs]),
        vectors=np.concatenate([part.vectors for part in of_sentences]),
        tokens=tokens,
        starts=starts,
        query_vectors=np.concatenate([query.vectors for query in queries]),
        query_tokens=query_tokens,
        query_ends=query_starts[1:],
        query_spans=np.concatenate([query.spans[0] for query in queries]),
    )


def _under_title(paragraph: Paragraph, sentences: Sequence[str]) -> str:
    """The sentences as `retrieval.index.context_text` gives them to the encoder."""
    return fold("\n".join([paragraph.title, "".join(f"{sentence}。" for sentence in sentences)]))


def _encoded(encoder: Encoder, texts: Sequence[str]) -> list[Encoding]:
    return [
        encoder.encode_passages(texts[start : start + _AT_ONCE]) for start in range(0, len(texts), _AT_ONCE)
    ]


def _joined(texts: Sequence[FloatMatrix]) -> tuple[NDArray[np.float16], IntVector]:
    """The tokens of all texts, and where those of each begin."""
    lengths = [len(rows) for rows in texts]
    return np.concatenate(texts).astype(np.float16), np.concatenate([[0], np.cumsum(lengths)]).astype(
        np.int64
    )
