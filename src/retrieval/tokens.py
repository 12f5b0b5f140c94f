"""Terms of a text: the one door for the index and for queries."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator

import jieba

from retrieval.text import fold

_HAN_RUN = re.compile(r"[㐀-䶿一-鿿]+")
_WORD = re.compile(r"[a-z0-9一-鿿㐀-䶿]")


@functools.lru_cache(maxsize=1)
def _segmenter() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    return segmenter


def words(text: str) -> list[str]:
    """The words of the folded text in order, long ones followed by the shorter ones inside them."""
    return [word for word in _segmenter().lcut_for_search(fold(text)) if _WORD.search(word)]


def terms(text: str) -> list[str]:
    """Words and character bigrams of the folded text; bigrams find what the segmenter cuts differently."""
    found = words(text)
    known = set(found)
    return [*found, *(pair for pair in _bigrams(fold(text)) if pair not in known)]


def _bigrams(folded: str) -> Iterator[str]:
    for run in _HAN_RUN.finditer(folded):
        text = run.group()
        for start in range(len(text) - 1):
            yield text[start : start + 2]


def pieces(text: str) -> list[str]:
    """The folded text cut into dictionary words and single characters, nothing left out and nothing guessed."""
    return list(_segmenter().lcut(fold(text), HMM=False))


def word_count(text: str) -> int:
    """How often the dictionary's own corpus had the folded text as a word; 0 for what is none."""
    return int(_segmenter().FREQ.get(text) or 0)


def known_words() -> list[str]:
    """Every word of the dictionary."""
    return [word for word, frequency in _segmenter().FREQ.items() if frequency]
