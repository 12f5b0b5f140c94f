from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.settings import Settings
from retrieval.embedding.bundled.model_folder import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from tests.conftest import BULLETINS

LONGEST = 512
# Nearly all of it is what the small tokenizer takes; the last characters are not.
MIXED = st.text(
    st.sampled_from("北京榜樣每月評出多少人志願服務的一二三abcXYZ019 \n　,。?、《》“”·—…①½ｆ𠮷я🙂한\x00"),
    max_size=60,
)


@pytest.fixture(scope="module")
def tokenizer() -> BundledTokenizer:
    return BundledTokenizer(bundled_model_folder(Settings().model_cache), LONGEST)


@pytest.fixture(scope="module")
def whole() -> Tokenizer:
    """The tokenizer of all pieces, as sentence-transformers loads it."""
    path = bundled_model_folder(Settings().model_cache) / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def assert_the_same(text: str, tokenizer: BundledTokenizer, whole: Tokenizer) -> None:
    tokenized, expected = tokenizer.tokenize(text), whole.encode(text)
    assert list(tokenized.ids) == expected.ids
    assert [tuple(span) for span in tokenized.spans.tolist()] == expected.offsets


@settings(max_examples=300)
@given(text=MIXED)
def test_any_text_is_cut_as_by_all_pieces(tokenizer: BundledTokenizer, whole: Tokenizer, text: str) -> None:
    assert_the_same(text, tokenizer, whole)


def test_every_line_of_the_bulletins_is_cut_as_by_all_pieces(
    tokenizer: BundledTokenizer, whole: Tokenizer
) -> None:
    for path in sorted(BULLETINS.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert_the_same(f"passage: {line}", tokenizer, whole)


@pytest.mark.parametrize(
    "text",
    [
        "где библиотека?",
        "浙江嗰個投票點讚嘅頁面",
        "𠮶个投票",
        "ボランティア",
        "자원봉사",
        "🙂 👍🏽",
        "Xī'ān ½ ﬁ",
        "\u0301",
        "",
    ],
)
def test_any_script_is_cut_as_by_all_pieces(tokenizer: BundledTokenizer, whole: Tokenizer, text: str) -> None:
    assert_the_same(f"query: {text}", tokenizer, whole)


@settings(max_examples=200)
@given(text=st.text(max_size=30))
def test_whatever_unicode_holds_is_cut_as_by_all_pieces(
    tokenizer: BundledTokenizer, whole: Tokenizer, text: str
) -> None:
    assert_the_same(text, tokenizer, whole)
