from __future__ import annotations

import json
import marshal
import tempfile
from pathlib import Path

import jieba
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


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """jieba with its own dictionary and the folded spellings, in a dict of Python."""
    segmenter = jieba.Tokenizer()
    with segmenter.get_dict_file() as file:
        fields = file.read().decode("utf-8").split()
    counts = [*map(int, fields[1::3])]
    known = dict(zip(fields[::3], counts, strict=True))  # a word is listed twice: the later count is its own
    respelled = {fold(word): count for word, count in known.items() if set(word) & segmentation._RESPELLED}
    assert "干隆" in respelled.keys() - known.keys()
    beginnings = [word[:end] for word in (*known, *respelled) for end in range(1, len(word))]
    segmenter.FREQ = dict.fromkeys(beginnings, 0) | respelled | known
    segmenter.total, segmenter.initialized = sum(counts), True
    return segmenter


def test_the_dictionary_holds_every_word_and_beginning_that_jieba_reads_and_none_besides(
    reference: jieba.Tokenizer,
) -> None:
    segmenter = segmentation._segmenter()
    assert segmenter.total == reference.total
    assert len(segmenter.FREQ) == len(reference.FREQ)
    assert all(segmenter.FREQ[entry] == count for entry, count in reference.FREQ.items())
    assert set(segmentation.known_words()) == {word for word, count in reference.FREQ.items() if count}


def test_jieba_cuts_the_bulletins_and_the_questions_as_with_its_own_dictionary(
    reference: jieba.Tokenizer, seed_reading: Reading
) -> None:
    questions = [
        str(json.loads(line)["q"])
        for file in sorted(Path("data/eval").glob("questions*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    for text in (*(passage.text for passage in seed_reading.passages), *questions):
        assert_cut_alike(fold(text), reference)


@given(
    ANY_TEXT
    | HAN_TEXT
    | st.lists(st.sampled_from(["2018-2020", "covid-19", "10-15", "志愿者", "好", " ", "5%"])).map("".join)
)
def test_jieba_cuts_any_text_as_with_its_own_dictionary(reference: jieba.Tokenizer, text: str) -> None:
    assert_cut_alike(fold(text), reference)


def assert_cut_alike(folded: str, reference: jieba.Tokenizer) -> None:
    segmenter = segmentation._segmenter()
    assert segmenter.lcut_for_search(folded) == reference.lcut_for_search(folded)
    assert segmenter.lcut(folded, HMM=False) == reference.lcut(folded, HMM=False)


def test_no_dictionary_from_the_folder_for_temporary_files_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"planted": 1}, 1)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    segmenter = segmentation._segmenter.__wrapped__()
    assert "planted" not in segmenter.FREQ
    assert segmenter.lcut("志愿者服务", HMM=False) == ["志愿者", "服务"]
