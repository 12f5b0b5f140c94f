"""The index of a large collection, built from a small one."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.scale.synthetic import read_vocabulary, synthetic_passages

from retrieval.answering.answerer import answer, search
from retrieval.building.builder import build_generation, write_generation
from retrieval.building.verification import verify
from retrieval.index.filters import Filter
from retrieval.index.generations import load_current
from retrieval.index.index import Index
from retrieval.index.quantized.ivf_index import IVFIndex
from retrieval.index.quantized.quantized_vectors import QuantizedSentences, QuantizedTokens
from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.questions import encode_question, read_question
from retrieval.ranking.features import QUANTIZED_WEIGHTS
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Passage
from tests.answers import places_of
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded

COUNT = 700


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    return tuple(synthetic_passages(COUNT, read_vocabulary()))


@pytest.fixture(scope="module")
def exact(passages: tuple[Passage, ...]) -> Index:
    return loaded(build_generation(passages, HashEncoder()), HashEncoder())


@pytest.fixture(scope="module")
def index(exact: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quantized") / "index"
    parts = build_generation(exact.passages, HashEncoder(), reuse=[exact], exact_up_to=COUNT - 1)
    write_generation(parts, HashEncoder(), folder, {})
    return folder


@pytest.fixture(scope="module")
def quantized(index: Path) -> Index:
    return load_current(index, HashEncoder().name)


def questions(passages: tuple[Passage, ...]) -> list[tuple[str, str | None]]:
    """The end of the text of every twentieth passage, with its place for every other one."""
    return [
        (passage.text[-20:], passage.place_name if number % 2 else None)
        for number, passage in enumerate(passages[::20])
    ]


def first_ten(index: Index, text: str, place: str | None) -> set[str]:
    """Ids of the first ten passages by the weights that a quantized index is ranked with."""
    query = encode_question(read_question(text), HashEncoder())
    passing = Filter(place=place).positions(index)
    ranked = rank_passages(index, query, passing, QUANTIZED_WEIGHTS, most=10)
    return {hit.passage.passage_id for hit in ranked.hits(index, 10)}


def test_a_collection_above_the_limit_is_quantized_and_one_below_is_not(
    exact: Index, quantized: Index
) -> None:
    assert isinstance(quantized.paragraphs, IVFIndex)
    assert isinstance(quantized.sentences, QuantizedSentences)
    assert isinstance(quantized.tokens, QuantizedTokens)
    assert not isinstance(exact.paragraphs, IVFIndex)
    assert isinstance(exact.sentences, FaissIndex)


def test_a_quantized_index_finds_nearly_what_an_exact_one_finds(
    exact: Index, quantized: Index, passages: tuple[Passage, ...]
) -> None:
    shares = [
        len(first_ten(exact, *question) & first_ten(quantized, *question)) / 10
        for question in questions(passages)
    ]
    assert np.mean(shares) >= 0.9


def test_a_search_within_a_place_finds_nothing_outside(quantized: Index) -> None:
    hits = search("志願者走進社區", quantized, HashEncoder(), only=Filter(place="南京"), top_k=50)
    assert len(hits) == 50
    assert {hit.passage.place_name for hit in hits} == {"江蘇南京"}


def test_the_passage_that_was_asked_for_comes_first(quantized: Index, passages: tuple[Passage, ...]) -> None:
    for passage in passages[::100]:
        (hit,) = search(passage.text, quantized, HashEncoder(), top_k=1)
        assert hit.passage == passage


def test_it_is_fit_and_answers_every_kind_of_question(quantized: Index) -> None:
    verify(quantized)
    for question in ("北京有多少志願者？", "哪些地方提到志願者？", "北京和上海有什麼不同？", "你好", "火星"):
        found = answer(question, quantized, HashEncoder())
        assert all(quote.text in quote.passage.text for quote in found.quotes)


def test_passages_that_speak_of_a_topic_are_all_counted(
    quantized: Index, passages: tuple[Passage, ...]
) -> None:
    found = answer("哪些地方提到「期活動」？", quantized, HashEncoder())
    assert all("期活動" in passage.text for passage in passages)
    assert len(passages) > 512, "or all of them would be ranked"
    assert sum(place.passages for place in places_of(found)) == len(passages)


def test_rebuilds_embed_nothing_again_and_lose_no_quality(index: Path, quantized: Index) -> None:
    encoder, before = HashEncoder(), quantized
    for _ in range(2):
        parts = build_generation(before.passages, encoder, reuse=[before], exact_up_to=COUNT - 1)
        before = loaded(parts, encoder)
    assert encoder.passages_encoded == []
    rows = np.arange(0, len(quantized.spans), 7)
    assert np.array_equal(before.sentences.vectors(rows), quantized.sentences.vectors(rows))
    for row in rows[:50].tolist():
        np.testing.assert_allclose(before.tokens.vectors(row), quantized.tokens.vectors(row), atol=1e-6)


def test_a_small_collection_is_built_written_and_served_without_any_of_this(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("retrieval.index.quantized")]:
        monkeypatch.setitem(sys.modules, module, None)
    for module in ("embed_coded", "coded_checkpoint", "quantized_storage"):
        monkeypatch.setitem(sys.modules, f"retrieval.building.{module}", None)
    encoder = HashEncoder()
    with pytest.raises(ImportError):
        build_generation(SMALL_PASSAGES, encoder, exact_up_to=0)
    index = write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path, {})
    assert answer("北京有多少志願者？", index, encoder).hits
