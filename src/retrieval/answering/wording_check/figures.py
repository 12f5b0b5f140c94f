"""Parses figures, dates and rates (每月) of a folded text into values that can be compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrieval.language import Pattern
from retrieval.questions import answer_types

_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_NUMBER = (
    rf"(?:\d[\d,x]*(?:[.?]\d+)?|[{_CHINESE}]+(?:点[〇零一二三四五六七八九]+)?|半)[余多几]?[万亿千百]*[余多]?"
)
_UNITS = (
    "平方公里|平方米|立方米|个百分点|百分点|公里|千米|公顷|公斤|千克|小时|分钟|星期|季度|人次|万元|华里|课时|学时|"
    "个月|个星期|个小时|个季度|个工作日|工作日|厘米|毫米|美元|周年|周岁|[%‰元块角分米亩吨斤升度倍页字年月周日天时点秒代届级岁成折"
    "名位人个员户组家对口所处座间站支栋幢片院村项条件款种类批起宗例桩大则道篇幅部本册份期首张封面套枚版块"
    "次场轮回遍趟班节棵株盆丛朵台辆架盏只把艘门堂掌招式步环层星颗路县市区镇乡省社]"
)
_DATE = re.compile(
    r"(?P<year>(?:\d{4}|\d{2}xx|[〇零一二三四五六七八九]{4})年)"
    r"(?:(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?:份)?)?(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?"
    r"|(?P<month2>\d{1,2}|[一二三四五六七八九十]{1,3})月(?:份(?!额)|(?P<day2>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|(?=[初底末上中下起至到,]|以来|以前|前|后))"
)
_MONTH_ALONE = re.compile(
    r"(?<![\d个第前每〇零一二三四五六七八九十])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!月)"
)
_PART_OF_DATE = re.compile(r"(?:[初底末]|[上中下]旬|上半年|下半年)")
_HALF_YEAR = re.compile("[上下]半年")
_AFTER_DATE = re.compile(r"(?:以来|以前|之前|以后|之后|开始|[起前后])")
_AFTER_DATE_ALIKE = {"以来": "起", "开始": "起", "以前": "前", "之前": "前", "以后": "后", "之后": "后"}
_RATE = re.compile(
    rf"每(?:隔)?(?P<count>[{_CHINESE}\d]*)个?(?P<unit>星期|礼拜|季度|学期|学年|半年|人次|年|月|周|季|天|日|期|次|届|人|户|村|家|县|市|区|镇|乡|场|校|班|队|站|所|名|位|组"
    r"|间|处|支|门|批|回|趟|座|棵|条|层|栋|对|套|件|餐|桌|夜|晚)"
    r"|(?P<mean>[日月周年人户季村])均|(?P<each>逐[年月周日季]|月月|年年|天天|日日|周周|按[月年季周日])"
)
_RATE_ALIKE = {"星期": "周", "礼拜": "周", "天": "日", "季度": "季"}
_RATES_ALIKE = {
    (3.0, "月"): (1.0, "季"),
    (6.0, "月"): (1.0, "半年"),
    (12.0, "月"): (1.0, "年"),
    (7.0, "日"): (1.0, "周"),
}
_RANGE = re.compile(r"\s*(?:-|—|–|~|～|至|到)+\s*")
_BEFORE = (
    ("more", "超过|超|逾|突破|多于|大于|高于"),
    ("least", "至少|不(?:得|能|应|可)?(?:少|低)于|起码"),
    ("most", "至多|最多|最高|不(?:得|能|应|可|许|准)?(?:超过|多于|高于)"),
    ("less", "不足|不到|不满|少于|低于"),
    ("near", "近|将近|接近"),
    ("about", "约|大约|大概"),
    ("first", "前"),
    ("order", "第"),
)
_AFTER = (
    ("more", "以上"),
    ("most", "以下"),
    ("about", "左右|上下"),
    ("after", "后|之后|以后"),
    ("before", "前|之前|以前"),
)
_WITHIN = re.compile("(?:以内|之内|内(?![外设容]))")
_TIME_UNITS = frozenset({"个月", "日", "分钟", "工作日", "点", "秒"})
_EVENING = Pattern(re.compile("(?:晚上|晚|下午|夜里|夜间|傍晚)$"), "晚上", "上午")
_CHANGE = Pattern(
    re.compile(
        "(?:增加|增长|提高|提升|上升|上涨|扩大|减少|下降|降低|缩短|压缩|降|升|增|减)(?P<to>到|至|为)?了?$"
    ),
    "提高到",
    "达到",
)
# Units as multiples of another.
_MULTIPLES = {
    "万元": ("元", 10_000.0),
    "块": ("元", 1.0),
    "时": ("点", 1.0),
    "亩": ("平方米", 1e4 / 15),
    "华里": ("米", 500.0),
    "成": ("%", 10.0),
    "周岁": ("岁", 1.0),
    "百分点": ("个百分点", 1.0),
    "年": ("个月", 12.0),
    "周年": ("个月", 12.0),
    "季度": ("个月", 3.0),
    "个季度": ("个月", 3.0),
    "天": ("日", 1.0),
    "周": ("日", 7.0),
    "星期": ("日", 7.0),
    "个星期": ("日", 7.0),
    "个工作日": ("工作日", 1.0),
    "小时": ("分钟", 60.0),
    "个小时": ("分钟", 60.0),
    "公里": ("米", 1000.0),
    "千米": ("米", 1000.0),
    "吨": ("公斤", 1000.0),
    "千克": ("公斤", 1.0),
    "斤": ("公斤", 0.5),
    "平方公里": ("平方米", 1e6),
    "公顷": ("平方米", 1e4),
}
_TENTHS = re.compile("([一二三四五六七八九])成([一二三四五六七八九])")
# An article, not a count: 一個, 一批.
_ARTICLE = Pattern(
    re.compile("一(?:[个种批些支项款条张份场系定般样起体切线直并同致律旦]|(?:方|层)面)"), "一批", "一年"
)
_COUNTABLE = "个种批项支款条份张场"
# Within a class a text may use any for any other.
_UNIT_CLASSES = ("名位人员", "项个条件款", "家个所处座间", "次场回", "台辆架部", "棵株", "支个")
_NAMES_NOT_COUNTS = (
    r"两微|一端|一网|三位一体|一体化|[四五三六]个全面|十佳|十大|(?:五一|六一|三八|七一|八一)(?![\d月号日])"
)
_NAME = re.compile(_NAMES_NOT_COUNTS)


class FigureKind(StrEnum):
    """Kinds of figures."""

    COUNT = "count"
    DATE = "date"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `text[start:end]` of a folded text."""

    start: int
    end: int
    kind: FigureKind
    values: tuple[float | str, ...]
    """The value, both ends of a range, or year, month and day of a date."""
    unit: str = ""
    bound: str = ""
    """more, least, most, less, near, about, first, order, or what follows a date; empty for the figure itself."""
    change: str = ""
    """"to" or "by" behind a verb of change: 提高到 and 提高了."""

    def says(self, other: Figure) -> bool:
        """Whether a text that holds the other figure says this one."""
        if self.kind is not other.kind or self.bound != other.bound:
            return False
        if self.kind is FigureKind.DATE:
            return _is_part(self.values, other.values)
        same_change = self.change == other.change or not (self.change and other.change)
        return _same_values(self.values, other.values) and _same_unit(self.unit, other.unit) and same_change

    def is_like(self, other: Figure) -> bool:
        """Whether both count in one unit, or in units of which a text may use any for the other."""
        return _same_unit(self.unit, other.unit)


