"""Any number of passages made up from the sentences of a real collection, and an encoder double as wide as the bundled model.

The same number and seed give the same passages everywhere. Sentences are drawn whole, so that words, lengths and their
frequencies are those of real bulletins; their figures are drawn anew and every passage has a number of its own, so that
no two are the same. Places, sections and leads are drawn too.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.cmrc import read_cmrc
from retrieval.language.sentences import sentence_spans
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.types import Encoding, Extractor, FloatMatrix, IntMatrix, Passage, Place, Section

BULLETINS = Path(__file__).parents[2] / "data" / "bulletins"
DIMENSION = 384
_LEANING = np.float32(0.5)
_FIGURE = re.compile("[0-9]+")
_LABELS = "一二三四五六七八"
_PASSAGES_OF_A_BULLETIN = 40
_PASSAGES_OF_A_PLACE = 6
_FEWEST, _MOST = (
    1,
    5,
)  # sentences after the opening one; with it 4.0 a passage, of which the seed collection has 3.6
_PLACES = (
    Place("上海", "上海"),
    Place("北京", "北京"),
    Place("重慶", "重慶"),
    Place("江蘇南京", "江蘇", "南京"),
    Place("湖南長沙", "湖南", "長沙"),
    Place("四川成都", "四川", "成都"),
    Place("山東日照", "山東", "日照"),
    Place("安徽合肥包河區", "安徽", "合肥", "包河區"),
    Place("江西瑞金", "江西", None, "瑞金"),
    Place("浙江", "浙江"),
    Place("遼寧大連", "遼寧", "大連"),
    Place("廣東深圳", "廣東", "深圳"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The sentences and headings from which passages are made."""

    sentences: tuple[str, ...]
    headings: tuple[str, ...]


def read_vocabulary(bulletins: Path = BULLETINS, cmrc: Path | None = None) -> Vocabulary:
    """Sentences and headings of the bulletins and, if its file is given, sentences of CMRC 2018."""
    passages = read_collection(bulletins).passages
    texts = [*passages, *(read_cmrc(cmrc)[0] if cmrc else ())]
    return Vocabulary(
        sentences=tuple(dict.fromkeys(_sentences(texts))),
        headings=tuple(dict.fromkeys(passage.heading for passage in passages if passage.heading)),
    )


def _sentences(passages: Iterable[Passage]) -> Iterator[str]:
    for passage in passages:
        yield from (passage.text[start:end] for start, end in sentence_spans(passage.text))


def synthetic_passages(count: int, vocabulary: Vocabulary, seed: int = 0) -> Iterator[Passage]:
    """Passages one at a time: 40 a bulletin, 6 about a place, the first of each the lead of its item."""
    chance = random.Random(seed)
    lead = ""
    for number in range(count):
        within = number % _PASSAGES_OF_A_PLACE
        place = _PLACES[number // _PASSAGES_OF_A_PLACE % len(_PLACES)]
        text = _text(number, "" if within else place.name, vocabulary, chance)
        lead = text.split("。")[0] + "。" if within == 0 else lead
        section = Section(_LABELS[within - 1], chance.choice(vocabulary.headings)) if within else None
        yield _passage(number, place, section, lead, text)


def _text(number: int, opening: str, vocabulary: Vocabulary, chance: random.Random) -> str:
    drawn = chance.choices(vocabulary.sentences, k=chance.randint(_FEWEST, _MOST))
    body = "".join(_FIGURE.sub(lambda _: str(chance.randrange(1, 10_000)), sentence) for sentence in drawn)
    return f"{opening}第{number}期活動。{body}"


def _passage(number: int, place: Place, section: Section | None, lead: str, text: str) -> Passage:
    bulletin = f"篇{number // _PASSAGES_OF_A_BULLETIN + 1}"
    return Passage(
        passage_id=f"{number:016x}",
        file=f"{bulletin}.txt",
        line=number % _PASSAGES_OF_A_BULLETIN + 1,
        collection=None,
        bulletin=bulletin,
        bulletin_title=f"精神文明建設工作簡報 {bulletin}",
        place=place,
        section_path=(section,) if section else (),
        lead=lead,
        text=text,
    )


class SyntheticEncoder:
    """An `Encoder` without meaning: two tokens for every three characters; the vector of a text is their mean.

    Texts with common characters are near each other, so that the vectors form clusters as real ones do. The vector of a
    token depends a little on the next character, as those of a model depend on their context: otherwise a collection had
    only a thousand different token vectors, fewer than the centroids of the quantizer.
    """

    name = "synthetic/384"
    dimension = DIMENSION
    extractor: Extractor | None = None

    def __init__(self) -> None:
        self.encoded = 0
        """Number of texts embedded so far."""

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        return _encoding(texts)

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        self.encoded += len(texts)
        return _encoding(texts)


def _encoding(texts: Sequence[str]) -> Encoding:
    spans = tuple(map(_spans, texts))
    tokens = tuple(map(_tokens, texts, spans))
    means = [rows.mean(axis=0) if len(rows) else _table()[0] for rows in tokens]
    vectors = np.asarray(means, np.float32).reshape(-1, DIMENSION)
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return Encoding(np.asarray(vectors / lengths, np.float32), tokens, spans)


def _spans(text: str) -> IntMatrix:
    starts = [offset for offset in range(len(text)) if offset % 3 != 2]
    return np.asarray([(start, start + 1) for start in starts], np.int32).reshape(-1, 2)


def _tokens(text: str, spans: IntMatrix) -> FloatMatrix:
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    behind = np.minimum(spans[:, 0] + 1, max(len(text) - 1, 0))
    tokens = _table()[characters[spans[:, 0]] % len(_table())]
    tokens += _LEANING * _table()[characters[behind] % len(_table())]
    return np.asarray(tokens / np.linalg.norm(tokens, axis=1, keepdims=True), np.float32)


@functools.cache
def _table() -> FloatMatrix:
    drawn = np.random.default_rng(0).standard_normal((8192, DIMENSION)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)
