"""The extractor finds the span of a text that answers a question, or none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.settings import Settings
from retrieval.embedding.bundled import extractor_weights
from retrieval.embedding.bundled.extractor import EXTRACTOR_FOLDER, BundledExtractor, Heads, best_span
from retrieval.embedding.bundled.extractor_weights import (
    ExtractorWeights,
    known_pieces,
    read_extractor_source,
)
from retrieval.embedding.bundled.model_folder import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.errors import BulletinBotError
from retrieval.language import fold
from retrieval.types import Encoder, Extractor

UNKNOWN = 3  # of the token ids
TEXT = fold(
    "洛陽市今年新組建志願服務隊86支,其中高校32支。退休教師郭素琴牽頭成立小隊,隊員每周二下午輔導作業。"
)


@pytest.fixture(scope="module")
def extractor(encoder: Encoder) -> Extractor:
    assert encoder.extractor is not None
    return encoder.extractor


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("今年新組建了多少支志願服務隊?", "86支"),
        ("高校有幾支志願服務隊?", "32支"),
        ("誰牽頭成立了小隊?", "郭素琴"),
        ("什麼時候輔導作業?", "每周二下午"),
    ],
)
def test_the_span_that_answers_is_found(extractor: Extractor, question: str, answer: str) -> None:
    (found,) = extractor.extract(fold(question), [(TEXT, 0)])

    assert fold(answer) in TEXT[found.start : found.end]
    assert found.score > 0


def test_a_question_that_the_text_does_not_answer_scores_lower(extractor: Extractor) -> None:
    (answered,) = extractor.extract(fold("高校有幾支志願服務隊?"), [(TEXT, 0)])
    for question in ("小隊的電話是多少?", "輔導作業收多少錢?", "郭素琴今年多大年紀?"):
        (unanswered,) = extractor.extract(fold(question), [(TEXT, 0)])
        assert unanswered.score < answered.score - 4


def test_the_path_before_a_window_never_answers(extractor: Extractor) -> None:
    (found,) = extractor.extract("哪座城市?", [("洛阳市 志愿服务:" + TEXT, 9)])

    assert found.start >= 9


def test_a_window_has_the_same_answer_alone_among_others_and_from_any_thread(extractor: Extractor) -> None:
    question = fold("高校有幾支志願服務隊?")
    windows = [(TEXT, 0), (TEXT[:25], 0), (TEXT * 3, 0)]
    together = extractor.extract(question, windows)

    with ThreadPoolExecutor(4) as threads:
        alone = list(threads.map(lambda window: extractor.extract(question, [window])[0], windows * 4))

    assert alone == together * 4


def test_texts_beyond_the_longest_are_cut_off_and_empty_ones_have_no_answer(extractor: Extractor) -> None:
    long, empty, none = extractor.extract("多少支" * 80, [(TEXT * 20, 0), ("", 0), (TEXT, len(TEXT))])

    assert long.end <= len(TEXT * 20)
    assert empty.score == none.score == -np.inf
    assert extractor.extract("多少支", []) == []


@given(arrays.arrays(np.float32, (20, 2), elements=st.floats(-20, 20, width=32)), st.integers(0, 25))
def test_the_best_span_is_the_best_of_all_behind_the_body(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float32]], body: int
) -> None:
    spans = np.array([(at, at + 1) for at in range(20)])

    found = best_span(logits, spans, body)

    scores = [
        logits[first, 0] + logits[last, 1] - logits[0].sum()
        for first in range(20)
        for last in range(first, 20)
        if first + 1 > body
    ]
    assert np.isclose(found.score, max(scores, default=-np.inf), atol=1e-3)
    assert not scores or (found.end > found.start and found.end > body)


@given(arrays.arrays(np.float32, (6, 8), elements=st.floats(-2, 2, width=32)))
def test_weights_come_back_within_half_a_step_of_their_row(
    matrix: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    matrix[:, 0] = 0.05  # no row of a trained layer is smaller
    heads, biases = np.ones((2, 8), np.float32), np.zeros(2, np.float32)
    weights = ExtractorWeights({"layer.weight": matrix, "layer.bias": matrix[0]}, heads, biases)

    back = ExtractorWeights.from_bytes(weights.to_bytes())

    step = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(back.tensors["layer.weight"] - matrix) <= 0.57 * step + 1e-6).all()
    assert np.allclose(back.tensors["layer.bias"], matrix[0], rtol=1e-3, atol=1e-6)
    assert np.array_equal(back.heads, heads)


def test_weights_that_were_altered_are_refused_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_extractor_source()
    monkeypatch.setattr(extractor_weights, "EXTRACTOR_DIGEST", "0" * 64)

    with pytest.raises(BulletinBotError, match=r"missing or damaged: install the program again\.$"):
        read_extractor_source()


def test_han_digits_and_likely_latin_pieces_are_known_and_unlikely_ones_are_not() -> None:
    latin = [(f"\u2581w{number}", -5.0 - number) for number in range(20_010)]
    pieces = [
        ("<s>", 0.0),
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        ("志愿", -9.0),
        ("2024", -99.0),
        *latin,
    ]

    known = known_pieces(Vocabulary(pieces, 0, 2, 1, 3)).tolist()

    assert known[:6] == list(range(6))
    assert len(known) == 6 + 20_000
    assert known == sorted(known)


def test_unknown_pieces_share_the_row_of_the_unknown_one() -> None:
    folder = bundled_model_folder(Settings().model_cache)
    heads = Heads.load(folder / EXTRACTOR_FOLDER / "heads.npz")

    assert heads.weights.shape == (2, 384)
    unknown = heads.pieces[UNKNOWN]
    assert 55_000 < (heads.pieces == unknown).sum() < 65_000


def test_nothing_is_loaded_before_the_first_call(tmp_path: Path) -> None:
    folder = bundled_model_folder(Settings().model_cache)
    unread = BundledExtractor(tmp_path, BundledTokenizer(folder, 512))

    with pytest.raises(OSError, match=r"heads\.npz"):
        unread.extract("多少", [(TEXT, 0)])
