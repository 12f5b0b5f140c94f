"""Recognises the places that a text names."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from retrieval.language import Pattern, fold, personal_names
from retrieval.places.areas import area_end, local_area_end, named_area_end
from retrieval.places.gazetteer import Division, area_within, names
from retrieval.places.name_candidates import Candidate, find_candidates, may_name_places
from retrieval.places.ordinary_words import GENERIC, is_ordinary
from retrieval.places.word_boundaries import WordBoundaries, find_word_boundaries

# How many of the divisions named last decide between namesakes; a list of a thousand must not be read a thousand times.
_REMEMBERED = 32
# Characters that may stand between the parts of one name: 安徽·合肥.
_JOINTS = frozenset("·・•・- ")
# A name that goes on like this names something else, tried in this order.
_LONGER_NAMES = {
    "file": Pattern(re.compile(r"\.[a-z0-9]{2,4}(?![a-z0-9])"), "成都.mp3", "成都.简报"),
    "organisation": Pattern(
        re.compile(
            r"[^\W各多全等在的与和为以对向让把将市省区县办组开举推实打联依动发]{0,6}"
            r"(?:股份|有限公司|集团|银行|保险|航空(?!港)|汽车|证券|公司|大学(?!生)|学院|中学(?!生)|卫视|电视台|大厦|宾馆|酒店)"
        ),
        "大众汽车有限公司",
        "大学生志愿者",
    ),
    "road": Pattern(
        re.compile(r"(?:[东南西北中]|[一二三四五])?(?:路|大道|大街|街(?!道|头))(?![一-鿿]?(?:径|线))"),
        "东路",
        "街道",
    ),
}
_TOWNSHIP = Pattern(re.compile("街道|镇|乡(?!村)|村(?!镇)|社区|苏木"), "澄江街道", "县城")
"""A short name before these is not the county's: 澄江街道 and 和平镇 lie anywhere."""
_FULL_NAME = Pattern(re.compile(r"(?:省|市|区|县|州|盟|旗|地区)$"), "南京市", "南京")
# A prefecture and an equally well-known district bear these.
_SHARED_BY_LEVELS = frozenset({"朝阳"})


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
    if not may_name_places(folded):
        return _opening_area(folded, [])
    words = find_word_boundaries(folded)
    mentions: list[PlaceMention] = []
    named: deque[Division] = deque(maxlen=_REMEMBERED)
    for candidate in find_candidates(folded, words):
        if mentions and candidate.start < mentions[-1].end:
            continue  # inside the name of an area
        adjoins = bool(mentions) and _adjoins(folded, mentions[-1].end, candidate.start)
        previous = mentions[-1] if adjoins else None
        mention = _joined(candidate, previous) or _alone(candidate, (*within, *named), folded, words)
        if mention is None:
            continue
        mention = mention if candidate.is_alias else _with_area(mention, folded, (*within, *named))
        if previous and mention.start == previous.start:
            mentions[-1] = mention
        else:
            mentions.append(mention)
        named.extend([division for division in mention.divisions if division not in named])
    return (*_opening_area(folded, mentions), *mentions)


def opening_name(text: str) -> PlaceMention | None:
    """The place with whose bare name the text opens, also where it goes on as a longer one: 大连理工大学."""
    folded = fold(text)
    for length in (4, 3, 2):
        bearers = names().get(folded[:length], ())
        is_one = bool(bearers) and all(bearer.is_inside(bearers[0]) for bearer in bearers[1:])
        if is_one and not is_ordinary(folded[:length], strict=True):
            return _with_inner_name(PlaceMention(0, length, bearers[:1]), folded)
    return None


def _with_inner_name(mention: PlaceMention, folded: str) -> PlaceMention:
    """The mention with the name of a place inside it that follows: 黑龙江|佳木斯|供电公司."""
    for length in (4, 3, 2):
        name = folded[mention.end : mention.end + length]
        inside = [bearer for bearer in names().get(name, ()) if bearer.is_inside(mention.divisions[-1])]
        if inside and len(name) == length:
            divisions = (*mention.divisions, inside[0])
            return _with_inner_name(PlaceMention(mention.start, mention.end + length, divisions), folded)
    return mention


def local_area(text: str) -> PlaceMention | None:
    """The area without a name of its own with which the text opens, as one of which is not known where it lies: 高新区."""
    folded = fold(text)
    end = local_area_end(folded)
    return PlaceMention(0, end, (area_within(None, folded[:end]),)) if end else None


