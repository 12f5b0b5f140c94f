"""Folding keeps every offset; sentences cover the text."""

from __future__ import annotations

import functools
import itertools
import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.language.sentences import first_sentence, sentence_spans

BULLETINS = Path(__file__).parents[3] / "data/bulletins"
TEXTS_FOLDER = os.environ.get("READING_COMPREHENSION_DIR")
"""A folder with the published CMRC 2018 and DRCD files (JSON), which may not be handed on with this program."""
TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("羣臺裏。！？；\uff01\uff1f\uff1b”」\n 上海一ＡＢ?3")
    ),
    max_size=80,
)


@given(TEXTS)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(TEXTS)
def test_sentences_leave_out_nothing_but_white_space(text: str) -> None:
    spans = list(sentence_spans(text))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_both_widths_of_a_mark_end_a_sentence() -> None:
    assert first_sentence("真的\uff1f是的\uff01") == "真的\uff1f"
    assert first_sentence("真的?是的!") == "真的?"


def test_a_lost_decimal_point_ends_no_sentence() -> None:
    assert first_sentence("由11?74%提升到80?62%。下一句。") == "由11?74%提升到80?62%。"


def test_both_scripts_fold_alike() -> None:
    assert fold("臺灣羣眾，ABC") == fold("台湾群众,abc")


@functools.cache
def converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def unequal(texts: Iterator[str]) -> list[tuple[str, str]]:
    """The texts that fold otherwise once they are folded or in the other script."""
    return [
        (name, text)
        for text in texts
        for name in ("folded", "s2t", "t2s")
        if fold(fold(text) if name == "folded" else converter(name).convert(text)) != fold(text)
    ]


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("看著", "看着"),
        ("沿著海岸", "沿着海岸"),
        ("著名作家的名著", "著名作家的名著"),
        ("對於潛在的問題", "对于潜在的问题"),
        ("由於潛水", "由于潜水"),
        ("餅乾隆重登場", "饼干隆重登场"),
        ("乾隆年間的乾縣", "乾隆年间的乾县"),
        ("甯夏", "宁夏"),
        ("疏濬", "疏浚"),
        ("甚麼", "什么"),
        ("衹有", "只有"),
        ("計畫與規畫", "计划与规划"),
        ("座標", "坐标"),
        ("海哩", "海里"),
        ("傢俱", "家具"),
        ("想像", "想象"),
        ("彷彿", "仿佛"),
        ("深沈的瀋陽", "深沉的沈阳"),
        ("項鍊", "项链"),
        ("毛坏", "毛坯"),
        ("餘馀", "余余"),
    ],
)
def test_a_word_folds_alike_in_both_scripts(traditional: str, simplified: str) -> None:
    assert fold(traditional) == fold(simplified) == fold(fold(traditional))


def test_each_character_folds_like_what_the_other_script_makes_of_it() -> None:
    characters = map(chr, (*range(0x20, 0xD800), *range(0xE000, 0x32000)))
    single = (char for char in characters if len(converter("s2t").convert(char)) == 1)
    assert unequal(char for char in single if len(converter("t2s").convert(char)) == 1) == []


def test_a_radical_folds_to_its_character() -> None:
    kangxi = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert fold(kangxi) == fold(unicodedata.normalize("NFKC", kangxi))
    assert fold("⼈⺠⽂⽕⻓⻋⻅⻔⻛") == fold("人民文火长车见门风")
    used = [char for char in map(chr, range(0x2E9F, 0x2EF4)) if "SIMPLIFIED" in unicodedata.name(char, "")]
    assert len(used) > 20
    assert not any("\u2e80" <= fold(char) <= "\u2eff" for char in used)


def test_the_bulletins_fold_alike_in_both_scripts() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(BULLETINS.glob("*.txt"))]
    assert texts
    assert unequal(line for text in texts for line in text.splitlines()) == []


@pytest.mark.skipif(
    not TEXTS_FOLDER, reason="READING_COMPREHENSION_DIR names no folder with CMRC and DRCD files"
)
def test_published_texts_fold_alike_in_both_scripts() -> None:
    files = sorted(Path(TEXTS_FOLDER or "").glob("*.json"))
    assert files
    texts = {text for file in files for text in strings(json.loads(file.read_text(encoding="utf-8")))}
    assert unequal(iter(texts)) == []


def strings(node: object) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from strings(child)
