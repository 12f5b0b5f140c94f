"""The expected answer of a question: a sum of money, a date, a personal name, a number with its unit.

A passage about the right matter that lacks what is asked for is the commonest wrong answer of a ranker by meaning.
Wide where a refusal would be wrong, narrow where an answer cannot be mistaken.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from retrieval.language import personal_names


@dataclass(frozen=True, slots=True)
class AnswerPattern:
    """A kind of answer: the words that ask for it, and a test for texts that hold one; both on folded text."""

    asked: re.Pattern[str]
    is_met_by: Callable[[str], bool]


def answer_pattern_of(folded_question: str) -> AnswerPattern | None:
    """The pattern of an answer to the folded question, by the first kind asked for; None if any sentence may answer."""
    asked_for = next((kind for kind in _EXPECTATIONS if kind.asked.search(folded_question)), None)
    return asked_for or _new_name_pattern(folded_question)


def _new_name_pattern(folded_question: str) -> AnswerPattern | None:
    """The pattern of a name, or of a venue, that the question does not hold already."""
    for asked, given in ((_TITLE_ASKED, _TITLE), (_VENUE_ASKED, _VENUE_NOUN)):
        if asked.search(folded_question):
            return AnswerPattern(asked, functools.partial(_holds_new, given, folded_question))
    return None


def _holds_new(given: re.Pattern[str], folded_question: str, folded: str) -> bool:
    return any(name not in folded_question for name in given.findall(folded))


def _expect(asked: str, given: str) -> AnswerPattern:
    pattern = re.compile(given)
    return AnswerPattern(re.compile(asked), lambda folded: pattern.search(folded) is not None)


_NUMERAL = r"(?:\d[\d,.]*|[〇零一二两三四五六七八九十百千万亿]+)"
_WHO = "谁|边个|边位|哪位|哪一位"
_WHICH = "(?:哪|边)"

_MONEY = _expect(
    asked=r"多少钱|几多钱|多少(?:资金|奖金|预算|补助|补贴|保费|稿费|稿酬|经费|费用|拨款|投入|赞助)"
    r"|(?:奖金|稿费|稿酬|定价|价格|费用|经费|预算|月薪|工资|票价|罚款|保费|补助|补贴|成本)[^,。]{0,6}(?:多少|几)"
    r"|(?:多少|(?<![哪边])几)(?:万|亿)?(?:块|元|费)|[罚补奖赔付收][^,。]{0,3}多少(?!人|个|名|次|项|家|位|条|篇)"
    r"|how much (?:money|funding|does it cost|did .* (?:cost|raise))",
    given=rf"{_NUMERAL}[余多]?万?亿?(?:元|块|美元|人民币)",
)
_DAY = _expect(
    asked=r"[哪何]一?[天日]|几月[几初]|几号(?!楼)|星期几|周几|礼拜几|几点(?:钟|开|结)|(?:what|which) (?:day|date)|what time",
    given=r"\d+[日号]|每月第|(?:星期|礼拜)[一二三四五六日天]|周[一二三四五六日末]|\d+[时点:]|[一二三四五六七八九十]+日(?!子)",
)
_YEAR = _expect(
    asked=r"[哪边从][一个]?年(?!级|龄|轻)|何年|什么年份|几几年|(?:what|which) year",
    given=r"(?<!\d)\d{4}(?:年|-)|[一二三四五六七八九〇零]{4}年",
)
_DURATION = _expect(
    asked=r"多久(?![^,。]{0,8}[次名])|多长时间|多少[天日]|几天|几个(?:月|小时|钟头)"
    r"|how long|how many (?:days|hours|weeks|months)",
    given=rf"{_NUMERAL}[余多]?个?(?:天|日|小时|钟头|分钟|周|星期|月|年|季)|[半全整]年|长期|常年",
)
_AGE = _expect(
    asked=r"多大(?:年纪|岁数)|几岁|多少岁|年[龄纪](?:限制|要求|多|几|是)|平均年龄|how old|average age|\bage\b",
    given=r"\d+[周多余]?岁|岁(?:以上|以下)|年龄",
)
_PHONE = _expect(
    asked=r"电话|热线|手机号|联系方式|联络方式|phone",
    given=r"\d{7,}|\d{3,4}-\d{6,}|(?<!\d)1\d{4}(?!\d)",
)
_ADDRESS_ON_THE_WEB = _expect(
    asked=r"网址|网站地址|链接|邮箱|(?:哪里|哪儿|边度|哪个网站|怎么|点样|点)[^,。]{0,3}下载"
    r"|e-?mail|website address|\burl\b|download",
    given=r"https?:|www\.|\.com|\.cn|@|应用商店|扫描?[^,。]{0,6}二维码[^,。]{0,6}下载",
)
_SHARE = _expect(
    asked=r"百分之几|百分之多少|多少个?百分点|几成|(?:占比|比例|比率|增幅)[^,。]{0,4}(?:多少|几)|what percentage",
    given=r"\d%|百分之|[一二三四五六七八九\d]成|倍",
)
_RANK = _expect(
    asked=r"第几名|排第?几|什么名次|排名多少|what rank",
    given=r"第[一二三四五六七八九十\d]+|榜首|首位|冠军",
)
_COLOUR = _expect(
    asked=r"(?:什么|咩|乜嘢?|哪种|何种)(?:颜色|色)|what colou?r",
    given=r"[红橙黄绿青蓝紫黑白灰金银]色",
)
_COMPANY = _expect(
    asked=rf"{_WHICH}(?:一|几|两)?[家间所]\w{{0,4}}(?:公司|企业|厂|律所|律师事务所|酒店|饭店|影院|戏院|电影院|银行|医院|馆|店)"
    r"|(?:什么|咩|哪个|边个)(?:牌子|品牌|公司)|which (?:company|cinema|hotel|brand|firm|shop|bank|hospital)",
    given=r"\w{2,}(?:公司|集团|厂|律师事务所|酒店|饭店|影院|影城|银行|医院)|牌(?=饮|矿|的)",
)
_SCHOOL = _expect(
    asked=rf"{_WHICH}(?:一|几|两)?[家间所个]\w{{0,3}}(?:大学|高校|学校|院校|中学|小学)|which (?:universit|college|school)",
    given=r"[^各所等高在区校个家和\W]{2,}(?:大学(?!生)|学院|中学(?!生)|小学(?!生))",
)
_STREET = _expect(
    asked=r"地址(?!栏)|哪条(?:路|街)|哪个路口|几号楼|what address|address of",
    given=r"\w路(?:\d|口)|\w街(?!道)|大道|巷|\d+号",
)
_COMPARED = _expect(
    asked=r"比(?:去年|上年|往年|前年|以前|之前|上一?[届期次年])|同比|than (?:last|the previous)",
    given=r"比[去上往前]|同比|增长|增加|较[去上]|上升|提高到|增至|翻[一两]?番|下降|减少",
)
# Where something is or happens; a question for one of the covered places is answered by the citation.
_VENUE_ASKED = re.compile(
    r"(?:在|到|去|喺|系|摆|放|设|贴)(?:哪里|哪儿|哪|边度|什么地方|咩地方)(?![个些座]?(?:城市|省|市|区|县))"
    r"|(?:哪个|边个|什么|咩)(?:场馆|展览馆|会场|地点|广场|剧院|礼堂)|(?:举行|举办|召开)的?地点"
    r"|\bwhere\b(?! (?:is|are) .* mentioned)"
)
_VENUE_NOUN = re.compile(
    r"广场|公园|长廊|地铁|车站|路口|街道|社区|乡镇|村|学校|校园|企业|机关|景区|景点|场所|会场|会议?上|中心|展馆|图书馆|博物馆|体育馆|影院|敬老院"
    r"|礼堂|剧院|剧场|大厅|基地|大厦|酒店|商场|医院|公交|网上|网站|报上|报纸|杂志|电视|电台|微博|微信|平台|户外|楼宇|城区|农村|承办|(?:省|市|县|区)(?=[举召承])"
)
_ROLE = (
    "作者|编者|主编|院长|校长|馆长|团长|会长|市长|省长|县长|区长|处长|局长|科长|主任|部长|书记|理事长|秘书长|站长|队长"
    "|主持人|负责人|发起人|创办人|创始人|设计师|设计者|画师|代言人"
)
_PERSON = "名家|学者|专家|领导|名人|教授|嘉宾|老师|明星|评委|主播|律师|医生|记者"
_ROLE_IN_ENGLISH = "principal|head|director|author|chair\\w*|mayor|secretary|leader|founder|speaker|host"
_TITLE = re.compile(r"[《“「『\"]([^》”」』\"]+)[》”」』\"]")
_TITLE_ASKED = re.compile(
    rf"{_WHICH}(?:一|几|两|三|四|五|六|七|八|九|十|\d+)[本部篇首幅册]|书名|片名|剧名|歌名|(?:书|片|剧|歌|电影|节目|游戏|软件)的?(?:名字?)?叫(?:什么|啥|咩)|叫(?:什么|啥|咩|乜)(?:名|$|\W)|(?:名称|名字|题目|标题)(?:是|系|叫)"
)
_MADE_BY = "画|写|设计|诌|谂|想出|想到|创作|拍摄|唱|编写|发明|提议"
_PERSONAL_NAME = AnswerPattern(
    re.compile(
        rf"(?:{_ROLE})(?:是|系|叫|姓)?(?:{_WHO}|什么名|咩名|乜名|什么)"
        rf"|{_WHICH}(?:一|几|两|三|些|啲|十|\d+)?(?:位|个|名)?(?:{_PERSON})"
        rf"|{_WHICH}(?:几|两|三|[四五六七八九]|十|\d+)(?:位|名|户)(?!\w)"
        rf"|(?:{_PERSON}|人)们?(?:都?(?:是|系))?(?:叫什么|叫啥|叫咩|叫乜|名字|姓名|{_WHO})|姓甚名谁|姓什么|尊姓大名|都是谁"
        rf"|who (?:is|was|are|were) the [^,.]{{0,30}}(?:{_ROLE_IN_ENGLISH})"
        rf"|(?:边个|谁)(?:来|去|最先|负责|亲自)?(?:{_MADE_BY})|(?:{_MADE_BY})[^,。]{{0,4}}(?:是|系)(?:谁|边个)"
        r"|who (?:spoke|wrote|designed|lectured|sang|founded)|name of the (?:official|person|man|woman|leader|head)"
    ),
    personal_names.names_a_person,
)
# Measure words that may stand for one another in an answer to 幾個, 多少名 …
_MEASURES = (
    "名|位|人|个|员|户|组|家|对",
    "家|个|所|处|座|间|站|支",
    "项|个|条|件|款|种|类|点|批|大",
    "篇|条|幅|部|本|册|份|期|首",
    "次|场|届|期|轮|回|批|度",
    "颗|星|级",
    "g|m|兆|k",
)
_MEASURED = tuple(
    _expect(
        asked=rf"(?<![哪边的])(?:多少|几多?)(?:{measures})(?!次一律)",
        given=rf"{_NUMERAL}[余多几]?万?亿?(?:{measures})|[百千万亿]|[双两]",
    )
    for measures in _MEASURES
)
_NUMBER = _expect(
    asked=r"(?<!的)(?:多少|几多)(?!次一律)|(?<![哪边])几[件台岁块度]|第几|how many|number of",
    given=rf"(?<![x\d]){_NUMERAL}[余多几]?[\w%]|[百千万亿]|半|倍|[一二三四五六七八九十]是",
)

_EXPECTATIONS = (
    _MONEY,
    _COMPARED,
    _DAY,
    _YEAR,
    _DURATION,
    _AGE,
    _PHONE,
    _ADDRESS_ON_THE_WEB,
    _SHARE,
    _RANK,
    _COLOUR,
    _COMPANY,
    _SCHOOL,
    _STREET,
    _PERSONAL_NAME,
    *_MEASURED,
    _NUMBER,
)


class AnswerType(StrEnum):
    """The kind of thing that a question asks for, by its question word."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    LIST = "list"
    REASON = "reason"
    METHOD = "method"
    ANYTHING = "anything"


