"""Forms of questions: for each kind of slot, the question word with what is bound to it."""

from __future__ import annotations

import re
from enum import StrEnum

from retrieval.language import Pattern
from retrieval.questions.measures import COUNTER
from retrieval.questions.question_words import POINTS


class SlotKind(StrEnum):
    """The kind of thing that stands in the asked slot."""

    MONEY = "money"
    DURATION = "duration"
    AGE = "age"
    SHARE = "share"
    CHANGE = "change"
    """By how much something rose or fell: a number of any kind."""
    RANK = "rank"
    COUNT = "count"
    TIME = "time of day"
    DAY = "day"
    YEAR = "year"
    WHEN = "when"
    PHONE = "phone"
    WEB = "web address"
    COLOUR = "colour"
    COMPANY = "company"
    SCHOOL = "school"
    STREET = "street"
    VENUE = "venue"
    PERSON = "person"
    """A personal name."""
    WHO = "who"
    """A person, an office or a body."""
    TITLE = "title"
    REASON = "reason"
    CHOICE = "choice"
    PERMISSION = "permission or limit"
    LIST = "list"
    METHOD = "method"
    NAME = "name"
    ANYTHING = "anything"


# Nouns that begin with a character that is also a measure word: 多少家庭 counts families, not houses.
_NO_MEASURE = (
    "家[庭长乡政风]|项目|部[门队]|个[人体]|人[员才物群民均]|条[例件]|组[织长]|级别|种类|门[店票]|点[位子]|户外|层级|环节|节[目日]|场[馆所地]"
    "|站点|支[部队]|名[家额单人]|层面|期刊|度假|分[队类会]|片区|批评|院校|村[民庄]|本地|口号|页面|字数|只有|面积|把手|步骤|步道|式样|大学"
)
_END = r"(?=[呢啊呀吗嘛]*(?:[\W]|\Z))"
_MONEY_NOUN = "(?:资金|预算|补[助贴偿]|津贴|投入|赞助|薪水?|工资|经费|费用?|[奖金善捐罚款]款|[奖基租]金|助学金|稿酬|报酬|钱)"
_WHO_BODY = "单位|部门|机构|组织|团体|队伍|协会|公司部门"
_ROLE = (
    "作者|编者|主编|院长|校长|馆长|团长|会长|市长|省长|县长|区长|处长|局长|科长|主任|部长|书记|理事长|秘书长|站长|队长"
    "|主持人|负责人|发起人|创办人|创始人|设计师|设计者|画师|代言人"
)
_PERSON = "名家|学者|专家|领导|名人|教授|嘉宾|老师|明星|评委|主播|律师|医生|记者"
_ROLE_IN_ENGLISH = r"principal|head|director|author|chair\w*|mayor|secretary|leader|founder|speaker|host"
_SUM_IN_ENGLISH = "fee|price|cost|budget|fine|bonus|subsidy|funding"
_BODY_IN_ENGLISH = (
    "departments?|authorit(?:y|ies)|bod(?:y|ies)|organi[sz]ations?|agenc(?:y|ies)|offices?|units?"
)
# One adjective at most before a noun in the plural; a verb in the third person is none.
_PLURAL_IN_ENGLISH = (
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b"
    r"|(?:(?!(?:is|was|has|does|of)\b)[a-z-]+ )?(?!(?:is|was|has|does|of)\b)[a-z]+[^\W\ds]s\b)"
)
_MADE_BY = "画|写|设计|诌|谂|想出|想到|创作|拍摄|唱|编写|发明|提议"
_WHICH_OF = "哪(?:一|几|两|三|四|五|六|七|八|九|十|些|\\d+)?"