def _with_area(mention: PlaceMention, folded: str, context: tuple[Division, ...]) -> PlaceMention:
    """The mention with the area whose name goes on behind it: 合肥高新区.

    The bare name of a county may be any area's: 滨湖新区 lies in 合肥, and 滨湖区 in 无锡.
    """
    division = mention.divisions[-1]
    end = area_end(folded, mention.end, division)
    if end is None:
        return mention
    is_bare = len(mention.divisions) == 1 and division.level == "district" and not division.is_area
    is_full = folded[mention.start : mention.end] == division.name
    if is_bare and not is_full and not any(division.is_inside(outer) for outer in context):
        return PlaceMention(mention.start, end, (area_within(None, folded[mention.start : end]),))
    area = area_within(division, folded[mention.end : end])
    return PlaceMention(mention.start, end, (*mention.divisions, area))


def _opening_area(folded: str, mentions: list[PlaceMention]) -> tuple[PlaceMention, ...]:
    """The area of unknown location with whose name the text opens: 滨湖新区."""
    end = named_area_end(folded)
    if end is None or (mentions and mentions[0].start < end):
        return ()
    return (PlaceMention(0, end, (area_within(None, folded[:end]),)),)


def _adjoins(text: str, end: int, start: int) -> bool:
    return end == start or (end + 1 == start and text[end] in _JOINTS)


def _joined(candidate: Candidate, previous: PlaceMention | None) -> PlaceMention | None:
    """The candidate as the next part of the mention before it, if it lies inside."""
    if not previous:
        return None
    outer = previous.divisions[-1]
    inside = next((division for division in candidate.divisions if division.is_inside(outer)), None)
    return PlaceMention(previous.start, candidate.end, (*previous.divisions, inside)) if inside else None


def _alone(
    candidate: Candidate, context: tuple[Division, ...], folded: str, words: WordBoundaries
) -> PlaceMention | None:
    """The candidate as a mention of its own, if one division is meant and the text around allows it."""
    if candidate.is_alias:
        return PlaceMention(candidate.start, candidate.end, candidate.divisions)
    name = folded[candidate.start : candidate.end]
    division = _meant(candidate.divisions, name, context)
    if division is None or _is_township(division, name, folded, candidate.end):
        return None
    if not division.is_area and area_end(folded, candidate.end, division):
        return PlaceMention(candidate.start, candidate.end, (division,))
    if _is_longer_name(folded, candidate.end, name) or _is_title(folded, candidate):
        return None
    in_context = any(division.is_inside(outer) or division == outer for outer in context)
    if not in_context and not _is_clear(division, name, folded[: candidate.start], words):
        return None
    return PlaceMention(candidate.start, candidate.end, (division,))


def _meant(bearers: tuple[Division, ...], name: str, context: tuple[Division, ...]) -> Division | None:
    """The one division that bears the name here; None if several may be meant.

    The name of a province is the province's also where a district of the same name was in sight: 天津、河北.
    """
    if bearers[0].level == "province" and name in (bearers[0].name, bearers[0].short):
        return bearers[0]
    for outer in reversed(context):
        inside = [division for division in bearers if division.is_inside(outer)]
        if len(inside) == 1:
            return inside[0]
    widest = [division for division in bearers if division.level == bearers[0].level]
    official = [division for division in widest if division.name == name]
    possible = official or widest
    if len(possible) == 2 and possible[0].code[:4] == possible[1].code[:4]:
        possible = [division for division in possible if division.name.endswith("市")]
    return possible[0] if len(possible) == 1 and name not in _SHARED_BY_LEVELS else None


def _is_township(division: Division, name: str, folded: str, end: int) -> bool:
    is_short = division.level == "district" and name != division.name
    return is_short and bool(_TOWNSHIP.regex.match(folded, end))


def _is_longer_name(folded: str, end: int, name: str) -> bool:
    """Whether the name goes on as the name of a file or, unless it is a full one, of an organisation or a road."""
    kind = next((kind for kind, row in _LONGER_NAMES.items() if row.regex.match(folded, end)), None)
    return kind is not None and (kind == "file" or not _FULL_NAME.regex.search(name))


def _is_title(folded: str, candidate: Candidate) -> bool:
    """Whether the name is all of a title: 《成都》 is a song."""
    before, after = folded[candidate.start - 1 : candidate.start], folded[candidate.end : candidate.end + 1]
    return before == "《" and after == "》"


def _is_clear(division: Division, name: str, before: str, words: WordBoundaries) -> bool:
    """Whether the name can only mean the place, whatever the rest of the text says."""
    if division.level == "province" or division.is_area:
        return True
    if name == division.name and _FULL_NAME.regex.search(name):
        return name not in GENERIC
    if before and before[-1] in personal_names.SURNAMES and words.is_single(len(before) - 1):
        return division.level == "city" and not is_ordinary(name, strict=True)
    return not is_ordinary(name, strict=division.level == "city")
