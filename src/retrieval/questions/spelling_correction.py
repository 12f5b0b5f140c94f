"""Typos and homophones, mended by pinyin and by context against the index's own vocabulary."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import opencc

from retrieval.index import Index, cached_per_index
from retrieval.index.lexical import BM25Index
from retrieval.language import fold, segmentation
from retrieval.places import find_places
from retrieval.questions.question import Question

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_LONGEST_WORD = 4
_SHORTEST_EDIT = 3  # a word of two characters of which one is another sound is as likely another word
# They stand alone in any sentence and join with whatever is beside them.
_FUNCTION_WORDS = frozenset(
    "的了吗呢吧啊是在有和跟同与被把给对从到往也都就还又很我你您他她它们这那哪几个一各每位没不要会能啥咋谁"
    "嘅咗系唔边啲嗰咩畀俾嚟㗎喺佢哋冇乜嘢"
)
_PLACE_ENDINGS = frozenset("省市区县州盟旗")
# Spellings that many speakers do not tell apart, as the name of one of them.
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_NASAL = re.compile(r"(?<=[ie])ng$")
_RARE_CHARACTER = 1000
_RARE_WORD = 500
"""Counts in jieba's dictionary: what is commoner than these is more likely meant as it stands."""
_WELL_KNOWN = 3
"""Texts that must hold a replacement for weak evidence (a real word, or a sound only near) to count."""
_PASSAGES_READ = (
    2_000  # a second of cutting words; beyond, the dictionary's words that the index knows join them
)
# Questions about the same bulletins ask for the same pairs of characters: about 8 MB of them.
_FREQUENCIES_KEPT = 1 << 16
_CLEARLY_MORE = 2.0
"""How many times as often a replacement must occur as the next one that fits as well."""


@dataclass(frozen=True, slots=True)
class SpellingCorrection:
    """A span of the folded question and what it is read as, of the same length."""

    start: int
    end: int
    replacement: str
    strength: tuple[int, int, int]
    """Tiers of the evidence: sound, length, texts that hold it; the higher the surer."""


class Vocabulary:
    """What words a generation knows, found by all but one of their characters."""

    def __init__(self, sparse: BM25Index, words: Iterable[str], names: Iterable[str]) -> None:
        self._frequency = functools.lru_cache(_FREQUENCIES_KEPT)(sparse.frequency)
        self._names = frozenset(name for name in names if 2 <= len(name) <= _LONGEST_WORD)
        known = self._names.union(word for word in words if 2 <= len(word) <= _LONGEST_WORD)
        self._masked: dict[str, list[str]] = defaultdict(list)
        for word in sorted(known):
            for spot in range(len(word)):
                self._masked[_mask(word, spot)].append(word)
        self.characters = frozenset(itertools.chain.from_iterable(known))

    def knows(self, text: str) -> bool:
        """Whether every pair of neighbouring characters occurs in the index; terms hold all pairs."""
        return all(self._frequency(left + right) for left, right in itertools.pairwise(text))

    def is_name(self, word: str) -> bool:
        """Whether it is a place that is covered."""
        return word in self._names

    def frequency(self, term: str) -> int:
        """How many texts hold the term."""
        return self._frequency(term)

    def neighbours(self, word: str) -> Iterator[tuple[int, str]]:
        """Known words that differ in one character, with where."""
        for spot in range(len(word)):
            yield from ((spot, other) for other in self._masked.get(_mask(word, spot), ()) if other != word)


def _mask(word: str, spot: int) -> str:
    return f"{word[:spot]}_{word[spot + 1 :]}"


@cached_per_index
def vocabulary_of(index: Index) -> Vocabulary:
    """The vocabulary of a generation; a quarter of a second the first time."""
    divisions = [
        division
        for place in index.places
        for mention in find_places(place.name)
        for division in mention.divisions
    ]
    names = {name for found in divisions for name in (found.name, found.short)}
    return Vocabulary(index.bm25, _words_of(index), names)


def _words_of(index: Index) -> set[str]:
    """The words of the passages; what the dictionary does not have counts if it occurs twice."""
    counted = Counter(
        itertools.chain.from_iterable(
            segmentation.words(passage.text) for passage in index.passages[:_PASSAGES_READ]
        )
    )
    found = {
        word
        for word, count in counted.items()
        if _HAN.fullmatch(word) and (count > 1 or segmentation.word_count(word))
    }
    if len(index.passages) > _PASSAGES_READ:
        found.update(word for word in segmentation.known_words() if index.bm25.knows(word))
    return found


def correct_spelling(question: Question, vocabulary: Vocabulary) -> str:
    """The text of the question with what is surely misspelt mended; the text itself where nothing is.

    Only what the index does not know is touched: a word that is known, a place, a function word stay as they are.
    """
    text = list(question.text)
    taken: set[int] = set()
    for mending in sorted(
        _mendings(question, vocabulary), key=lambda found: (found.strength, -found.start), reverse=True
    ):
        span = range(mending.start, mending.end)
        if taken.isdisjoint(span):
            taken.update(span)
            for spot, character in zip(span, _in_script(mending.replacement, question), strict=True):
                if question.folded[spot] != fold(character):
                    text[spot] = character
    return "".join(text)


