"""Folds text to one script for matching, without moving any character."""

from __future__ import annotations

import functools
import re
import unicodedata

from retrieval.language import scripts
from retrieval.language.patterns import Pattern

# Each character is folded alone, so that a text folds alike however it is cut and in whichever script it is written:
# OpenCC's phrases keep 著 in 看著, and at the joints of phrases (對於潛在, 餅乾隆重) their result is not stable.
# Characters that OpenCC leaves alone, or that people write either way.
_VARIANTS = str.maketrans(
    "羣臺裏説戶藉瞭覆閲峯髮着誌衞羨麪祕牀竈綫啓喫鷄巿"
    "著暱甯濬衹祇秖甦揹锺钜伕鎗薰燄瑯澂籐菓隄荳觔拏斲雠牠痺簷糭粧敍枱鲶硷礆蘗耡幺",
    "群台里说户借了复阅峰发着志卫羡面秘床灶线启吃鸡市"
    "着昵宁浚只只只苏背钟巨夫枪熏焰琅澄藤果堤豆斤拿斫仇它痹檐粽妆叙台鲇碱碱檗锄么",
)
# The Kangxi radicals (U+2F00) have compatibility forms; most of the supplement (U+2E80), which PDFs hold as often, has none.
_RADICALS = str.maketrans(
    "⺁⺄⺈⺉⺊⺌⺍⺎⺐⺒⺓⺘⺙⺛⺜⺝⺞⺟⺠⺡⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺮⺰⺱⺲⺶⺷⺸⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙刀刂卜小小兀尢巳幺扌攵旡日月歹母民氵灬爫爫丬牛犭王目示礻竹纟网网羊羊羊老聿月臼艹艹艹虎衤西西见角角讠贝足车辶辶辶阝钅长长长门阜阝雨青韦页风飞食食饣饣首马骨鬼鱼鸟卤麦黄黾齐齐齿齿龙龙龟龟龟",
)
# Two characters that one script writes in two ways, met by words: 計畫 and 計劃, 坐标 and 座標.
_WORDS = {
    "画": Pattern(re.compile("(?<=[计筹规策企])画"), "规画", "书画"),
    "座": Pattern(re.compile("座(?=标)"), "座标", "讲座"),
    "哩": Pattern(re.compile("(?<=[英海])哩"), "英哩", "哩数"),
    "俱": Pattern(re.compile("(?<=家)俱"), "家俱", "俱乐部"),
    "像": Pattern(re.compile("(?<=想)像"), "想像", "图像"),
    "彷": Pattern(re.compile("彷(?=佛)"), "彷佛", "彷徨"),
    "甚": Pattern(re.compile("甚(?=么)"), "甚么", "甚至"),
    "沈": Pattern(
        re.compile(
            "沈(?=[没默重淀浸思痛稳着迷溺沦积睡船闷静寂湎甸沈沉])|(?<=[深低浮阴消昏击暗墨沈沉])沈(?![阳河北吉丹铁])"
        ),
        "深沈",
        "沈阳",
    ),
    "炼": Pattern(re.compile("(?<=[项手铁锁拉铰颈])炼|炼(?=[条坠甲])"), "项炼", "锻炼"),
    "坏": Pattern(re.compile("(?<=[毛土砖陶泥])坏"), "毛坏", "破坏"),
}
_REPLACEMENTS = dict(zip("画座哩俱像彷甚沈炼坏", "划坐里具象仿什沉链坯", strict=True))
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
_EITHER_WAY = re.compile(f"[{''.join(_WORDS)}]")

# Texts of at most so many characters are cached, the last 1,024 of them. Four folds in five are of a text that was just
# folded: the cache took a fifth off the time of reading and four fifths off that of preparing texts to embed.
_LONGEST_CACHED = 2000

# How many different characters are cached: more than all of Chinese.
_MOST_CHARACTERS = 65536


def fold(text: str) -> str:
    """The text in Simplified characters, half width and lower case, with variants merged.

    The result has exactly as many characters as the original, so every offset holds in both. Folding a text again,
    or its translation into the other script, gives the same.
    """
    return _fold_cached(text) if len(text) <= _LONGEST_CACHED else _fold(text)


def _fold(text: str) -> str:
    folded = _EITHER_WAY.sub(_folded_in_word, text.translate(_folded_characters))
    if len(folded) != len(text):
        raise AssertionError(f"folding changed the length of {text!r}")
    return folded


_fold_cached = functools.lru_cache(maxsize=1024)(_fold)


def _folded_in_word(match: re.Match[str]) -> str:
    character = match.group()
    is_replaced = _WORDS[character].regex.match(match.string, match.start())
    return _REPLACEMENTS[character] if is_replaced else character


class _FoldedCharacters(dict[int, str]):
    """Translation table of single characters, filled when `str.translate` first asks for one."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MOST_CHARACTERS:
            self[code] = folded
        return folded


_folded_characters = _FoldedCharacters()


def _fold_character(character: str) -> str:
    """The character that stands for it and for all that OpenCC turns into it or makes of it."""
    if character in _SURROGATES:
        return "\N{REPLACEMENT CHARACTER}"
    simplified = _simplified(_simplified(character))
    return _simplified(
        _same_length(scripts.to_traditional(simplified), simplified)
    )  # 馀, 缐: known as Simplified only


def _simplified(character: str) -> str:
    plain = _half_width(character.translate(_RADICALS))
    return _half_width(_same_length(scripts.to_simplified(plain), plain)).translate(_VARIANTS)


def _same_length(converted: str, character: str) -> str:
    return converted if len(converted) == 1 else character


def _half_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character
