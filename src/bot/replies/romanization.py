"""Names of places for readers of English: as maps and news spell them, from a table where that is not their pinyin."""

from __future__ import annotations

import functools

from retrieval.language import fold, pinyin
from retrieval.places import find_places

# Names whose usual spelling is not the pinyin of their characters, or whose characters have several readings.
# Spellings are those of the Xinhua atlas and of the places themselves.
_SPELLINGS = {
    "重庆": "Chongqing", "厦门": "Xiamen", "陕西": "Shaanxi", "山西": "Shanxi", "内蒙古": "Inner Mongolia",
    "西藏": "Tibet", "香港": "Hong Kong", "澳门": "Macau", "台湾": "Taiwan", "呼和浩特": "Hohhot",
    "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur", "乌兰察布": "Ulanqab", "兴安": "Hinggan",
    "锡林郭勒": "Xilingol", "阿拉善": "Alxa", "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar",
    "大兴安岭": "Da Hinggan Ling", "长治": "Changzhi", "吕梁": "Lüliang", "朝阳": "Chaoyang", "莆田": "Putian",
    "漯河": "Luohe", "六安": "Lu'an", "蚌埠": "Bengbu", "亳州": "Bozhou", "台州": "Taizhou", "丽水": "Lishui",
    "铅山": "Yanshan", "阿坝": "Ngawa", "甘孜": "Garzê", "迪庆": "Dêqên", "日喀则": "Shigatse", "拉萨": "Lhasa",
    "昌都": "Qamdo", "林芝": "Nyingchi", "那曲": "Nagqu", "阿里": "Ngari", "果洛": "Golog", "乌鲁木齐": "Urumqi",
    "克拉玛依": "Karamay", "吐鲁番": "Turpan", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "阿克苏": "Aksu",
    "克孜勒苏": "Kizilsu", "喀什": "Kashgar", "和田": "Hotan", "伊犁": "Ili", "阿勒泰": "Altay", "台北": "Taipei",
    "新北": "New Taipei", "台中": "Taichung", "台南": "Tainan", "高雄": "Kaohsiung", "基隆": "Keelung",
    "新竹": "Hsinchu", "嘉义": "Chiayi", "彰化": "Changhua", "屏东": "Pingtung", "花莲": "Hualien",
    "台东": "Taitung", "金门": "Kinmen", "连江": "Lienchiang", "长子": "Zhangzi", "乐清": "Yueqing", "乐亭": "Laoting",
    "番禺": "Panyu", "东莞": "Dongguan", "涡阳": "Guoyang", "渑池": "Mianchi", "洪洞": "Hongtong", "单县": "Shanxian",
    "莘县": "Shenxian", "蔚县": "Yuxian", "尉犁": "Yuli", "歙县": "Shexian", "黟县": "Yixian", "大埔": "Dabu",
    "秭归": "Zigui", "筠连": "Junlian", "犍为": "Qianwei", "华阴": "Huayin", "都匀": "Duyun", "成都": "Chengdu",
}  # fmt: skip
_SYLLABLE_WITH_APOSTROPHE = frozenset("aeo")


@functools.lru_cache(maxsize=1024)
def romanized_place(name: str) -> str:
    """A shown name as English spells it, widest division first: 江蘇南京 → Jiangsu Nanjing; empty for no known place."""
    mentions = find_places(name)
    divisions = dict.fromkeys(division for mention in mentions for division in mention.divisions)
    folded = fold(name)
    return " ".join(_spelled(division.bare) for division in divisions if division.bare in folded)


def _spelled(bare: str) -> str:
    if bare in _SPELLINGS:
        return _SPELLINGS[bare]
    first, *others = pinyin.syllables(bare)
    if bare.startswith("长") and first == "zhang":
        first = "chang"
    joined = first + "".join(
        f"'{syllable}" if syllable[0] in _SYLLABLE_WITH_APOSTROPHE else syllable for syllable in others
    )
    return joined.replace("lv", "lü").replace("nv", "nü").capitalize()
