"""Aliases of Chinese places: nicknames, one-character abbreviations, pinyin and English."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator

from retrieval.language import Pattern, pinyin
from retrieval.places.gazetteer import Division, divisions

# Folded, like all text that is matched. The rule of whole words keeps 首都 out of compounds.
NICKNAMES = {
    "首都": "110000", "京城": "110000", "帝都": "110000", "津门": "120000", "津城": "120000",
    "申城": "310000", "魔都": "310000", "沪上": "310000", "山城重庆": "500000", "雾都": "500000",
    "渝州": "500000", "巴渝": "500000", "羊城": "440100", "穗城": "440100", "花城广州": "440100",
    "鹏城": "440300", "蓉城": "510100", "锦官城": "510100", "江城武汉": "420100", "金陵": "320100",
    "石城南京": "320100", "姑苏城": "320500", "泉城": "370100", "岛城青岛": "370200", "冰城": "230100",
    "滨城大连": "210200", "星城": "430100", "星城长沙": "430100", "春城昆明": "530100", "鹭岛": "350200",
    "榕城": "350100", "甬城": "330200", "杭城": "330100", "庐州": "340100", "洪城": "360100",
    "豫章": "360100", "青城呼和浩特": "150100", "邕城": "450100", "筑城": "520100", "绿城南宁": "450100",
    "兰城": "620100", "椰城": "460100", "鹿城包头": "150200", "古都西安": "610100", "盛京": "210100",
    "潇湘": "430000", "三湘": "430000", "三秦": "610000", "八桂": "450000", "八闽": "350000",
    "荆楚": "420000", "燕赵": "130000", "三晋": "140000", "齐鲁": "370000", 
    "琼岛": "460000", "黔贵": "520000", "天府": "510000", "陇原": "620000", "龙江": "230000",
    "宝岛": "830000", "香江": "810000", "濠江": "820000", "红都瑞金": "360781", "内蒙": "150000",
    "神农架": "429021", "江城": "420100", "山城": "500000", "花城": "440100", "春城": "530100",
}  # fmt: skip
# Nicknames that several places bear, or that are common words, count only on their own in a question:
# 江城 is also a county, 山城 any town in the hills.
LOOSE_NICKNAMES = frozenset({"江城", "山城", "花城", "春城", "首都", "天府", "龙江", "宝岛", "金陵", "绿城"})

ABBREVIATIONS = {
    "京": "110000", "津": "120000", "冀": "130000", "晋": "140000", "蒙": "150000", "辽": "210000",
    "吉": "220000", "黑": "230000", "沪": "310000", "苏": "320000", "浙": "330000", "皖": "340000",
    "闽": "350000", "赣": "360000", "鲁": "370000", "豫": "410000", "鄂": "420000", "湘": "430000",
    "粤": "440000", "桂": "450000", "琼": "460000", "渝": "500000", "川": "510000", "黔": "520000",
    "滇": "530000", "藏": "540000", "陕": "610000", "陇": "620000", "甘": "620000", "青": "630000",
    "宁": "640000", "新": "650000", "港": "810000", "澳": "820000", "台": "830000",
}  # fmt: skip
# These mean nothing but the place when they stand alone as a word.
CLEAR_ABBREVIATIONS = frozenset("沪渝皖闽赣豫鄂湘粤黔滇冀浙")
CITY_ABBREVIATIONS = {"穗": "440100", "蓉": "510100", "杭": "330100", "甬": "330200", "邕": "450100"}

_ENGLISH = {
    "inner mongolia": "150000", "shaanxi": "610000", "shanxi": "140000", "tibet": "540000", "hong kong": "810000",
    "hongkong": "810000", "macau": "820000", "macao": "820000", "taiwan": "830000", "taipei": "830100",
    "new taipei": "830200", "taichung": "830400", "tainan": "830500", "kaohsiung": "830600", "keelung": "830700",
    "hsinchu": "830800", "chiayi": "830900", "harbin": "230100", "hohhot": "150100", "urumqi": "650100",
    "lhasa": "540100", "xi'an": "610100", "xian": "610100", "lu'an": "341500", "ordos": "150600",
    "qiqihar": "230200", "kashgar": "653100", "kashi": "653100", "hotan": "653200", "hami": "650500",
    "turpan": "650400", "karamay": "650200", "shigatse": "540200", "suzhou": "320500", "peking": "110000",
    "canton": "440100", "nanking": "320100", "tsingtao": "370200", "chungking": "500000", "jilin": "220000",
    "hainan": "460000", "guangxi": "450000", "ningxia": "640000", "xinjiang": "650000", "fuzhou": "350100",
    "pudong": "310115", "chongqing": "500000", "xiamen": "350200", "chaoyang": "", "haidian": "110108",
    "amoy": "350200", "chengteh": "130800", "lijiang": "530700",
}  # fmt: skip
_LATIN_WORD = Pattern(
    re.compile(r"[a-z]+(?:'[a-z]+)?(?: (?:mongolia|kong|taipei))?"), "inner mongolia", "《成都》"
)
# Pinyin of a county counts from this length on, and only if one division bears it: short ones are words.
_COUNTY_LETTERS = 6


def find_latin_names(folded: str) -> Iterator[tuple[int, int, Division]]:
    """The spans of pinyin and English names in a text in lower case, each with its division."""
    for word in _LATIN_WORD.regex.finditer(folded.replace("\u2019", "'")):  # phones write Xi’an
        code = latin_names().get(word.group())
        end = word.end()
        if not code and word.group().endswith("'s"):
            code, end = latin_names().get(word.group().removesuffix("'s")), end - 2
        if code and _is_whole_word(folded, word.start(), end):
            yield word.start(), end, divisions()[code]


def _is_whole_word(text: str, start: int, end: int) -> bool:
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return not any(
        character.isascii() and (character.isalnum() or character in "_/@") for character in around
    )


@functools.lru_cache(maxsize=1)
def latin_names() -> dict[str, str]:
    """Pinyin and English names with their codes; an empty code for a name that several places share."""
    bearers: dict[str, list[Division]] = defaultdict(list)
    for division in divisions().values():
        bearers["".join(pinyin.syllables(division.bare))].append(division)
    spelled = {name: code for name, sharing in bearers.items() if (code := _sole_bearer(name, sharing))}
    return {**spelled, **_ENGLISH}


def _sole_bearer(name: str, sharing: list[Division]) -> str:
    """The code of the one division of the widest level among those that share the pinyin, or an empty text."""
    for level in ("province", "city"):
        wide = [division for division in sharing if division.level == level]
        if wide:
            return wide[0].code if len(wide) == 1 else ""
    return sharing[0].code if len(sharing) == 1 and len(name) >= _COUNTY_LETTERS else ""