# The first match counts. Cantonese and English question words are listed beside the Mandarin ones.
_ASKED: tuple[tuple[AnswerType, re.Pattern[str]], ...] = (
    (
        AnswerType.DATE,
        re.compile(
            r"[什甚]么时[候间]|何时|几时|[哪边何几][一个]?[年月天日](?!级|龄|轻)|多久|多长时间"
            r"|\bwhen\b|(?:what|which) (?:year|date|month|day)"
        ),
    ),
    (
        AnswerType.NUMBER,
        re.compile(r"多少|几[个多名人条支项篇次家位成点台件]?|第几|how (?:many|much)|number of|比例|百分之"),
    ),
    (AnswerType.REASON, re.compile(r"为什么|为啥|点解|为何|原因|目的|图个?啥|\bwhy\b")),
    (
        AnswerType.LIST,
        re.compile(r"哪些|哪几|列[一出给]|列下|清单|分别|有什么(?:内容|活动|措施)|逐条|\bwhich\b|\blist\b"),
    ),
    (AnswerType.METHOD, re.compile(r"怎么|怎样|如何|点样|咋|流程|办法|做法|\bhow\b")),
    (
        AnswerType.NAME,
        re.compile(r"叫什么|叫啥|名字|名称|全名|哪个|哪本|哪份|谁|边个|\bwho\b|\bname\b|\bcalled\b"),
    ),
)
_SIGNS: dict[AnswerType, re.Pattern[str]] = {
    AnswerType.NUMBER: re.compile(r"\d|[百千万亿]|[一二两三四五六七八九十]+[余多]?[个名支项条家所次]"),
    AnswerType.DATE: re.compile(
        r"\d+[年月日]|每[年月周天日季]|季度|[上下]半年|年[初底]|期间|之际|前夕|日前|小时|分钟"
    ),
    AnswerType.NAME: re.compile(r"[《“「\"]"),
    AnswerType.LIST: re.compile(r"(?:[^、]+、){2}|(?:\d|[一二三四五六七八九十])(?:是|、).*?[;。]"),
    AnswerType.REASON: re.compile(r"因为|由于|为了|旨在|目的|以便|从而|针对|使得?|确保|避免|防止|满足|解决"),
    AnswerType.METHOD: re.compile(
        r"通过|采[取用]|利用|建立|组织|实行|运用|依托|制定|借助|结合|以.{1,12}[为的]"
    ),
}


def answer_type_of(folded_question: str) -> AnswerType:
    """The first type whose words the folded question uses."""
    return next((kind for kind, asked in _ASKED if asked.search(folded_question)), AnswerType.ANYTHING)


def has_answer_type(answer_type: AnswerType, folded_text: str) -> bool:
    """Whether the text has what such an answer usually has; always False for a question that may ask for anything."""
    sign = _SIGNS.get(answer_type)
    return sign is not None and sign.search(folded_text) is not None
