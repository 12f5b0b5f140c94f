"""Corrects typos and homophones by pinyin and by context, against the vocabulary of the index."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.index import Index, cached_per_index
from retrieval.index.lexical import KeywordIndex
from retrieval.language import fold, pinyin, scripts, segmentation
from retrieval.places import find_places
from retrieval.questions.question import Question, read_question

_HAN = re.compile(r"[㐀-䶿一-鿿]+")
_LONGEST_WORD = 4
_SHORTEST_EDIT = 3  # a two-character word with one other sound is as likely another word
# Characters that form no word with their neighbours.
_FUNCTION_WORDS = frozenset(
    "的了吗呢吧啊是在有和跟同与被把给对从到往也都就还又很我你您他她它们这那哪几个一各每位没不要会能啥咋谁"
    "嘅咗系唔边啲嗰咩畀俾嚟㗎喺佢哋冇乜嘢"
)
_PLACE_ENDINGS = frozenset("省市区县州盟旗")
# Initials that many speakers do not distinguish: the spelling, and the common name of both.
_NEAR_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_NASAL = re.compile(r"(?<=[ie])ng$")
_RARE_CHARACTER = 1000
_RARE_WORD = 500
"""Counts in jieba's dictionary: anything more frequent is more likely meant as typed."""
_WELL_KNOWN = 3
"""Texts that must hold a replacement for weak evidence (a real word, or a sound only near) to count."""
_PASSAGES_READ = 2_000
"""Passages that are segmented for words, which takes a second; in a larger index, the dictionary's words that BM25 knows
are added."""
# Questions about the same bulletins look up the same pairs of characters: about 8 MB of them.
_CACHED_FREQUENCIES = 1 << 16
_CLEARLY_MORE = 2.0
"""A replacement must occur this many times as often as the next one of the same tier."""


@dataclass(frozen=True, slots=True)
class SpellingCorrection:
    """A span of the folded question and its replacement, of the same length."""

    start: int
    end: int
    replacement: str
    strength: tuple[int, int, int]
    """The evidence: tier of the sound, length, texts that hold the replacement; higher is surer."""


class Vocabulary:
    """The words that an index holds, found by all but one of their characters."""

    def __init__(
        self, bm25: KeywordIndex, words: Iterable[str], names: Iterable[str], written: Iterable[str] = ()
    ) -> None:
        self._frequency = functools.lru_cache(_CACHED_FREQUENCIES)(bm25.frequency)
        self._names = frozenset(name for name in names if 2 <= len(name) <= _LONGEST_WORD)
        known = self._names.union(word for word in words if 2 <= len(word) <= _LONGEST_WORD)
        self._masked: dict[str, list[str]] = defaultdict(list)
        for word in sorted(known):
            for offset in range(len(word)):
                self._masked[_mask(word, offset)].append(word)
        self.characters = frozenset(itertools.chain.from_iterable(known))
        self._written = self.characters.union(written)

    def knows(self, text: str) -> bool:
        """Whether every pair of neighbouring characters occurs in the index; terms hold all pairs."""
        return all(self._frequency(left + right) for left, right in itertools.pairwise(text))

    def writes(self, character: str) -> bool:
        """Whether the character stands in a text of the index: it gives way to one of the same sound alone."""
        return character in self._written

    def is_name(self, word: str) -> bool:
        """Whether it is the name of a covered place."""
        return word in self._names

    def frequency(self, term: str) -> int:
        """The number of texts that hold the term."""
        return self._frequency(term)

    def neighbours(self, word: str) -> Iterator[tuple[int, str]]:
        """Known words that differ in one character, each after the offset of that character."""
        for offset in range(len(word)):
            masked = self._masked.get(_mask(word, offset), ())
            yield from ((offset, other) for other in masked if other != word)


def _mask(word: str, offset: int) -> str:
    return f"{word[:offset]}_{word[offset + 1 :]}"