def _in_script(replacement: str, question: Question) -> str:
    """The replacement in Traditional characters where the question has any."""
    if question.folded == question.text.lower():
        return replacement
    traditional = _to_traditional().convert(replacement)
    return traditional if len(traditional) == len(replacement) else replacement


@functools.lru_cache(maxsize=1)
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class _Window:
    """Some characters of the folded question that stand together."""

    start: int
    text: str
    loose: frozenset[int]
    """Which of its characters stand alone, not in a word of the dictionary."""
    is_whole: bool
    """Whether it cuts no word in two."""


def _windows(question: Question) -> Iterator[_Window]:
    places = {spot for place in question.places for spot in range(place.start, place.end)}
    for run in _HAN.finditer(question.folded):
        cuts = set(itertools.accumulate(map(len, segmentation.pieces(run.group())), initial=run.start()))
        for start in range(run.start(), run.end() - 1):
            for end in range(start + 2, min(start + _LONGEST_WORD, run.end()) + 1):
                text = question.folded[start:end]
                if places.isdisjoint(range(start, end)) and not _FUNCTION_WORDS.intersection(text):
                    loose = frozenset(spot - start for spot in range(start, end) if {spot, spot + 1} <= cuts)
                    yield _Window(start, text, loose, {start, end} <= cuts)


def _mendings(question: Question, vocabulary: Vocabulary) -> Iterator[SpellingCorrection]:
    """The replacement of each window in which one stands out."""
    for window in _windows(question):
        if not vocabulary.knows(window.text):
            yield from _mended(window, vocabulary)


def _mended(window: _Window, vocabulary: Vocabulary) -> Iterator[SpellingCorrection]:
    others = itertools.chain(vocabulary.neighbours(window.text), _in_context(window, vocabulary))
    found = {
        (_tier(window, spot, word, vocabulary), vocabulary.frequency(word), word) for spot, word in others
    }
    fitting = sorted((candidate for candidate in found if candidate[0]), reverse=True)
    if not fitting:
        return
    tier, frequency, word = fitting[0]
    rivals = [other for other in fitting[1:] if other[0] == tier]
    if not rivals or frequency >= _CLEARLY_MORE * max(rivals[0][1], 1):
        yield SpellingCorrection(window.start, window.start + len(word), word, (tier, len(word), frequency))


def _in_context(window: _Window, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """A loose character beside a word, read as another of its sound that is known beside that word (薪媒體)."""
    if len(window.text) < _SHORTEST_EDIT or len(window.loose) != 1 or not window.is_whole:
        return
    (spot,) = window.loose
    before, typed, after = window.text[:spot], window.text[spot], window.text[spot + 1 :]
    if segmentation.word_count(typed) > _RARE_CHARACTER:
        return
    for character in vocabulary.characters - {typed}:
        if vocabulary.knows(f"{before}{character}{after}"):
            yield spot, f"{before}{character}{after}"


def _tier(window: _Window, spot: int, word: str, vocabulary: Vocabulary) -> int:
    """How sure a replacement is: 3 the same sound, 2 nearly the same, 1 another in a long word or a name, 0 none."""
    typed, meant = sounds(window.text[spot]), _sound_in(word, spot)
    well_known = vocabulary.frequency(word) >= _WELL_KNOWN
    if not window.is_whole:
        return 3 if window.loose and vocabulary.is_name(word) and meant in typed else 0
    if not window.loose:
        return (
            3
            if meant in typed and well_known and 0 < segmentation.word_count(window.text) <= _RARE_WORD
            else 0
        )
    if meant in typed:
        return 3
    if well_known and _blurred(meant) in map(_blurred, typed):
        return 2
    return 1 if spot in window.loose and _looks_alike(window.text, spot, word, vocabulary) else 0


def _looks_alike(window: str, spot: int, word: str, vocabulary: Vocabulary) -> bool:
    """Whether the rest of the word leaves no doubt: a long one, or a place with a character unknown otherwise."""
    in_name = vocabulary.is_name(word) and word[spot] not in _PLACE_ENDINGS
    return len(window) == _LONGEST_WORD or (in_name and window[spot] not in vocabulary.characters)


@functools.lru_cache(maxsize=8192)
def sounds(character: str) -> frozenset[str]:
    """All readings of a character in pinyin without tones."""
    from pypinyin import Style, pinyin  # takes a third of a second: only a question that may be misspelt pays

    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


@functools.lru_cache(maxsize=8192)
def _sound_in(word: str, spot: int) -> str:
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(word)
    return syllables[spot] if len(syllables) == len(word) else ""


def _blurred(syllable: str) -> str:
    """The syllable with what many speakers do not tell apart made one: zh and z, n and l, in and ing."""
    for spelling, name in _NEAR:
        if syllable.startswith(spelling):
            syllable = name + syllable.removeprefix(spelling)
            break
    return _NASAL.sub("n", syllable)
