"""Deterministic stand-ins for the parts that are slow: an encoder of character hashes, and passages made up."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence

import numpy as np

from retrieval.answering import refusals
from retrieval.index.index import Index, Parts
from retrieval.storage.manifests import FORMAT, Manifest
from retrieval.types import (
    Encoder,
    Encoding,
    Extractor,
    FloatMatrix,
    FloatVector,
    IntMatrix,
    Passage,
    Place,
    Section,
)

DIMENSION = 32


def answer_at_any_confidence(set_value: Callable[[object, str, float], None] = setattr) -> None:
    """Let this process refuse for reasons in the text alone: the confidence is fitted to the model's similarities."""
    for name in ("_OUT_OF_SCOPE", "THRESHOLD", "_THRESHOLD_OF_UNKNOWN"):
        set_value(refusals, name, 0.0)


class HashEncoder:
    """An `Encoder` without meaning: a text is the bag of its characters, a token is one of them.

    Texts that share characters are near each other, equal texts are equal, in every process and on every
    machine. It keeps the texts it was given, so that a test can count what was embedded.
    """

    extractor: Extractor | None = None

    def __init__(self, name: str = "test/character-hashes") -> None:
        self._name = name
        self.passages_encoded: list[str] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return DIMENSION

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        return _encoding(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        self.passages_encoded.extend(texts)
        return _encoding(texts)


def _encoding(texts: Sequence[str]) -> Encoding:
    tokens = tuple(_token_vectors(text) for text in texts)
    vectors = [_unit(rows.sum(axis=0)) if len(rows) else _character_vector("") for rows in tokens]
    return Encoding(
        vectors=np.stack(vectors) if vectors else np.zeros((0, DIMENSION), np.float32),
        tokens=tokens,
        spans=tuple(_token_spans(text) for text in texts),
    )


def _token_vectors(text: str) -> FloatMatrix:
    rows = [_character_vector(character) for character in text if not character.isspace()]
    return np.stack(rows) if rows else np.zeros((0, DIMENSION), np.float32)


def _token_spans(text: str) -> IntMatrix:
    starts = [start for start, character in enumerate(text) if not character.isspace()]
    return np.asarray([(start, start + 1) for start in starts], np.int32).reshape(-1, 2)


@functools.cache
def _character_vector(character: str) -> FloatVector:
    seed = zlib.crc32(character.encode("utf-8", "surrogatepass"))
    return _unit(np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32))


def _unit(vector: FloatVector) -> FloatVector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)


def make_passage(
    passage_id: str, text: str, *, place: str | None = "北京", section: str = "", bulletin: str = "篇1"
) -> Passage:
    """A passage of a made-up collection; `section` is "二、標題", empty for a lead paragraph."""
    label, _, title = section.partition("、")
    return Passage(
        passage_id=passage_id,
        file="工作簡報.txt",
        line=1,
        collection=None,
        bulletin=bulletin,
        bulletin_title=f"工作簡報 {bulletin}",
        place=Place(place) if place else None,
        section_path=(Section(label, title),) if section else (),
        lead="",
        text=text,
    )


SMALL_PASSAGES = (
    make_passage("00000000000000a1", "北京市評選身邊好人。每月發佈10名月榜人物。", section="二、每月評選"),
    make_passage("00000000000000a2", "志願者走進社區。他們教老人使用手機!", section="三、志願服務"),
    make_passage("00000000000000b1", "上海開展市民修身行動。", place="上海", bulletin="篇2"),
    make_passage(
        "00000000000000b2",
        "《市民修身手冊》發放5萬冊;人手一本。",
        place="上海",
        section="一、讀物",
        bulletin="篇2",
    ),
    make_passage("00000000000000c1", "南京的圖書館延長開放時間。", place="江蘇南京", bulletin="篇2"),
    make_passage("00000000000000d1", "各地要把文明創建工作落到實處。", place=None, bulletin="篇3"),
)


def loaded(parts: Parts, encoder: Encoder, name: str = "in memory") -> Index:
    """The parts as a generation that was never written: for tests that only search."""
    manifest = Manifest(
        format=FORMAT,
        generation=name,
        built_at="2026-01-01T00:00:00+00:00",
        encoder=encoder.name,
        dimension=encoder.dimension,
        passages=len(parts.passages),
        sentences=len(parts.spans),
        sources={},
        parts={},
    )
    return Index(manifest, parts)