def _is_part(values: tuple[float | str, ...], of: tuple[float | str, ...]) -> bool:
    """Whether each part that the date names is the same in the other, and none is left out between or at its end."""
    named = [index for index, value in enumerate(values) if value != ""]
    return bool(named) and values[named[0] :] == of[named[0] :]


def _same_values(ours: tuple[float | str, ...], others: tuple[float | str, ...]) -> bool:
    """Whether the values are equal but for the rounding of units: 900 mu are 60 hectares."""
    return len(ours) == len(others) and all(
        math.isclose(one, other, rel_tol=1e-5)
        if isinstance(one, float) and isinstance(other, float)
        else one == other
        for one, other in zip(ours, others, strict=True)
    )


def _same_unit(one: str, other: str) -> bool:
    return one == other or any(one in row and other in row for row in _UNIT_CLASSES if one and other)


def find_figures(folded: str, *, articles: bool) -> Iterator[Figure]:
    """The figures of a folded text of half width, in order, without overlaps; 一個 counts as one only with `articles`."""
    position = 0
    while position < len(folded):
        figure = _figure_at(folded, position, articles=articles)
        if figure:
            yield figure
        position = figure.end if figure else position + 1


def _figure_at(folded: str, start: int, *, articles: bool) -> Figure | None:
    name = _NAME.match(folded, start)
    if name:
        return None
    return _rate_at(folded, start) or _date_at(folded, start) or _count_at(folded, start, articles=articles)


def _rate_at(folded: str, start: int) -> Figure | None:
    match = _RATE.match(folded, start)
    if not match:
        return None
    if match["mean"]:
        return Figure(start, match.end(), FigureKind.RATE, ("均", match["mean"]))
    unit = match["unit"] or match["each"].strip("逐按")[:1]
    count = (answer_types.value_of(match["count"]) if match["count"] else None) or 1.0
    named = _RATE_ALIKE.get(unit, unit)
    return Figure(start, match.end(), FigureKind.RATE, _RATES_ALIKE.get((count, named), (count, named)))


