"""Segments text into words and terms, the same for the index and for queries."""

from __future__ import annotations

import functools
import logging
import math
import re
from collections.abc import Iterator, Mapping

import jieba

from retrieval.language.dictionary import Dictionary, WordTable
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


# A question is cut four times: into terms, content words and pieces, and for its places.
_CUTS_CACHED = 64

Route = Mapping[int, tuple[float, int]]
"""By offset: the log probability of the best cut from there on, and the last offset of its first word."""


class _Segmenter(jieba.Tokenizer):  # type: ignore[misc] # jieba has no types
    """jieba with its own dictionary in a compact form, which it reads faster too (0.14 s instead of 0.51)."""

    def __init__(self) -> None:
        """jieba itself would unmarshal a cache file in the folder for temporary files, where anybody may have put one."""
        super().__init__()
        table = _word_table(self)
        self.FREQ = Dictionary.from_words(table, _respelled(table))
        self.total = int(table.counts.sum())
        self.initialized = True
        self._best_route = functools.lru_cache(_CUTS_CACHED)(self._find_best_route)

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 - the name is jieba's
        """Nothing: `calc` finds the words of the sentence itself."""
        return {}

    def calc(self, sentence: str, DAG: object, route: dict[int, tuple[float, int]]) -> None:  # noqa: N803
        route.update(self._best_route(sentence))

    def _find_best_route(self, sentence: str) -> Route:
        """As `jieba.Tokenizer.calc` finds it; a character with which no word begins is one itself."""
        words, log_total = self.FREQ.words_in(sentence), math.log(self.total)
        route: dict[int, tuple[float, int]] = {len(sentence): (0.0, 0)}
        for start in range(len(sentence) - 1, -1, -1):
            route[start] = max(
                (math.log(count) - log_total + route[end + 1][0], end)
                for end, count in words[start] or [(start, 1)]
            )
        return route


def _word_table(segmenter: jieba.Tokenizer) -> WordTable:
    with segmenter.get_dict_file() as file:
        return WordTable.from_file(file.read())


def _respelled(table: WordTable) -> dict[str, int]:
    """Words with characters that folding merges with others, as they are when folded."""
    return {fold(word): count for word, count in table.words_with(_RESPELLED).items()}


@functools.lru_cache(maxsize=1)
def _segmenter() -> _Segmenter:
    jieba.setLogLevel(logging.WARNING)
    return _Segmenter()


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
    return _segmenter().FREQ.get(text, 0)


def known_words() -> list[str]:
    """Every word of the dictionary."""
    table = _word_table(_segmenter())
    return [*map(table.word, range(len(table.starts))), *_respelled(table)]


@functools.lru_cache(4096)
def part_of_speech(word: str) -> str:
    """jieba's tag of a folded word in its dictionary (n, v, ns, …); empty if it is not in it."""
    text = _dictionary_text()
    at = text.find(f"\n{word} ".encode())
    line = text[at + 1 : text.find(b"\n", at + 1)].split() if at >= 0 else []
    return line[2].decode() if len(line) > 2 else ""


@functools.lru_cache(maxsize=1)
def _dictionary_text() -> bytes:
    """Searched as it is: 5 MB, where a mapping of all words would take 60."""
    with _segmenter().get_dict_file() as file:
        return b"\n" + bytes(file.read())
