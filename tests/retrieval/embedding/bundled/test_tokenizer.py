from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from retrieval.embedding.bundled.model_folder import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import BundledTokenizer

LONGEST = 512
BEGIN, END = 0, 2


@pytest.fixture(scope="module")
def tokenizer() -> BundledTokenizer:
    return BundledTokenizer(bundled_model_folder(Settings().model_cache), LONGEST)


@settings(max_examples=300)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_tokenized_between_the_marks_of_beginning_and_end(
    tokenizer: BundledTokenizer, text: str
) -> None:
    tokenized = tokenizer.tokenize(text, "query: ")
    assert (tokenized.ids[0], tokenized.ids[-1]) == (BEGIN, END)
    assert len(tokenized.ids) == len(tokenized.spans)
    assert all(0 <= start <= end <= len(text) for start, end in tokenized.spans.tolist())


def test_spans_are_those_of_the_text_without_its_prompt(tokenizer: BundledTokenizer) -> None:
    text = "北京榜樣每月發佈10名月榜人物"
    spans = tokenizer.tokenize(text, "passage: ").spans.tolist()
    assert "".join(text[start:end] for start, end in spans) == text


def test_a_long_text_is_cut_off_where_the_model_reads_no_further(tokenizer: BundledTokenizer) -> None:
    tokenized = tokenizer.tokenize("北" * 5000)
    assert len(tokenized.ids) == LONGEST
    assert tokenized.ids[-1] == END


@pytest.mark.parametrize("content", [None, "", "{", '{"model": {}}'])
def test_a_tokenizer_that_cannot_be_read_is_an_error(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    with pytest.raises((OSError, ValueError)):
        BundledTokenizer(tmp_path, LONGEST)
