"""Readings of Chinese characters in pinyin without tones, by pypinyin, whose tables are loaded as far as they are needed."""

from __future__ import annotations

import functools
import gc
import json
import os
import sys
import threading
from types import ModuleType

# A few hundred bytes a character; the bulletins and the questions have some 3,000 different ones.
_CACHED = 8192
# A cached function may run twice at once; the table of phrases is taken from pypinyin once.
_loading = threading.Lock()


@functools.lru_cache(_CACHED)
def readings(character: str) -> frozenset[str]:
    """All readings of a character; itself if it has none."""
    library = _pypinyin()
    return frozenset(library.pinyin(character, style=library.Style.NORMAL, heteronym=True)[0])


@functools.lru_cache(_CACHED)
def syllables(text: str) -> tuple[str, ...]:
    """The reading of each character, as its word has it: 重庆 → chong, qing; others are left together."""
    with _loading:
        _load_phrases()
    return tuple(_pypinyin().lazy_pinyin(text))


@functools.cache
def _pypinyin() -> ModuleType:
    """pypinyin with its table of characters alone (0.1 s, 6 MB); that of phrases takes 0.3 s and 20 MB more."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # both are read when the package is imported
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    import pypinyin

    return pypinyin


@functools.cache
def _load_phrases() -> None:
    """Give pypinyin the phrases that tell a reading: 8 MB instead of 42.

    Of 343,000 words of jieba and names of places 68 are then read in another way, idioms most of them, no place.
    """
    library = _pypinyin()
    text = json.dumps(_telling_phrases(library))
    # The table is freed; what is kept of it does not lie scattered among it.
    del sys.modules["pypinyin.phrases_dict"], library.phrases_dict
    gc.collect()
    library.load_phrases_dict(json.loads(text))


def _telling_phrases(library: ModuleType) -> dict[str, list[list[str]]]:
    """The phrases with a character that is read otherwise than alone, and those that hold such a phrase."""
    from pypinyin.phrases_dict import phrases_dict

    usual = functools.cache(lambda character: library.pinyin(character)[0])
    unusual = {
        phrase
        for phrase, spoken in phrases_dict.items()
        if [one[:1] for one in spoken] != [*map(usual, phrase)]
    }
    return {
        phrase: spoken
        for phrase, spoken in phrases_dict.items()
        if not unusual.isdisjoint(
            phrase[start:end] for start in range(len(phrase)) for end in range(start + 2, len(phrase) + 1)
        )
    }
