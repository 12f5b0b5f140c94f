"""Which places of China a heading, a lead sentence or a question names."""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from retrieval.language import fold, personal_names
from retrieval.places.aliases import (
    ABBREVIATIONS,
    CITY_ABBREVIATIONS,
    CLEAR_ABBREVIATIONS,
    LOOSE_NICKNAMES,
    NICKNAMES,
    find_latin_names,
)
from retrieval.places.gazetteer import Division, Level, divisions, names
from retrieval.places.word_boundaries import GENERIC, Words, is_ordinary, words_of

__all__ = ["Division", "Level", "PlaceMention", "find_places"]

_LONGEST_NAME = 16
# How many of the divisions named last decide between namesakes; a list of a thousand must not be read a thousand times.
_REMEMBERED = 32
# What may stand between the parts of one name: 安徽·合肥.
_JOINTS = frozenset("·・•・- ")
# A name that goes on like this is the name of something else: 上海大众汽车有限公司, 南京东路, 成都.mp3.
_GOES_ON = re.compile(
    r"\.[a-z0-9]{2,4}(?![a-z0-9])"
    r"|[^\W各多全等在的与和为以对向让把将市省区县办组开举推实打联依动发]{0,6}"
    r"(?:股份|有限公司|集团|银行|保险|航空|汽车|证券|公司|大学(?!生)|学院|中学(?!生)|卫视|电视台|大厦|宾馆|酒店)"
    r"|(?:[东南西北中]|[一二三四五])?(?:路|大道|大街|街(?!道|头))(?![一-鿿]?(?:径|线))"
)
# 澄江街道 and 和平镇 lie anywhere: a short name before these is not the county's.
_TOWNSHIP = re.compile("街道|镇|乡(?!村)|村(?!镇)|社区|苏木")
# The stronger the name, the less it needs around it.
_FULL = re.compile(r"(?:省|市|区|县|州|盟|旗|地区)$")


