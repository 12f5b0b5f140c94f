"""Countries and cities abroad, so that they are never taken for a place of China."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from retrieval.text import fold

_CITIES_LISTED = (
    "东京 大阪 京都 横滨 名古屋 札幌 神户 福冈 广岛 长崎 首尔 釜山 仁川 济州岛 平壤 河内 胡志明市 曼谷 清迈 普吉岛 吉隆坡 "
    "槟城 雅加达 巴厘岛 马尼拉 金边 仰光 万象 新德里 孟买 加尔各答 班加罗尔 伊斯兰堡 卡拉奇 达卡 加德满都 科伦坡 德黑兰 "
    "巴格达 迪拜 阿布扎比 多哈 利雅得 耶路撒冷 特拉维夫 伊斯坦布尔 安卡拉 莫斯科 圣彼得堡 海参崴 基辅 明斯克 华沙 布拉格 "
    "布达佩斯 维也纳 柏林 慕尼黑 法兰克福 汉堡市 科隆 巴黎 里昂 马赛 伦敦 曼彻斯特 利物浦 爱丁堡 都柏林 布鲁塞尔 阿姆斯特丹 "
    "鹿特丹 日内瓦 苏黎世 罗马 米兰 威尼斯 佛罗伦萨 马德里 巴塞罗那 里斯本 雅典 斯德哥尔摩 哥本哈根 奥斯陆 赫尔辛基 "
    "纽约 华盛顿 洛杉矶 旧金山 芝加哥 波士顿 西雅图 费城 休斯敦 拉斯维加斯 夏威夷 硅谷 多伦多 温哥华 蒙特利尔 渥太华 "
    "墨西哥城 哈瓦那 圣保罗 里约热内卢 布宜诺斯艾利斯 圣地亚哥 利马 开罗 内罗毕 开普敦 约翰内斯堡 拉各斯 悉尼 墨尔本 "
    "堪培拉 布里斯班 珀斯 奥克兰 惠灵顿 阿拉木图 塔什干 阿斯塔纳 乌兰巴托"
)
_CITIES = _CITIES_LISTED.split()
_ENGLISH_CITIES_LISTED = (
    "tokyo osaka kyoto seoul busan hanoi bangkok jakarta manila delhi mumbai dubai istanbul moscow warsaw prague "
    "vienna berlin munich frankfurt paris london manchester edinburgh dublin brussels amsterdam geneva zurich rome "
    "milan venice madrid barcelona lisbon athens stockholm copenhagen oslo helsinki chicago boston seattle "
    "toronto vancouver montreal ottawa cairo nairobi sydney melbourne auckland"
)
_ENGLISH_CITIES = [
    *_ENGLISH_CITIES_LISTED.split(),
    "new york",
    "los angeles",
    "san francisco",
    "kuala lumpur",
    "ho chi minh city",
    "washington dc",
]
_ALSO_LISTED = "美利坚 英伦 朝鲜半岛 欧洲 非洲 北美 南美 拉丁美洲 东南亚 中东 欧盟 扶桑 狮城新加坡 南韩 北韩 纽西兰 沙乌地阿拉伯"
_ALSO = _ALSO_LISTED.split()
_CHINESE_TERRITORIES = frozenset({"CN", "HK", "MO", "TW"})
# 蒙古 is also in 内蒙古 and 蒙古族; jordan, chad and the like are names of people.
_AMBIGUOUS = frozenset(
    {"蒙古", "georgia", "jordan", "chad", "turkey", "多米尼加", "guinea", "mali", "世界", "world"}
)


@dataclass(frozen=True, slots=True)
class ForeignMention:
    """A place abroad named in a text, at `text[start:end]`; `name` is folded."""

    start: int
    end: int
    name: str


@functools.lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    chinese, latin = foreign_names()
    longest_first = sorted(chinese, key=lambda name: (-len(name), name))
    words = sorted(latin, key=lambda name: (-len(name), name))
    either = (*map(re.escape, longest_first), *(rf"\b{re.escape(word)}\b" for word in words))
    return re.compile("|".join(either), re.ASCII)


@functools.lru_cache(maxsize=1)
def foreign_names() -> tuple[frozenset[str], frozenset[str]]:
    """Countries and well-known cities, folded: in Chinese and in English."""
    from babel import Locale

    chinese = {fold(name) for tag in ("zh", "zh_Hant") for name in _territories(Locale.parse(tag))}
    english = {fold(name) for name in _territories(Locale.parse("en"))}
    return (
        frozenset((chinese | {fold(name) for name in (*_CITIES, *_ALSO)}) - _AMBIGUOUS | {"蒙古国"}),
        frozenset((english | set(_ENGLISH_CITIES)) - _AMBIGUOUS),
    )


def _territories(locale: object) -> list[str]:
    names: dict[str, str] = dict(getattr(locale, "territories", {}))
    return [
        re.sub(r"\s*[(\uff08].*", "", name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _CHINESE_TERRITORIES
    ]


def find_foreign_places(text: str) -> tuple[ForeignMention, ...]:
    """Every country and well-known city outside China that the text names, in order."""
    folded = fold(text)
    return tuple(
        ForeignMention(found.start(), found.end(), found.group())
        for found in _pattern().finditer(folded)
        if not folded[: found.start()].endswith("inner ")
    )