def _date_at(folded: str, start: int) -> Figure | None:
    if (start and folded[start - 1] in "第近前后满") or (start and folded[start - 1].isdigit()):
        return None
    half = _HALF_YEAR.match(folded, start)
    if half:
        return Figure(start, half.end(), FigureKind.DATE, ("", "", "", half.group()))
    match = _DATE.match(folded, start) or _MONTH_ALONE.match(folded, start)
    if not match:
        return None
    groups = match.groupdict()
    year = (groups.get("year") or "").rstrip("年")
    month = groups.get("month") or groups.get("month2") or ("" if groups else match.group().rstrip("月"))
    day = groups.get("day") or groups.get("day2") or ""
    part = _PART_OF_DATE.match(folded, match.end())
    end = part.end() if part else match.end()
    after = _AFTER_DATE.match(folded, end)
    bound = _AFTER_DATE_ALIKE.get(after.group(), after.group()) if after else ""
    values = (_digits(year), _digits(month), _digits(day), part.group() if part else "")
    return Figure(start, after.end() if after else end, FigureKind.DATE, values, bound=bound)


def _digits(written: str) -> str:
    if len(written) == 4 and not written[0].isdigit():
        return "".join(str("〇一二三四五六七八九".index(digit.replace("零", "〇"))) for digit in written)
    value = None if "x" in written or not written else answer_types.value_of(written)
    return written if value is None else str(int(value))


def _count_at(folded: str, start: int, *, articles: bool) -> Figure | None:
    bound, number_at = _bound_before(folded, start)
    first = re.compile(_NUMBER).match(folded, number_at)
    percent = re.compile(rf"百分之([{_CHINESE}]+(?:点[〇零一二三四五六七八九]+)?)").match(folded, number_at)
    parts = re.compile(rf"([{_CHINESE}]+)分之([{_CHINESE}]+)").match(folded, number_at)
    tenths = _TENTHS.match(folded, number_at)
    if tenths:
        tens = sum(
            (answer_types.value_of(digit) or 0.0) * scale
            for digit, scale in zip(tenths.groups(), (10, 1), strict=True)
        )
        return Figure(start, tenths.end(), FigureKind.COUNT, (tens,), "%", bound)
    if parts and not percent:
        whole, part = (answer_types.value_of(group) or 1.0 for group in parts.groups())
        return Figure(start, parts.end(), FigureKind.COUNT, (round(100 * part / whole, 4),), "%", bound)
    if percent:
        value = answer_types.value_of(percent[1])
        return Figure(start, percent.end(), FigureKind.COUNT, (value or 0.0,), "%", bound)
    article = None if bound else _ARTICLE.regex.match(folded, start)
    if not first or (article and not (articles and article.group()[1] in _COUNTABLE)):
        return None
    joint = _RANGE.match(folded, first.end())
    unit = re.compile(_UNITS).match(folded, first.end())
    joint = joint or (_RANGE.match(folded, unit.end()) if unit else None)
    second = re.compile(_NUMBER).match(folded, joint.end()) if joint else None
    if second and not second.group().startswith("半"):
        unit = re.compile(_UNITS).match(folded, second.end())
    else:
        second = None
    last = second or first
    is_chinese = last.group()[0] in _CHINESE + "半"
    if is_chinese and not unit and (len(last.group()) < 2 or last.group() in ("一一", "万万", "千万")):
        return None
    if last.group() == "半" and (not unit or unit.group() not in "年月天小时"):
        return None
    return _count(folded, (start, unit.end() if unit else last.end()), (first, second), unit, bound)


def _count(
    folded: str,
    span: tuple[int, int],
    numbers: tuple[re.Match[str], re.Match[str] | None],
    unit: re.Match[str] | None,
    bound: str,
) -> Figure:
    start, end = span
    kept = [number for number in numbers if number]
    for name, words in (("more", "[余多](?=[^\\W\\d]|$)"), *_AFTER):
        after = re.compile(words).match(folded, end)
        if after and (name != "more" or words == "以上" or unit):
            bound, end = bound or name, after.end()
            break
    unit_name, factor = _MULTIPLES.get(written := unit.group() if unit else "", (written, 1.0))
    within = _WITHIN.match(folded, end)
    if within:
        bound, end = bound or ("" if unit_name in _TIME_UNITS else "most"), within.end()
    if any(re.search("[余多]", number.group()) for number in kept):
        bound = "more"
    if any("几" in number.group() for number in kept):
        bound = "some"
    change = _CHANGE.regex.search(folded[max(0, start - 5) : start])
    direction = "" if not change else "to" if change["to"] else "by"
    values = tuple(_value(number.group()) for number in kept)
    if unit_name == "点" and _EVENING.regex.search(folded[max(0, start - 3) : start]):
        values = tuple(value + 12 if isinstance(value, float) and value < 12 else value for value in values)
    plain = tuple(round(value * factor, 6) if isinstance(value, float) else value for value in values)
    return Figure(start, end, FigureKind.COUNT, plain, unit_name, bound, direction)


def _value(written: str) -> float | str:
    if "x" in written:
        return written
    if written == "半":
        return 0.5
    value = answer_types.value_of(written)
    return written if value is None else value


def _bound_before(folded: str, start: int) -> tuple[str, int]:
    for name, words in _BEFORE:
        match = re.compile(words).match(folded, start)
        is_date = match and _DATE.match(folded, match.end())
        if match and not is_date and re.compile(_NUMBER).match(folded, match.end()):
            return name, match.end()
    return "", start