# The shortest spellings are Xi'an and Hami.
_LETTERS = re.compile("[a-z]{4}|[a-z]['\u2019][a-z]")


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text, at `text[start:end]`; `divisions` run from the widest to the narrowest."""

    start: int
    end: int
    divisions: tuple[Division, ...]

    @property
    def code(self) -> str:
        return self.divisions[-1].code


def find_places(text: str, within: tuple[Division, ...] = ()) -> tuple[PlaceMention, ...]:
    """Every place of China named in the text, in order; adjoining names of one chain (江蘇南京) are one mention.

    A name that several places bear counts only after the name of what it lies in, or where `within`, or a place
    named earlier, decides. Nicknames, abbreviations in safe contexts, pinyin and English names count too.
    """
    folded = fold(text)
    if not _may_name_places(folded):
        return ()
    words = words_of(folded)
    mentions: list[PlaceMention] = []
    named: deque[Division] = deque(maxlen=_REMEMBERED)
    for found in _candidates(folded, words):
        previous = mentions[-1] if mentions and _adjoins(folded, mentions[-1].end, found.start) else None
        mention = _joined(found, previous) or _alone(found, (*within, *named), folded, words)
        if mention is None:
            continue
        if previous and mention.start == previous.start:
            mentions[-1] = mention
        else:
            mentions.append(mention)
        named.extend([division for division in mention.divisions if division not in named])
    return tuple(mentions)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    divisions: tuple[Division, ...]
    kind: Literal["name", "other"] = "name"


def _adjoins(text: str, end: int, start: int) -> bool:
    return end == start or (end + 1 == start and text[end] in _JOINTS)


def _candidates(folded: str, words: Words) -> Iterator[_Candidate]:
    """The longest name at each place where a word begins, left to right, without overlaps."""
    latin = {start: (end, division) for start, end, division in _latin(folded)}
    position = 0
    while position < len(folded):
        found = _name_at(folded, position, words)
        if found is None and position in latin:
            end, division = latin[position]
            found = _Candidate(position, end, (division,), "other")
        if found is None or folded[position : found.end] in NICKNAMES:
            found = _other_name_at(folded, position, words) or found
        if found:
            yield found
        position = found.end if found else position + 1


def _latin(folded: str) -> Iterable[tuple[int, int, Division]]:
    return find_latin_names(folded) if _LETTERS.search(folded) else ()


@functools.lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    return frozenset(name[:2] for name in (*names(), *NICKNAMES))


def _may_name_places(folded: str) -> bool:
    pairs = _openings()
    return (
        any(folded[index : index + 2] in pairs for index in range(len(folded) - 1))
        or bool(_LETTERS.search(folded))
        or any(character in ABBREVIATIONS or character in CITY_ABBREVIATIONS for character in folded)
    )


def may_open_with_place(text: str) -> bool:
    """False only where `find_places` finds none at the very beginning; much cheaper."""
    folded = fold(text)
    opening, first = folded[:2], folded[:1]
    is_chinese = "一" <= first <= "鿿"
    return not is_chinese or opening in _openings() or first in ABBREVIATIONS or first in CITY_ABBREVIATIONS


def _name_at(folded: str, start: int, words: Words) -> _Candidate | None:
    if folded[start : start + 2] not in _openings():
        return None
    for length in range(min(_LONGEST_NAME, len(folded) - start), 1, -1):
        sharing = names().get(folded[start : start + length])
        if sharing and words.holds(folded, start, start + length):
            return _Candidate(start, start + length, sharing)
    return None


def _other_name_at(folded: str, start: int, words: Words) -> _Candidate | None:
    longest = min(6, len(folded) - start) if folded[start : start + 2] in _openings() else 0
    for length in range(longest, 1, -1):
        name = folded[start : start + length]
        code = NICKNAMES.get(name)
        if code and words.holds(folded, start, start + length) and _nickname_stands(folded, start, name):
            return _Candidate(start, start + length, (divisions()[code],), "other")
    code = _abbreviation_at(folded, start, words)
    return _Candidate(start, start + 1, (divisions()[code],), "other") if code else None


def _nickname_stands(folded: str, start: int, name: str) -> bool:
    """Whether a nickname that is also a word is used for the place: 江城怎麼做, but not 美麗山城 or 首都機場."""
    if name not in LOOSE_NICKNAMES:
        return True
    after = folded[start + len(name) : start + len(name) + 2]
    before = folded[start - 1 : start]
    return before in ("", "在", "是", "问", ",", " ") and not after.startswith(
        ("机场", "博物", "图书", "师范")
    )


def _abbreviation_at(folded: str, start: int, words: Words) -> str | None:
    character = folded[start]
    code = ABBREVIATIONS.get(character) or CITY_ABBREVIATIONS.get(character)
    if not code or not words.holds(folded, start, start + 1):
        return None
    before, after = folded[start - 1 : start] if start else "", folded[start + 1 : start + 2]
    travels = before in ("在", "来", "赴", "驻", "抵", "离") and character not in "新黑青台宁甘吉"
    clear = character in CLEAR_ABBREVIATIONS and (
        after in ("", "上", "内", "市", "省", ":", "的") or before == "全"
    )
    leads = not before.strip() and (character in CLEAR_ABBREVIATIONS or character in CITY_ABBREVIATIONS)
    return code if travels or clear or leads else None


def _joined(found: _Candidate, previous: PlaceMention | None) -> PlaceMention | None:
    """The candidate as the next part of the mention before it, if it lies inside."""
    if not previous:
        return None
    outer = previous.divisions[-1]
    inside = next((division for division in found.divisions if division.is_inside(outer)), None)
    return PlaceMention(previous.start, found.end, (*previous.divisions, inside)) if inside else None


def _alone(
    found: _Candidate, context: tuple[Division, ...], folded: str, words: Words
) -> PlaceMention | None:
    name = folded[found.start : found.end]
    if found.kind == "other":
        return PlaceMention(found.start, found.end, found.divisions)
    division = _meant(found.divisions, name, context)
    if division is not None and division.level == "district" and name != division.name:
        division = None if _TOWNSHIP.match(folded, found.end) else division
    if division is None or _goes_on(folded, found.end, name) or _is_title(folded, found):
        return None
    near = any(division.is_inside(outer) or division == outer for outer in context)
    if not near and not _is_clear(division, name, folded[: found.start], words):
        return None
    return PlaceMention(found.start, found.end, (division,))


def _meant(sharing: tuple[Division, ...], name: str, context: tuple[Division, ...]) -> Division | None:
    """The one division that bears the name here; None where several might."""
    for outer in reversed(context):
        near = [division for division in sharing if division.is_inside(outer)]
        if len(near) == 1:
            return near[0]
    widest = [division for division in sharing if division.level == sharing[0].level]
    official = [division for division in widest if division.name == name]
    narrowed = official or widest
    if len(narrowed) == 2 and narrowed[0].code[:4] == narrowed[1].code[:4]:
        narrowed = [division for division in narrowed if division.name.endswith("市")]
    return narrowed[0] if len(narrowed) == 1 and name not in _SHARED_BY_LEVELS else None


# A prefecture and an equally well-known district bear these.
_SHARED_BY_LEVELS = frozenset({"朝阳"})


def _goes_on(folded: str, end: int, name: str) -> bool:
    following = _GOES_ON.match(folded, end)
    return following is not None and (not _FULL.search(name) or following.group().startswith("."))


def _is_title(folded: str, found: _Candidate) -> bool:
    """Whether the name is all of a title: 《成都》 is a song."""
    return folded[found.start - 1 : found.start] == "《" and folded[found.end : found.end + 1] == "》"


def _is_clear(division: Division, name: str, before: str, words: Words) -> bool:
    """Whether the name can only mean the place, with nothing around it to say so."""
    if division.level == "province":
        return True
    if name == division.name and _FULL.search(name):
        return name not in GENERIC
    if before and before[-1] in personal_names.SURNAMES and words.is_word_end(len(before) - 1):
        return division.level == "city" and not is_ordinary(name, strict=True)
    return not is_ordinary(name, strict=division.level == "city")
