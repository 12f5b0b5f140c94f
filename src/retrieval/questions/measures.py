"""Figures with their measure words, and the measure words that may stand for one another in an answer."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from retrieval.language import Pattern

# Within a class a text may use any for any other: 株 for 棵, 位 for 名. The first class is of people.
_CLASSES = (
    "名|位|人|个|员|户|组|家|对|口|人次",
    "家|所|处|座|间|站|支|点|栋|幢|片|院|村",
    "项|条|件|款|种|类|点|批|起|宗|例|桩|大|则|道",
    "篇|条|幅|部|本|册|份|期|首|张|封|面|套|枚|封信|版|块",
    "次|场|届|期|轮|回|批|遍|趟|班|节|人次",
    "棵|株|盆|丛|朵",
    "台|辆|架|部|盏|只|把|艘|组|套",
    "门|节|堂|课时|学时",
    "掌|招|式|步|环|层|级|星|颗",
    "分|积分",
    "g|m|兆|k",
)
# Units of measurement are met by themselves alone.
_UNITS = "公里|千米|米|平方米|平方公里|亩|公顷|吨|公斤|千克|斤|升|度|百分点|倍|页|字"
_COUNTERS = sorted({word for row in _CLASSES for word in row.split("|")}, key=lambda word: (-len(word), word))
COUNTER = f"(?:{_UNITS}|{'|'.join(_COUNTERS)})"
"""A regular expression of one measure word or unit."""

NUMERAL = (
    r"(?:\d[\d,.?]*|[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二三四五六七八九]+)?)"
    r"[余多几]?[万亿千百]*[余多]?"
)
"""A regular expression of a number, in figures or in Chinese."""
# 第五屆 orders, 一系列 and 一批 count nothing, 兩微 is a name.
_NOT_BEFORE = r"(?<![第a-z\dx.?])"
_NO_COUNT = r"(?!一(?:系列|批|步|些|样|定|直|般|次性|体|起|切|线|方面|度|把手|个个)|[两二]微|[一二三四五六七八九十]是)"
_ANY_COUNT = Pattern(
    re.compile(
        rf"{_NOT_BEFORE}{_NO_COUNT}{NUMERAL}(?:{COUNTER}|(?<=[\d十百千万亿余多])(?=[^\W\d年月日时点号元是、]))"
    ),
    example="签约390多个项目",
    counterexample="开展一系列活动",
)
_ROUND = Pattern(
    re.compile(r"(?<![第a-z\dx])\d[\d.]*[余多]?[万亿千](?:[余多]|\+)?(?!元|[亿万]?元|级)"),
    example="粉丝突破10万",
    counterexample="资金10万元",
)
FIGURE = Pattern(
    re.compile(rf"(?<![a-z\dx])第?{NUMERAL}(?:%|岁|{COUNTER})|百分之[一二三四五六七八九十]+"),
    example="10名",
    counterexample="x10名",
)
"""A number with its measure word, a share or an age."""
_CLAUSE_MARKS = frozenset(",。;:、!?()“”《》")


def find_counts(measure: str, folded: str) -> Iterator[tuple[int, int]]:
    """The spans of the figures in a folded text that may answer 多少 with the measure word; empty stands for any."""
    regexes = {_counts_in(measure), _ROUND.regex} if not _is_unit(measure) else {_counts_in(measure)}
    spans = {match.span() for regex in regexes for match in regex.finditer(folded)}
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


def _is_unit(measure: str) -> bool:
    return measure in _UNITS.split("|")


@functools.lru_cache(maxsize=256)
def _counts_in(measure: str) -> re.Pattern[str]:
    if not measure or measure == "个":
        return _ANY_COUNT.regex
    if _is_unit(measure):
        return re.compile(rf"{_NOT_BEFORE}{NUMERAL}{measure}")
    alike = {word for row in _CLASSES if measure in row.split("|") for word in row.split("|")} | {
        measure,
        "个",
    }
    return re.compile(
        rf"{_NOT_BEFORE}{_NO_COUNT}(?!一个){NUMERAL}(?:{'|'.join(sorted(alike, key=len, reverse=True))})"
    )


_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


def value_of(figure: str) -> float | None:
    """The value of a figure, in digits or in Chinese, without its measure word: 1.2万 → 12000; None if it has none."""
    match = re.match(NUMERAL, figure)
    if not match:
        return None
    written = match.group().rstrip("余多几").replace(",", "").replace("?", ".")
    digits = re.match(r"\d+(?:\.\d+)?", written)
    if not digits:
        return _chinese_value(written)
    value = float(digits.group())
    for power in written[digits.end() :]:
        value *= _POWERS.get(power, 1)
    return value


def _chinese_value(written: str) -> float:
    """By the places of tens to thousands within those of 万 and 亿."""
    total = section = digit = 0
    whole, _, fraction = written.partition("点")
    for character in whole:
        power = _POWERS.get(character)
        if power is None:
            digit = _DIGITS.get(character, digit)
        elif power < 10_000:
            section, digit = section + max(digit, 1) * power, 0
        else:
            larger = total if total > power else 0  # 四亿六千万: 亿 is not multiplied again
            total, section, digit = larger + (total - larger + section + digit or 1) * power, 0, 0
    tail = float(f"0.{''.join(str(_DIGITS.get(character, 0)) for character in fraction) or 0}")
    return total + section + digit + tail


def clause_around(folded: str, start: int, end: int) -> str:
    """The clause, between any two punctuation marks, in which the span lies."""
    left, right = start, end
    while left > 0 and folded[left - 1] not in _CLAUSE_MARKS:
        left -= 1
    while right < len(folded) and folded[right] not in _CLAUSE_MARKS:
        right += 1
    return folded[left:right]
