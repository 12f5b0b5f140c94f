from __future__ import annotations

import marshal
import tempfile
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language import segmentation
from retrieval.language.folding import fold
from retrieval.language.segmentation import terms, words
from retrieval.types import Reading

ANY_TEXT = st.text(
    st.characters(), max_size=200
)  # lone surrogates, control characters and all scripts included
HAN_TEXT = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=40)


@given(ANY_TEXT)
def test_any_text_has_terms_or_none_and_never_fails(text: str) -> None:
    found = terms(text)
    assert all(term and not term.isspace() for term in found)


@given(ANY_TEXT)
def test_every_term_stands_in_the_folded_text(text: str) -> None:
    assert all(term in fold(text) for term in terms(text))


@given(HAN_TEXT.filter(lambda text: all(character <= "\uffff" for character in fold(text))))
def test_every_two_neighbouring_han_characters_are_found(text: str) -> None:
    folded = fold(text)
    assert {folded[start : start + 2] for start in range(len(folded) - 1)} <= set(terms(text))


def test_a_character_whose_simplified_form_is_rare_is_found_too() -> None:
    assert terms("瓄")


@given(ANY_TEXT)
def test_words_come_first_among_the_terms(text: str) -> None:
    found = words(text)
    assert terms(text)[: len(found)] == found


def test_a_traditional_text_and_its_simplified_one_have_the_same_terms(seed_reading: Reading) -> None:
    to_simplified = opencc.OpenCC("t2s").convert
    for passage in seed_reading.passages:
        assert terms(passage.text) == terms(to_simplified(passage.text))


def test_a_place_name_in_traditional_script_stays_whole() -> None:
    assert "广州市" in words("廣州市的志願者")


def test_a_long_word_is_followed_by_the_shorter_ones_inside_it() -> None:
    found = words("精神文明建設")
    assert {"精神文明", "精神", "文明", "建设"} <= set(found)
    assert found.index("精神") < found.index("精神文明") < found.index("建设")


def test_full_width_digits_and_capitals_are_the_same_terms_as_plain_ones() -> None:
    assert terms("\uff11\uff10名 \uff21BC") == terms("10名 abc")
    assert "10" in terms("10名")


def test_punctuation_and_emoji_are_no_terms() -> None:
    assert terms("。,!?…《》🙂") == []


def test_no_bigram_reaches_over_a_punctuation_mark() -> None:
    assert "京上" not in terms("北京、上海")


def test_the_dictionary_is_the_one_that_jieba_reads_with_folded_spellings_and_nothing_temporary_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"planted": 1}, 1)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    segmenter = segmentation._segmenter.__wrapped__()
    entries, total = segmenter.gen_pfdict(segmenter.get_dict_file())
    known = {word: count for word, count in entries.items() if count}
    assert segmenter.total == total
    assert segmenter.FREQ.items() >= known.items()
    assert segmenter.FREQ.keys() >= entries.keys()
    respelled = {word for word, count in segmenter.FREQ.items() if count and word not in known}
    assert "干隆" in respelled
    assert respelled <= {*map(fold, known)}
    assert segmenter.lcut("志愿者服务", HMM=False) == ["志愿者", "服务"]
