"""Tells from the words behind a name at the opening of a paragraph whether it is the one who acts."""

from __future__ import annotations

import re

from retrieval.language import Pattern

# Patterns meet folded text behind the name: 四川|实行…, 上海|在…, 敦煌|研究院….
_ADVERBS = (
    "在(?!于)|以|将|把|对|为|从|用|让|给|由|请|按照?|依托|围绕|聚焦|针对|结合|立足|坚持|通过|利用|借助|紧扣|突出|注重|着力|大力|积极|深入|"
    "全面|持续|扎实|统筹|率先|首创|首次|首批|首个|连续|不断|广泛|集中|今年|去年|近年|近日|日前|目前|每[年月周天个]|全年|已|正在|还|"
    "也|共(?!同富裕|产|青|和)|现有|有(?!关|限)|累计|先后|同步|联合|各[地级市区县]|多[地个]|全[省市区县]|境内|当地|\\d"
)
_VERBS = (
    "实行|实施|推行|推进|推动|推出|推广|开展|开设|开通|开放|开办|开启|开工|举办|举行|举全|组织|组建|打造|建立|建成|建设|建起|建有|"
    "设立|设置|设有|设点|出台|制定|制作|启动|启用|成立|召开|创建|创办|创新|构建|完善|健全|优化|加强|加快|强化|深化|提升|提出|"
    "落实|落地|发布|印发|评选|评出|命名|表彰|选树|选派|选聘|招募|培育|培养|培训|整治|整合|改造|改建|修缮|修建|新建|新增|新设|安排|"
    "投入|投放|发放|发出|发起|征集|收集|收到|走访|慰问|服务(?=[居群老企市村职学])|接待|吸引|引导|引入|引进|动员|发动|鼓励|支持|关爱|帮助|帮扶|"
    "完成|实现|获评|荣获|获得|获评|入选|入围|拥有|形成|编写|编印|编排|编制|印制|拍摄|录制|播出|播放|展出|展示|巡展|巡演|上演|演出|演唱|"
    "探索|倡导|倡议|承办|主办|协办|参加|参与|迎来|迎接|传承|保护|守护|修复|擦亮|点亮|唱响|讲好|讲述|点赞|捐[赠款建书出]|募集|"
    "种植|植树|清理|清除|拆除|取缔|治理|处理|处置|办理|办结|受理|解决|化解|调解|调度|排查|检查|督查|督导|巡查|查处|曝光|公布|公开|"
    "通报|宣传|宣讲|普及|教[会授]|学习|开课|授课|上线|下发|配[送备建发]|送[书戏医法教图上去来餐]|搬|挂|晒|亮|办[起好了出]|"
    "试行|试点|试运|扩大|扩建|延长|延时|增[加设开派]|减少|取消|合并|划[出定]|联[手动]|携手|牵手|结对|签[订约署]|致力|负责|承接|承担|"
    "运用|使用|采用|采取|绘制|勾画|刷新|突破|交出|收获|摘得|蝉联|夺得|保持|巩固|稳[步居]|扎根|派出|抽调|调动|集结|集体|出动|奔赴|驰援"
)
_INSTITUTIONS = (
    "博物[馆院]|图书馆|文化[馆宫站]|美术馆|纪念馆|科技馆|科学馆|档案馆|体育馆|规划馆|展览馆|少年宫|青少年宫|研究院|研究所|文明办|"
    "宣传部|[省市区县州]委|人民政府|政府|团[省市区县]?委|妇联|总工会|残联|文联|公安|交警|消防|城管|法院|检察院|税务|地铁|公交|"
    "铁路|机场|港|海关|医院|血站|红十字|慈善总会|文旅|教育局|民政局|剧院|大剧院|书城|书店|出版社|动物园|植物园|园林"
)
_PREDICATE = Pattern(re.compile(f"^(?:{_ADVERBS}|{_VERBS})"), "实行村晚直播", "时间五月一日")
_NOUN_PHRASE = Pattern(re.compile("^[一-鿿]{2,4}的"), "举办的活动", "举办活动")
_INSTITUTION = Pattern(re.compile(f"^[一-鿿]{{0,4}}?(?:{_INSTITUTIONS})"), "省图书馆开放", "举办展览")
_ORGANISATION = Pattern(
    re.compile(
        "^[一-鿿]{0,8}?(?:大学(?!生)|学院|中学(?!生)|小学(?!生)|职校|集团|有限公司|公司|银行|航空|电视台|电台|日报社?|大厦|协会|学会|联合会|基金会)"
    ),
    "理工大学成立",
    "大学生成立",
)

_OWN_ORGANISATION = Pattern(
    re.compile(
        "^(?![省市区县州镇乡村街各该本我全两多此])[一-鿿]{1,10}?"
        "(?:博物[馆院]|图书馆|美术馆|科学院|研究院|研究所|大学(?!生)|学院|集团|公司|银行|总工会|妇联|协会|学会|联合会|基金会|总局|中央|石油|石化|移动|联通|电信|邮政|电网|油田)"
    ),
    "故宫博物院推出",
    "市图书馆推出",
)
_OFFICE_OF_LEVEL = Pattern(
    re.compile(
        f"^(?P<level>[省市])(?:直|属|级)?[一-鿿]{{0,8}}?(?:{_INSTITUTIONS}|[局厅委办院馆队](?=[^员公理事管长领证导列]))"
    ),
    "市民宗局组织",
    "市民组织",
)


def has_predicate(after: str) -> bool:
    """Whether the folded text behind a name goes on as what the place or one of its institutions does."""
    is_clause = _PREDICATE.regex.match(after) and not _NOUN_PHRASE.regex.match(after)
    return bool(is_clause or _INSTITUTION.regex.match(after))


def is_organisation(after: str) -> bool:
    """Whether the folded text behind a name makes it that of a museum, a school, a company or a society: 大连|理工大学."""
    return bool(_ORGANISATION.regex.match(after) or _INSTITUTION.regex.match(after))


def opens_with_organisation(folded: str) -> bool:
    """Whether the text opens with the name of an organisation that is not said to be of the place: 国家图书馆."""
    return bool(_OWN_ORGANISATION.regex.match(folded))


def level_of_office(folded: str) -> str:
    """The level of the office with whose name the text opens, 省 or 市, without the name of its place; else an empty text."""
    match = _OFFICE_OF_LEVEL.regex.match(folded)
    return match["level"] if match else ""
