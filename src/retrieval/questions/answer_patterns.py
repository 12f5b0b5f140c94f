"""The test of an answer: whether a folded text holds what may stand in the slot that a question asks for.

A passage about the right matter that lacks what is asked for is the commonest wrong answer of a ranker by meaning.
Wide where a refusal would be wrong, narrow where an answer cannot be mistaken.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from retrieval.language import Pattern, personal_names
from retrieval.places import find_places
from retrieval.questions.asked_slot import AskedSlot
from retrieval.questions.measures import NUMERAL, clause_around, find_counts
from retrieval.questions.slot_forms import SlotKind


@dataclass(frozen=True, slots=True)
class AnswerPattern:
    """A test for texts that hold an answer, and one for texts in which it stands beside the noun that was asked for."""

    is_met_by: Callable[[str], bool]
    is_bound_in: Callable[[str], bool]
    """Stricter: the figure stands in one clause with the noun; never true where no noun is bound."""


# Tests for a count, one a measure word.
_TESTS_CACHED = 256
# Passages and sentences whose names are found once, not for each question: some 1 KB each.
_CACHED_TEXTS = 4096

# The signs of an answer of each kind in folded text.
_GIVEN: dict[SlotKind, Pattern] = {
    SlotKind.MONEY: Pattern(
        re.compile(
            rf"{NUMERAL}(?:元|块(?!屏|地|牌)|美元|人民币|[角毛分]钱)|[一二三四五六七八九两]成(?!立|员|果|为)|半价"
        ),
        "列支50万元",
        "列支经费",
    ),
    SlotKind.DURATION: Pattern(
        re.compile(
            rf"{NUMERAL}个?(?:天|日|工作日|学[期年]|小时|钟头|分钟|周|星期|月|年|季)|[半全整]年|\d秒|长期|常年"
        ),
        "为期3天",
        "开展培训",
    ),
    SlotKind.WHEN: Pattern(
        re.compile(
            r"\d+[年月日时点]|每[年月周天日季期两]|季度|[上下]半年|年[初底]|期间|之际|之机|前夕|日前|小时|分钟|节日?|定期|(?:[一两三半逐隔]|\d)个?(?:日|周|月|年|季)|时候|后[,]|之前|前\d|随时|假日|当[天日晚]|学[期年]|周[一二三四五六日末]|星期|逢|[晴雨雪]天|[寒暑]假|[春夏秋冬][季天]|[明次]年|年内|清明|端午|中秋|重阳|春节|国庆"
        ),
        "每月定期公布",
        "公布榜单",
    ),
    SlotKind.AGE: Pattern(
        re.compile(r"\d+[周多余]?岁|岁(?:以上|以下)|[一二三四五六七八九十]岁|年龄"), "平均35岁", "岁月"
    ),
    SlotKind.SHARE: Pattern(
        re.compile(r"\d%|百分之|[一二三四五六七八九\d]成(?!立|员|果|为|功)|百分点|倍"),
        "参与率达85%",
        "参与率很高",
    ),
    SlotKind.CHANGE: Pattern(
        re.compile(r"\d|[一二三四五六七八九十两半几]+[成倍分个点]|一半|翻番|持平"), "下降三成", "明显下降"
    ),
    SlotKind.RANK: Pattern(re.compile(r"第[一二三四五六七八九十\d]+|榜首|首位|冠军"), "位居第一", "位居前列"),
    SlotKind.TIME: Pattern(
        re.compile(
            r"\d+[时点:]|[一二三四五六七八九十]+[点时](?!做法|意见|建议|要求|措施|经验|体会|半课堂)|[上下]午|早上|晚上|全天"
        ),
        "晚上七点开课",
        "三点做法",
    ),
    SlotKind.DAY: Pattern(
        re.compile(
            r"\d+[日号]|每月第|(?:星期|礼拜)[一二三四五六日天]|周[一二三四五六日末]|[一二三四五六七八九十]+[日号](?!子)|\d月|农历|月[初廿]|初[一二三四五六七八九十]"
        ),
        "于3月5日启动",
        "于春天启动",
    ),
    SlotKind.YEAR: Pattern(
        re.compile(r"(?<!\d)\d{4}(?:年|-)|[一二三四五六七八九〇零]{4}年"), "2016年评上", "去年评上"
    ),
    SlotKind.PHONE: Pattern(
        re.compile(r"\d{7,}|\d{3,4}-\d{6,}|(?<!\d)1\d{4}(?!\d)"), "拨打12345", "拨打电话"
    ),
    SlotKind.WEB: Pattern(
        re.compile(r"https?:|www\.|\.com|\.cn|@|应用商店|扫描?[^,。]{0,6}二维码[^,。]{0,6}下载"),
        "登录www.example.cn",
        "登录网站",
    ),
    SlotKind.COLOUR: Pattern(
        re.compile(r"[红橙黄绿青蓝紫黑白灰金银]色(?!文化|故事|经典|资源|教育)"), "标志为红色", "红色文化"
    ),
    SlotKind.COMPANY: Pattern(
        re.compile(
            r"\w{2,}(?:公司|集团|厂|律师事务所|出版社|报社|旅行社|酒店|饭店|影院|影城|银行|医院)|牌(?=饮|矿|的)"
        ),
        "大成律师事务所",
        "律师",
    ),
    SlotKind.SCHOOL: Pattern(
        re.compile(r"[^各所等高在区校个家和\W]{2,}(?:大学(?!生)|学院|中学(?!生)|小学(?!生))"),
        "南京师范大学",
        "大学生",
    ),
    SlotKind.STREET: Pattern(re.compile(r"\w路(?:\d|口)|\w街(?!道)|大道|巷|\d+号"), "解放路8号", "街道"),
    SlotKind.PERMISSION: Pattern(
        re.compile(
            r"[可须应需限凭禁](?!持续|信|靠|爱|用性|求|要)|不得|不能|不收|免费|允许|必[须需]|以[上下]|至[少多]|最[多少]|方能|要求|保障|条件|不(?:[许准让用要必建打设办收受予批]|记)|没有[^,。]{0,4}[权资]|无[需权须]|否决"
        ),
        "每人限报两门",
        "开设课程",
    ),
}
# A fee that a person is to pay may be none.
_FEE = Pattern(
    re.compile(r"[收交缴付][^,。]{0,4}(?:多少|几多|钱)|费|\b(?:cost|fee)"), "要交多少钱", "列支多少钱"
)
_FREE = Pattern(re.compile(r"免费|无偿|不收费"), "免费参加", "收费")
_TITLE = Pattern(re.compile(r"[《“「『\"]([^》”」』\"]+)[》”」』\"]"), "出版《德耀金陵》", "出版了书")
_VENUE_NOUN = Pattern(
    re.compile(
        r"广场|公园|长廊|地铁|车站|路口|街道|社区|乡镇|村|学校|校园|企业|机关|景区|景点|场所|会场|会议?上|中心|展馆|图书馆|博物馆|体育馆|影院|敬老院"
        r"|机场|[铁火汽]\w?站|服务[站台点区]|窗口|驿站|码头|口岸|书店|书屋|商店|超市|市场(?!价|化|主体)|食堂|餐厅|展厅|门诊|病房|教室|操场"
        r"|工地|田间|院坝|祠堂|文化馆|纪念馆|体验馆|少年宫|文化宫|派出所|法院"
        r"|礼堂|剧院|剧场|大厅|基地|大厦|酒店|商场|医院|公交|网上|上网|网站|官网|公众号|小程序|客户端|公(?:示|告|开)栏|宣传栏|报上|报纸|杂志|电视|电台|微博|微信|平台|户外|楼宇|城区|农村|门口|信箱|橱窗|墙|承办|(?:省|市|县|区)(?=[举召承])"
    ),
    "在体育馆举行",
    "举行典礼",
)
# An office names its holder: a question for 誰 is answered by 宣傳部部長.
_OFFICE = Pattern(
    re.compile(r"\w(?:部长|局长|主任|书记|院长|校长|厅长|市长|县长|区长|处长|科长|主席)(?!会议|办公)"),
    "由宣传部部长担任组长",
    "主任会议",
)
_BY_NAME = Pattern(re.compile(r"名字|姓名|叫|姓[什甚]么|\bname\b|尊姓"), "处长叫什么", "处长是谁")
_NOT_TELLING = frozenset("的了是在和与及或一二三四五六七八九十年月日人个用为有会要都就也还一")


def answer_pattern_of(slot: AskedSlot, folded_question: str) -> AnswerPattern | None:
    """The test of an answer for the slot of the folded question; None if any sentence may answer."""
    is_met = _test_of(slot, folded_question)
    if is_met is None:
        return None
    is_bound = functools.partial(_stands_with_noun, slot) if slot.nouns else _never
    return AnswerPattern(is_met, is_bound)


def _test_of(slot: AskedSlot, folded_question: str) -> Callable[[str], bool] | None:
    """The same object for slots that the same texts fill, so that a text need not be tested again."""
    if slot.kind is SlotKind.MONEY and _FEE.regex.search(folded_question):
        return _matches_any(_GIVEN[SlotKind.MONEY], _FREE)
    if given := _GIVEN.get(slot.kind):
        return _matches_any(given)
    match slot.kind:
        case SlotKind.COUNT:
            return _has_count(slot.measure)
        case SlotKind.PERSON:
            return functools.partial(_names_holder, folded_question)
        case SlotKind.TITLE:
            return functools.partial(_holds_new, _TITLE, folded_question)
        case SlotKind.VENUE:
            return functools.partial(_names_venue, folded_question)
        case SlotKind.CHOICE:
            return functools.partial(_holds_option, slot.options)
        case _:
            return None


@functools.cache
def _matches_any(*patterns: Pattern) -> Callable[[str], bool]:
    return lambda folded: any(pattern.regex.search(folded) for pattern in patterns)


@functools.lru_cache(_TESTS_CACHED)
def _has_count(measure: str) -> Callable[[str], bool]:
    return lambda folded: any(find_counts(measure, folded))


def _holds_new(given: Pattern, folded_question: str, folded: str) -> bool:
    """Whether the text holds a name that the question does not hold already."""
    return any(name not in folded_question for name in _matches_of(given, folded))


@functools.lru_cache(_CACHED_TEXTS)
def _matches_of(given: Pattern, folded: str) -> frozenset[str]:
    return frozenset(given.regex.findall(folded))


def _names_venue(folded_question: str, folded: str) -> bool:
    """Whether the text names a venue or a place that the question does not name."""
    if _holds_new(_VENUE_NOUN, folded_question, folded):
        return True
    return any(name not in folded_question for name in _places_named_in(folded))


@functools.lru_cache(_CACHED_TEXTS)
def _places_named_in(folded: str) -> frozenset[str]:
    return frozenset(folded[place.start : place.end] for place in find_places(folded))


def _names_holder(folded_question: str, folded: str) -> bool:
    """Whether the text names a person or, unless the question asks for a name, an office that the question lacks."""
    if personal_names.names_a_person(folded):
        return True
    return not _BY_NAME.regex.search(folded_question) and _holds_new(_OFFICE, folded_question, folded)


def _holds_option(options: tuple[str, ...], folded: str) -> bool:
    """Whether the text holds a character of one option that the others and most texts lack: 季 of 季季測."""
    first, second = (set(option) for option in options)
    return any(character in folded for character in (first ^ second) - _NOT_TELLING)


def _never(folded: str) -> bool:
    return False


def _stands_with_noun(slot: AskedSlot, folded: str) -> bool:
    return any(is_bound for *_, is_bound in bound_counts(slot, folded))


def bound_counts(slot: AskedSlot, folded: str) -> list[tuple[int, int, bool]]:
    """The spans of the figures that may fill the slot of a count or a sum, and whether each stands with its noun.

    It does if one clause holds the figure and at least half of the words of the noun.
    """
    if slot.kind is SlotKind.MONEY:
        spans = [match.span() for match in _GIVEN[SlotKind.MONEY].regex.finditer(folded)]
    else:
        spans = list(find_counts(slot.measure, folded))
    return [(start, end, _is_beside(slot.nouns, clause_around(folded, start, end))) for start, end in spans]


def _is_beside(nouns: tuple[str, ...], clause: str) -> bool:
    return bool(nouns) and 2 * sum(noun in clause for noun in nouns) >= len(nouns)