@cached_per_index
def vocabulary_of(index: Index) -> Vocabulary:
    """The vocabulary of an index; the first call takes a quarter of a second."""
    divisions = [
        division
        for place in index.places
        for mention in find_places(place.name)
        for division in mention.divisions
    ]
    names = {name for division in divisions for name in (division.name, division.short)}
    written = itertools.chain.from_iterable(index.folded_texts[:_PASSAGES_READ])
    return Vocabulary(index.bm25, _words_of(index), names, written)


def _words_of(index: Index) -> set[str]:
    """The words of the passages; a word that is not in the dictionary must occur twice."""
    counts = Counter(
        itertools.chain.from_iterable(
            segmentation.words(passage.text) for passage in index.passages[:_PASSAGES_READ]
        )
    )
    words = {
        word
        for word, count in counts.items()
        if _HAN.fullmatch(word) and (count > 1 or segmentation.word_count(word))
    }
    if len(index.passages) > _PASSAGES_READ:
        words.update(word for word in segmentation.known_words() if index.bm25.knows(word))
    return words


def corrected_question(question: Question, index: Index) -> Question:
    """The question with its spelling corrected; the same object if nothing was corrected."""
    if question.is_empty or question.small_talk:
        return question
    text = correct_spelling(question, vocabulary_of(index))
    return question if text == question.text else read_question(text)


def correct_spelling(question: Question, vocabulary: Vocabulary) -> str:
    """The text of the question with clear misspellings corrected.

    A known word, a place and a function word stay as they are.
    """
    text = list(question.text)
    taken: set[int] = set()
    for correction in sorted(
        _corrections(question, vocabulary), key=lambda each: (each.strength, -each.start), reverse=True
    ):
        span = range(correction.start, correction.end)
        if taken.isdisjoint(span):
            taken.update(span)
            for offset, character in zip(span, _in_script(correction.replacement, question), strict=True):
                if question.folded[offset] != fold(character):
                    text[offset] = character
    return "".join(text)


def _in_script(replacement: str, question: Question) -> str:
    """The replacement in Traditional characters if the question has any."""
    if question.folded == question.text.lower():
        return replacement
    traditional = scripts.to_traditional(replacement)
    return traditional if len(traditional) == len(replacement) else replacement


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring characters of the folded question."""

    start: int
    text: str
    loose: frozenset[int]
    """Offsets of characters that are in no word of the dictionary."""
    is_whole: bool
    """Whether it cuts no word in two."""


def _windows(question: Question, vocabulary: Vocabulary) -> Iterator[_Window]:
    """The windows with neighbouring characters that the index has nowhere beside each other.

    None holds a function word or a part of a place.
    """
    folded, in_places = (
        question.folded,
        {at for place in question.places for at in range(place.start, place.end)},
    )
    for run in _HAN.finditer(folded):
        is_open = [
            at not in in_places and folded[at] not in _FUNCTION_WORDS for at in range(run.start(), run.end())
        ]
        unseen = [
            all(is_open[at : at + 2]) and not vocabulary.knows(run.group()[at : at + 2])
            for at in range(len(is_open) - 1)
        ]
        if any(unseen):
            yield from _windows_of(run, is_open, unseen)


def _windows_of(run: re.Match[str], is_open: Sequence[bool], unseen: Sequence[bool]) -> Iterator[_Window]:
    """The windows of open characters in a run of Chinese that hold an unseen pair, which is named by its first offset."""
    text = run.group()
    cuts = set(itertools.accumulate(map(len, segmentation.pieces(text)), initial=0))
    for start in range(len(text) - 1):
        for end in range(start + 2, min(start + _LONGEST_WORD, len(text)) + 1):
            if not all(is_open[start:end]):
                break
            if any(unseen[start : end - 1]):
                loose = frozenset(at - start for at in range(start, end) if {at, at + 1} <= cuts)
                yield _Window(run.start() + start, text[start:end], loose, {start, end} <= cuts)


def _corrections(question: Question, vocabulary: Vocabulary) -> Iterator[SpellingCorrection]:
    """One correction for each window that has a clear replacement."""
    for window in _windows(question, vocabulary):
        yield from _correct(window, vocabulary)


def _correct(window: _Window, vocabulary: Vocabulary) -> Iterator[SpellingCorrection]:
    others = itertools.chain(vocabulary.neighbours(window.text), _in_context(window, vocabulary))
    candidates = {
        (_tier(window, offset, word, vocabulary), vocabulary.frequency(word), word) for offset, word in others
    }
    fitting = sorted((candidate for candidate in candidates if candidate[0]), reverse=True)
    if not fitting:
        return
    tier, frequency, word = fitting[0]
    rivals = [other for other in fitting[1:] if other[0] == tier]
    if not rivals or frequency >= _CLEARLY_MORE * max(rivals[0][1], 1):
        yield SpellingCorrection(window.start, window.start + len(word), word, (tier, len(word), frequency))


def _in_context(window: _Window, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Replacements of a loose character that the index has beside the same neighbours (新媒體 for 薪媒體)."""
    if len(window.text) < _SHORTEST_EDIT or len(window.loose) != 1 or not window.is_whole:
        return
    (offset,) = window.loose
    before, typed, after = window.text[:offset], window.text[offset], window.text[offset + 1 :]
    if segmentation.word_count(typed) > _RARE_CHARACTER:
        return
    for character in vocabulary.characters - {typed}:
        if vocabulary.knows(f"{before}{character}{after}"):
            yield offset, f"{before}{character}{after}"


