"""Finds every name in a folded text that some division bears, before the text around it decides which is meant."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.language import Pattern, fold
from retrieval.places.aliases import (
    ABBREVIATIONS,
    CITY_ABBREVIATIONS,
    CLEAR_ABBREVIATIONS,
    LOOSE_NICKNAMES,
    NICKNAMES,
    find_latin_names,
)
from retrieval.places.areas import named_area_end
from retrieval.places.gazetteer import Division, divisions, names
from retrieval.places.word_boundaries import WordBoundaries

_LONGEST_NAME = 16
_FULL_NAME = Pattern(re.compile("[市区县州盟旗]$"), "下城区", "下城")
# 上海市民 are the people of 上海; 上海市民政局 is an office of 上海市.
_PEOPLE = Pattern(re.compile("市民(?![政主办宗营委俗族间警生国革盟进建航防兵])"), "上海市民", "上海市民政局")
_LONGEST_NICKNAME = 6
# The shortest Latin spellings are Xi'an and Hami.
_LATIN_LETTERS = Pattern(re.compile("[a-z]{4}|[a-z]['\u2019][a-z]"), "in xi'an", "app上线")
_BEFORE_NICKNAME = ("", "在", "是", "问", ",", " ")
_AFTER_NICKNAME_OF_ELSE = ("机场", "博物", "图书", "师范")
_BEFORE_DESTINATION = ("在", "来", "赴", "驻", "抵", "离")
# Abbreviations that are common words behind those: 在新…, 来青….
_NO_DESTINATIONS = "新黑青台宁甘吉"
_AFTER_CLEAR_ABBREVIATION = ("", "上", "内", "市", "省", ":", "的")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name at `text[start:end]` and the divisions that bear it, widest first."""

    start: int
    end: int
    divisions: tuple[Division, ...]
    is_alias: bool = False
    """True for a nickname, an abbreviation, pinyin or English, which stand for one division."""


def find_candidates(folded: str, words: WordBoundaries) -> Iterator[Candidate]:
    """The longest name at each position where a word begins, left to right, without overlaps."""
    latin_names = {start: (end, division) for start, end, division in _latin_names(folded)}
    position = 0
    previous: Candidate | None = None
    while position < len(folded):
        candidate = _official_name_at(folded, position, words) or _inner_name_at(folded, position, previous)
        if candidate is None and position in latin_names:
            end, division = latin_names[position]
            candidate = Candidate(position, end, (division,), is_alias=True)
        if candidate is None or folded[position : candidate.end] in NICKNAMES:
            candidate = _alias_at(folded, position, words) or candidate
        if candidate:
            previous = candidate
            yield candidate
        position = candidate.end if candidate else position + 1


def _latin_names(folded: str) -> Iterable[tuple[int, int, Division]]:
    return find_latin_names(folded) if _LATIN_LETTERS.regex.search(folded) else ()


@functools.lru_cache(maxsize=1)
def _first_pairs() -> frozenset[str]:
    """The first two characters of every name and nickname."""
    return frozenset(name[:2] for name in (*names(), *NICKNAMES))


def may_name_places(folded: str) -> bool:
    """False only if `find_candidates` finds none; much cheaper."""
    first_pairs = _first_pairs()
    return (
        any(folded[index : index + 2] in first_pairs for index in range(len(folded) - 1))
        or bool(_LATIN_LETTERS.regex.search(folded))
        or any(character in ABBREVIATIONS or character in CITY_ABBREVIATIONS for character in folded)
    )


def may_open_with_place(text: str) -> bool:
    """False only if no place is named at the very beginning of the text; much cheaper than finding it."""
    folded = fold(text)
    first_pair, first = folded[:2], folded[:1]
    is_chinese = "一" <= first <= "鿿"
    is_abbreviation = first in ABBREVIATIONS or first in CITY_ABBREVIATIONS
    if named_area_end(folded) is not None:
        return True
    return not is_chinese or first_pair in _first_pairs() or is_abbreviation


def _official_name_at(folded: str, start: int, words: WordBoundaries) -> Candidate | None:
    if folded[start : start + 2] not in _first_pairs():
        return None
    for length in range(min(_LONGEST_NAME, len(folded) - start), 1, -1):
        bearers = names().get(folded[start : start + length])
        is_cut = length > 2 and _PEOPLE.regex.match(folded, start + length - 1)
        if bearers and not is_cut and words.is_whole(folded, start, start + length):
            return Candidate(start, start + length, bearers)
    return None


def _inner_name_at(folded: str, start: int, outer: Candidate | None) -> Candidate | None:
    """The whole name of a division inside the one named right before it, wherever words seem to begin: 杭州|下城区."""
    if outer is None or outer.end != start or folded[start : start + 2] not in _first_pairs():
        return None
    for length in range(min(_LONGEST_NAME, len(folded) - start), 2, -1):
        name = folded[start : start + length]
        bearers = names().get(name, ()) if _FULL_NAME.regex.search(name) else ()
        if any(inner.is_inside(division) for inner in bearers for division in outer.divisions):
            return Candidate(start, start + length, bearers)
    return None


def _alias_at(folded: str, start: int, words: WordBoundaries) -> Candidate | None:
    may_be_nickname = folded[start : start + 2] in _first_pairs()
    longest = min(_LONGEST_NICKNAME, len(folded) - start) if may_be_nickname else 0
    for length in range(longest, 1, -1):
        name = folded[start : start + length]
        code = NICKNAMES.get(name)
        if code and words.is_whole(folded, start, start + length) and _is_nickname(folded, start, name):
            return Candidate(start, start + length, (divisions()[code],), is_alias=True)
    code = _abbreviation_at(folded, start, words)
    return Candidate(start, start + 1, (divisions()[code],), is_alias=True) if code else None


def _is_nickname(folded: str, start: int, name: str) -> bool:
    """Whether a nickname that is also a word means the place: 江城怎麼做, but not 美麗山城 or 首都機場."""
    if name not in LOOSE_NICKNAMES:
        return True
    before, after = folded[start - 1 : start], folded[start + len(name) : start + len(name) + 2]
    return before in _BEFORE_NICKNAME and not after.startswith(_AFTER_NICKNAME_OF_ELSE)


def _abbreviation_at(folded: str, start: int, words: WordBoundaries) -> str | None:
    """The code of the division that the character abbreviates in this context, or None: 在沪企业, 全粤."""
    character = folded[start]
    code = ABBREVIATIONS.get(character) or CITY_ABBREVIATIONS.get(character)
    if not code or not words.is_whole(folded, start, start + 1):
        return None
    before, after = folded[start - 1 : start] if start else "", folded[start + 1 : start + 2]
    is_destination = before in _BEFORE_DESTINATION and character not in _NO_DESTINATIONS
    is_clear = character in CLEAR_ABBREVIATIONS
    stands_alone = is_clear and (after in _AFTER_CLEAR_ABBREVIATION or before == "全")
    leads = not before.strip() and (is_clear or character in CITY_ABBREVIATIONS)
    return code if is_destination or stands_alone or leads else None
