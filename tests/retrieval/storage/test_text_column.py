from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.storage.text_column import TextColumn

# Characters whose bytes look like one another's, shifted by one; one of two units; half of a pair.
ALPHABET = "aÃ愀慡a好人\U0001f642\ud83d"
TEXTS = st.lists(st.text(st.sampled_from(ALPHABET), max_size=6), max_size=8)


@given(TEXTS)
def test_texts_come_back_as_they_were_put_in(texts: list[str]) -> None:
    stored = TextColumn.from_texts(texts)
    assert list(stored) == texts
    assert list(stored[1:3]) == texts[1:3]
    assert [stored[-number] for number in range(1, len(texts) + 1)] == texts[::-1]


@given(TEXTS, st.text(st.sampled_from("a愀慡好人"), max_size=3))
def test_the_texts_that_hold_words_are_found(texts: list[str], words: str) -> None:
    found = TextColumn.from_texts(texts).holding(words).tolist()
    assert found == [spot for spot, text in enumerate(texts) if words in text]


@settings(max_examples=20)
@given(TEXTS)
def test_texts_are_loaded_as_they_were_saved(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        TextColumn.from_texts(texts).save(Path(folder))
        assert list(TextColumn.load(Path(folder))) == texts


def test_there_is_no_text_behind_the_last() -> None:
    with pytest.raises(IndexError):
        TextColumn.from_texts(["一"])[1]
