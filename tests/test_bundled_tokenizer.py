from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.settings import Settings
from retrieval.bundled_model import bundled_model_folder
from retrieval.bundled_tokenizer import BundledTokenizer
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
    found, known = tokenizer.tokenize(text), whole.encode(text)
    assert list(found.numbers) == known.ids
    assert [tuple(span) for span in found.spans.tolist()] == known.offsets


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


def test_the_whole_tokenizer_is_loaded_for_the_first_text_that_needs_it() -> None:
    tokenizer = BundledTokenizer(bundled_model_folder(Settings().model_cache), LONGEST)
    tokenizer.tokenize("query: 北京榜样每月评出多少人? (2016年)")
    assert "_whole" not in vars(tokenizer)
    tokenizer.tokenize("query: где?")
    assert "_whole" in vars(tokenizer)
