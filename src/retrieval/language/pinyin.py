"""Readings of Chinese characters in pinyin without tones, by pypinyin, whose tables are loaded as far as they are needed."""

from __future__ import annotations

import functools
import os
from types import ModuleType

# A few hundred bytes a character; the bulletins and the questions have some 3,000 different ones.
_CACHED = 8192


@functools.lru_cache(_CACHED)
def readings(character: str) -> frozenset[str]:
    """All readings of a character; itself if it has none."""
    library = _pypinyin()
    return frozenset(library.pinyin(character, style=library.Style.NORMAL, heteronym=True)[0])


@functools.lru_cache(_CACHED)
def syllables(text: str) -> tuple[str, ...]:
    """The reading of each character, as its word has it: 重庆 → chong, qing; others are left together."""
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
    library = _pypinyin()
    from pypinyin.phrases_dict import phrases_dict

    library.load_phrases_dict(phrases_dict)