def _tier(window: _Window, offset: int, word: str, vocabulary: Vocabulary) -> int:
    """Certainty of a replacement: 3 same sound, 2 near sound, 1 another sound in a long word or a name, 0 none.

    Sounds are compared last: they are looked up in tables that take 0.1 s and 0.3 s to load.
    """
    typed, well_known = window.text[offset], vocabulary.frequency(word) >= _WELL_KNOWN
    if not window.is_whole:
        may_be_meant = bool(window.loose) and vocabulary.is_name(word)
        return 3 if may_be_meant and _sounds_like(typed, word, offset) else 0
    if not window.loose:
        is_rare = 0 < segmentation.word_count(window.text) <= _RARE_WORD
        return 3 if is_rare and well_known and _sounds_like(typed, word, offset) else 0
    if _sounds_like(typed, word, offset):
        return 3
    if vocabulary.writes(window.text[offset]):
        return 0
    if well_known and _sounds_nearly_like(typed, word, offset):
        return 2
    return 1 if offset in window.loose and _looks_alike(window.text, offset, word, vocabulary) else 0


def _sounds_like(typed: str, word: str, offset: int) -> bool:
    """Whether a character may be read as the one in the word is."""
    return bool(pinyin.readings(typed) & pinyin.readings(word[offset])) and _sound_in(
        word, offset
    ) in pinyin.readings(typed)


def _sounds_nearly_like(typed: str, word: str, offset: int) -> bool:
    """As `_sounds_like`, with sounds merged that many speakers do not distinguish."""
    heard = {*map(_blurred, pinyin.readings(typed))}
    return (
        bool(heard & {*map(_blurred, pinyin.readings(word[offset]))})
        and _blurred(_sound_in(word, offset)) in heard
    )


def _looks_alike(window: str, offset: int, word: str, vocabulary: Vocabulary) -> bool:
    """Whether the rest of the word identifies it: a long word, or a place name where the index lacks the character."""
    in_name = vocabulary.is_name(word) and word[offset] not in _PLACE_ENDINGS
    return len(window) == _LONGEST_WORD or (in_name and window[offset] not in vocabulary.characters)


def _sound_in(word: str, offset: int) -> str:
    """The reading of a character in a word; the phrases are looked up only if it has several."""
    if len(alone := pinyin.readings(word[offset])) == 1:
        return next(iter(alone))
    syllables = pinyin.syllables(word)
    return syllables[offset] if len(syllables) == len(word) else ""


def _blurred(syllable: str) -> str:
    """The syllable with sounds merged that many speakers do not distinguish: zh and z, n and l, in and ing."""
    for spelling, name in _NEAR_INITIALS:
        if syllable.startswith(spelling):
            syllable = name + syllable.removeprefix(spelling)
            break
    return _NASAL.sub("n", syllable)
