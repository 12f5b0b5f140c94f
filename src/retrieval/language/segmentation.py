"""Segments text into words and terms, the same for the index and for queries."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterator

import jieba

from retrieval.language.folding import fold

_HAN_RUN = re.compile("[㐀-䶿一-鿿\U00020000-\U0003ffff]+")
_WORD = re.compile("[a-z0-9一-鿿㐀-䶿\U00020000-\U0003ffff]")
# Characters that folding merges with others although the dictionary's words hold them: it is to know them as folded too.
_RESPELLED = frozenset("著乾画座像彷甚沈甯濬薰硷幺迳瑯祇俱哩")
# Words of a question that say how it is asked, not about what; single characters count as none anyway.
_QUESTION_WORDS_LISTED = (
    "什么 怎么 怎样 如何 多少 哪些 哪个 哪里 为什么 为啥 有没有 是否 可以 一下 他们 我们 你们 那个 这个 "
    "那边 这边 以及 或者 还是 就是 现在 目前 最后 主要 具体 请问 告诉 想要 知道 一个 哪几 几个 多个 有何 "
    "点样 边个 是什么 叫什么"
)
_QUESTION_WORDS = frozenset(_QUESTION_WORDS_LISTED.split())


@functools.lru_cache(maxsize=1)
def _segmenter() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    segmenter = jieba.Tokenizer()
    _read_dictionary(segmenter)
    return segmenter


def _read_dictionary(segmenter: jieba.Tokenizer) -> None:
    """Loads jieba's own dictionary: words with their counts, and 0 for the beginnings of words.

    jieba itself would unmarshal a cache file in the folder for temporary files, where anybody on the machine may have
    put one; that also takes half as long again.
    """
    with segmenter.get_dict_file() as file:
        fields = file.read().decode("utf-8").split()
    entries, counts = fields[::3], [int(count) for count in fields[1::3]]
    known = dict(zip(entries, counts, strict=True))
    respelled = {fold(word): count for word, count in known.items() if not _RESPELLED.isdisjoint(word)}
    beginnings = [word[:end] for word in (*entries, *respelled) for end in range(1, len(word))]
    segmenter.FREQ = dict.fromkeys(beginnings, 0) | respelled | known
    segmenter.total = sum(counts)
    segmenter.initialized = True


def words(text: str) -> list[str]:
    """The words of the folded text in order, long ones followed by the shorter ones inside them."""
    return [word for word in _segmenter().lcut_for_search(fold(text)) if _WORD.search(word)]


def content_spans(folded: str) -> list[tuple[int, int]]:
    """(start, end) of the content words of a folded text, in order, without overlaps."""
    spans = ((start, start + len(word), word) for word, start, _ in _segmenter().tokenize(folded))
    return [(start, end) for start, end, word in spans if _is_content(word)]


def content_words(text: str) -> list[str]:
    """The words of the text without question words and single characters."""
    return [word for word in words(text) if _is_content(word)]


def _is_content(word: str) -> bool:
    return len(word) >= 2 and word not in _QUESTION_WORDS and _WORD.search(word) is not None


def terms(text: str) -> list[str]:
    """Words and character bigrams of the folded text; bigrams match words that the segmenter cuts differently."""
    segmented = words(text)
    known = set(segmented)
    return [*segmented, *(pair for pair in _bigrams(fold(text)) if pair not in known)]


def _bigrams(folded: str) -> Iterator[str]:
    for run in _HAN_RUN.finditer(folded):
        text = run.group()
        for start in range(len(text) - 1):
            yield text[start : start + 2]


def pieces(text: str) -> list[str]:
    """The whole folded text cut into dictionary words and single characters; jieba guesses no new words."""
    return folded_pieces(fold(text))


def folded_pieces(folded: str) -> list[str]:
    """As `pieces`, for a text that is folded already."""
    return list(_segmenter().lcut(folded, HMM=False))


def word_count(text: str) -> int:
    """The number of times that the folded text occurs as a word in the dictionary's corpus; 0 if it is not in the dictionary."""
    return int(_segmenter().FREQ.get(text) or 0)


def known_words() -> list[str]:
    """Every word of the dictionary."""
    return [word for word, frequency in _segmenter().FREQ.items() if frequency]