# One row a form of question over the text with canonical question words; the group `word` is the question word. Of several
# rows that match, that of the first question word counts, and of two of the same word the earlier row.
FORMS: tuple[tuple[SlotKind, Pattern], ...] = (
    (
        SlotKind.CHANGE,
        Pattern(
            re.compile(
                rf"(?:增[加长]|减少?|降低?|下降|[提升]高|提升|上升|[涨跌差]|变化|(?<!至)[多少高低](?=[了出]?多少)|便宜|缩短)[了出]?(?P<word>多少){_END}"
            ),
            "比去年少了多少",
            "有多少",
        ),
    ),
    (
        SlotKind.MONEY,
        Pattern(
            re.compile(
                rf"(?P<word>多少)(?!{COUNTER})[万亿千百]*(?:元|块|(?P<noun>[^\W的了在是]{{0,4}}?{_MONEY_NOUN}))"
            ),
            "花了多少钱",
            "补种多少棵",
        ),
    ),
    (
        SlotKind.MONEY,
        Pattern(
            re.compile(
                rf"(?P<noun>{_MONEY_NOUN}|[售定票房物单]价|价[格钱]|成本|月薪|收费)[^,。;个名人]{{0,6}}?(?P<word>多少"
                rf"|几元){_END}"
            ),
            "收费是多少",
            "收到多少封",
        ),
    ),
    (
        SlotKind.MONEY,
        Pattern(
            re.compile(rf"(?:罚|赔|付|奖励?|卖|花)[了到过]?(?P<word>多少){_END}"),
            "会被罚多少",
            "获奖多少件",
        ),
    ),
    (
        SlotKind.MONEY,
        Pattern(
            re.compile(rf"(?P<word>什么|多少) (?:is|was|are|were) the (?:[a-z]+ )?(?:{_SUM_IN_ENGLISH})\b"),
            "什么 is the entry fee",
            "什么 is the name",
        ),
    ),
    (
        SlotKind.DURATION,
        Pattern(
            re.compile(r"(?P<word>多少)(?:天|日|个?小时|个?钟头|分钟|周|个?星期|个月|年)(?!级|度)"),
            "办了多少天",
            "多少年级",
        ),
    ),
    (
        SlotKind.DURATION,
        Pattern(
            re.compile(r"(?P<word>多久|多长时间)(?![^,。]{0,8}(?:[次名]|一[回遍趟轮]))"),
            "为期多久",
            "多久一次",
        ),
    ),
    (
        SlotKind.DURATION,
        Pattern(
            re.compile(r"(?P<word>多少) ?(?:days|hours|weeks|months|years)"),
            "多少 days",
            "多少 people",
        ),
    ),
    (SlotKind.WHEN, Pattern(re.compile(r"(?P<word>多久|什么(?:时候|日子))"), "什么时候开幕", "时候")),
    (
        SlotKind.AGE,
        Pattern(
            re.compile(r"(?P<word>多大(?:年纪|岁数|年龄)|几岁|多少岁)"),
            "平均几岁",
            "多大规模",
        ),
    ),
    (
        SlotKind.AGE,
        Pattern(
            re.compile(r"年[龄纪][^,。]{0,4}?(?P<word>多少|几|什么|限制|要求|怎么|吗)"),
            "有年龄限制吗",
            "年龄结构",
        ),
    ),
    (
        SlotKind.SHARE,
        Pattern(
            re.compile(r"(?P<word>百分之(?:几|多少)|几成|多少个?(?:百分点|成(?!功|立|员|果)))"),
            "升到百分之几",
            "多少成果",
        ),
    ),
    (
        SlotKind.SHARE,
        Pattern(
            re.compile(rf"(?:占比|比例|比重|增幅|[^\W功效]率)[^,。]{{0,4}}?(?P<word>多少|几){_END}"),
            "比例是多少",
            "多少人",
        ),
    ),
    (
        SlotKind.RANK,
        Pattern(
            re.compile(
                r"(?P<word>第几)(?!个|篇|期)|(?:排名?)[^,。第]{0,3}(?:多少|几)|什么名次"
                r"|什么 rank"
            ),
            "排第几",
            "几个人",
        ),
    ),
    (
        SlotKind.PHONE,
        Pattern(
            re.compile(
                rf"(?:电话|热线|手机|联[系络](?:方式|电话))(?:号码?)?(?:又|具体)?(?:是|系"
                rf"|为)?(?P<word>多少(?!{COUNTER})|几号|什么|哪个|\W*\Z)"
            ),
            "热线是多少",
            "电话接听多少次",
        ),
    ),
    (
        SlotKind.PHONE,
        Pattern(
            re.compile(
                rf"(?P<word>什么|哪个|有没有|打)[^,。]{{0,6}}(?:电话|热线|手机号|联[系络]方式)(?:号码?)?(?:或\w+)?{_END}"
                rf"|(?P<how>怎么)联[系络]|phone"
            ),
            "有没有联系电话",
            "接听电话",
        ),
    ),
    (
        SlotKind.WEB,
        Pattern(
            re.compile(
                r"(?:网址|网站地址|链接|邮箱|e-?mail|website address|\burl\b)(?:又|具体)?(?:是"
                r"|系|为)?(?P<word>多少|什么|哪个|\W|\Z)"
            ),
            "网址是什么",
            "网站",
        ),
    ),
    (
        SlotKind.WEB,
        Pattern(
            re.compile(r"(?P<word>哪里|哪儿|哪个网站|怎么|什么地方|点)[^,。]{0,3}下载"),
            "在哪里下载",
            "下载",
        ),
    ),
    (
        SlotKind.COUNT,
        Pattern(
            re.compile(
                rf"(?P<word>多少)\s*(?:个(?=[gmk兆]))?(?P<measure>(?!{_NO_MEASURE}){COUNTER})?(?P<noun>\s*[^\W的了在有"
                rf"吗呢啊被来把给向由]*)"
            ),
            "补种多少棵树",
            "哪些树",
        ),
    ),
    (
        SlotKind.TIME,
        Pattern(
            re.compile(rf"(?P<word>几点)(?!{POINTS})"),
            "几点开门",
            "几点意见",
        ),
    ),
    (
        SlotKind.DAY,
        Pattern(
            re.compile(
                r"(?P<word>几[月号日](?!楼)|星期几|周几|礼拜几|[哪何][一几]?[天日](?!报)|什么 (?:day"
                r"|date)|哪个 (?:day|date))"
            ),
            "几月几号",
            "几号楼",
        ),
    ),
    (
        SlotKind.YEAR,
        Pattern(
            re.compile(r"(?P<word>[哪何从]一?个?年(?!级|龄|轻)|什么年份|(?:什么|哪个) year)"),
            "哪一年评上",
            "哪个年级",
        ),
    ),
    (
        SlotKind.COLOUR,
        Pattern(
            re.compile(r"(?P<word>什么|哪种|何种) ?(?:颜色|色|colou?r)"),
            "什么颜色",
            "什么特色",
        ),
    ),
    (
        SlotKind.COMPANY,
        Pattern(
            re.compile(
                r"(?P<word>哪(?:一|几|两)?[家间所]\w{0,4}|哪个 ?)(?:公司|企业|厂|出版社|报社|旅行社|律所|律师事务所"
                r"|酒店|饭店|影院|戏院|银行|医院|馆|店|company|cinema|hotel|brand|firm|shop"
                r"|bank|hospital)|什么(?:牌子|品牌|公司)"
            ),
            "哪家公司设计",
            "哪家大报",
        ),
    ),
    (
        SlotKind.SCHOOL,
        Pattern(
            re.compile(
                rf"(?P<word>{_WHICH_OF})[家间所个]?\s?\w{{0,3}}(?:大学(?!生)|高校|学校|院校"
                rf"|中学|小学|universit|college|school)"
            ),
            "哪几所高校",
            "大学生",
        ),
    ),
    (
        SlotKind.STREET,
        Pattern(
            re.compile(
                r"地址(?!栏)|(?P<word>哪)(?:条[路街]|个路口)|几号楼|(?:什么|哪个) address"
                r"|address of"
            ),
            "地址在哪",
            "地址栏",
        ),
    ),
    (
        SlotKind.PERSON,
        Pattern(
            re.compile(rf"(?:{_ROLE})(?P<word>(?:是|系|叫|姓|由)?(?:谁|哪一?[个位]|什么))"),
            "团长是谁",
            "谁来评",
        ),
    ),
    (
        SlotKind.PERSON,
        Pattern(
            re.compile(
                rf"(?P<word>{_WHICH_OF})(?:位|个|名)?(?:{_PERSON})|(?P<few>哪(?:几|两|三"
                rf"|[四五六七八九]|十|\d+)(?:位|名|户))(?!\w)"
            ),
            "请了哪几位名家",
            "哪些活动",
        ),
    ),
    (
        SlotKind.PERSON,
        Pattern(
            re.compile(
                rf"(?:{_PERSON}|人)们?(?P<word>(?:都?(?:是|系))?(?:叫什么|谁|[名姓][字名](?=[是叫系\W]"
                rf"|\Z)))|姓甚名谁|姓什么|尊姓大名|都是谁|name of the (?:official|person"
                rf"|man|woman|{_ROLE_IN_ENGLISH})"
            ),
            "专家叫什么",
            "人名",
        ),
    ),
    (
        SlotKind.PERSON,
        Pattern(
            re.compile(
                rf"(?P<word>谁|哪个)(?:来|去|最先|负责|亲自)?(?:{_MADE_BY})|(?:{_MADE_BY})[^,。]{{0,4}}(?:是"
                rf"|系)(?:谁|哪个)|谁 (?:spoke|wrote|designed|lectured|sang|founded)|谁 (?:is"
                rf"|was|are|were) the [^,.]{{0,30}}(?:{_ROLE_IN_ENGLISH})"
            ),
            "谁设计的",
            "设计方案",
        ),
    ),
    (
        SlotKind.TITLE,
        Pattern(
            re.compile(
                r"(?P<word>哪(?:一|几|两|三|四|五|六|七|八|九|十|\d+)?)[本部篇首幅册](?!门"
                r"|委|分)|[书片剧歌]名|(?:书|片|剧|歌|电影|节目|游戏|软件)的?(?:名字?)?叫什么"
                r"|叫什么(?:名|\Z|\W)|(?:名称|名字|题目|标题)(?:是|系|叫)"
                rf"|什么 [^,.?]*\bcalled\b(?! on)|(?:name|title) of the (?!official|person|man|woman|{_ROLE_IN_ENGLISH})"
            ),
            "哪本书",
            "书本",
        ),
    ),
    (
        SlotKind.VENUE,
        Pattern(
            re.compile(
                r"(?:在|到|去|喺|系|摆|放|设|贴)(?P<word>哪里|哪儿|哪些地方|哪(?![些个几位一两三四五六七八九十份])"
                r"|什么地方)(?![个些座]?(?:城市|省|市|区|县)|[^\W]{0,3}(?:天|年))|(?:哪个"
                r"|什么)(?:场馆|展览馆|会场|地点|广场|剧院|礼堂)|(?:举行|举办|召开)的?地点"
                r"|哪里 (?!(?:is|are) .* mentioned)"
            ),
            "在哪里举行",
            "在哪个城市",
        ),
    ),
    (
        SlotKind.WHO,
        Pattern(
            re.compile(
                rf"(?P<word>谁|哪一?位|什么人|哪一?[个家](?:{_WHO_BODY})|哪些(?:人(?!物)"
                rf"|{_WHO_BODY}))(?P<noun>\w{{0,6}})|哪个 (?:[a-z-]+ )?(?:{_BODY_IN_ENGLISH})\b"
            ),
            "由谁牵头",
            "哪些活动",
        ),
    ),
    (
        SlotKind.REASON,
        Pattern(
            re.compile(r"(?P<word>为什么|是?什么原因|原因|什么目的|目的|图个?什么|用意|卡在哪)"),
            "为什么要办",
            "什么活动",
        ),
    ),
    (
        SlotKind.CHOICE,
        Pattern(
            re.compile(r"(?P<first>[^\W是]{1,6})(?P<word>还是)(?P<second>[^\W]{1,6})"),
            "杯子还是袋子",
            "还有袋子",
        ),
    ),
    (
        SlotKind.PERMISSION,
        Pattern(
            re.compile(
                r"(?P<word>可不可以|要不要|准不准|许不许|允不允许|是否(?:可以|允许)|最多(?:可以"
                r"|能)|有没有[^,。]{0,8}(?:限制|要求|资格|条件)|(?:有|符合|具备)什么(?:限制"
                r"|要求|资格|条件))|(?:可以|可|能|需要|须|要|必须|允许|收费|免费)[^,。]{0,12}吗"
            ),
            "需要预约吗",
            "需要人手",
        ),
    ),
    (
        SlotKind.LIST,
        Pattern(
            re.compile(
                r"(?P<word>哪些|哪几|哪[两三四五六七八九十]|列[一出给下]|清单|分别|逐条"
                rf"|有什么(?:内容|活动|措施)|\blist the\b|\A\W*list\b|哪个 {_PLURAL_IN_ENGLISH})"
            ),
            "有哪些活动",
            "哪个活动",
        ),
    ),
    (SlotKind.METHOD, Pattern(re.compile(r"(?P<word>怎么|流程|办法|做法)"), "怎么评选", "为什么")),
    (
        SlotKind.NAME,
        Pattern(
            re.compile(r"(?P<word>叫什么|名字|名称|全名|哪一?[个份家种项]|谁|什么名|\bname\b|\bcalled\b)"),
            "哪一个",
            "哪些",
        ),
    ),
)
