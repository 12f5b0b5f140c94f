"""Forms of the lines of notices and official papers: fields, red heads, document numbers, signatures, dates.

Patterns meet text that is plain: folded (Simplified, half width, lower case) and stripped.
"""

from __future__ import annotations

import re

from retrieval.language import Pattern, fold, numerals
from retrieval.reading.lines.bulletin_dates import DATE, DOCUMENT_NUMBER
from retrieval.reading.lines.section_marks import opening_mark

_LONGEST_READ = 400
OFFICE_END = (
    r"(?:办公室|办公厅|委员会|指导中心|文明办|宣传部|组织部|政府|党委|总支|支部|党组|工委|纪委|团委|妇联|工会|总工会|残联|文联|科协|协会|"
    r"联合会|基金会|管委会|居委会|村委会|街道|社区|领导小组|指挥部|中心|大队|支队|总队|集团|公司|学院|大学|医院|学校|小学|中学|"
    r"[局委办部处科室院馆站厅署行])"
)
SENTENCE = re.compile(r"[。!?;…]")
_PRODUCTION = (
    "来源|稿源|信息来源|文章来源|稿件来源|发布时间|发布日期|发表时间|更新时间|发文时间|发布于|成文日期|生成日期|作者|记者|编辑|责任编辑|责编|"
    "审核|审校|校对|初审|复审|终审|一审|二审|三审|监制|供稿|供稿单位|撰稿|摄影|文/图|图/文|浏览次数|浏览量|浏览|点击数|点击量|点击|阅读次数|阅读量|"
    "阅读|访问量|字号|字体|字体大小|保护视力色|分享到|关键词|关键字|标签|tags?|索引号|主题分类|发布机构|发文机关|有效性|"
    "公开方式|信息分类|热度|所属栏目|查看次数|人气|打印|大小|文档编号|上传人|页数|原标题|转自|转载|投稿邮箱|技术支持|运行维护|维护单位|网站标识码|"
    "版权声明|免责声明|郑重声明|特别声明|网站声明|备案号|客服|官方微信|稿件签发|编辑部|编审|排版|制作|排印|编印|编发|印制|承印"
)
_PRINTED = "编印|编发|编制|印发|印制|印刷|承印|出版|发行|主编|主办|编辑部?|编写"
_STAFF = "签发|签发人|主编|副主编|执行主编|本期编辑|本期责编|文号|发文字号|编号|份号|密级|紧急程度|主题词"
_DATED = "时间|日期"
_CONTACT = (
    "联系(?:电话|我们|方式|地址|人)|(?:办公|通信|通讯|单位|公司)?地址|邮政编码|邮编|邮箱|电子邮箱|e-?mail|电话|传真|qq|微信号|"
    "主办(?:单位)?|承办(?:单位)?|协办(?:单位)?|主管(?:单位)?|指导单位|网址|官网"
)
_EVENT = (
    "(?:活动|会议|培训|报名|演出|展览|比赛|集合|举办|截止|征集|开放|表彰)?(?:时间|日期|地点|对象|方式|内容|主题|要求|费用|人数|形式|流程|范围)|"
    "(?:参加|参会|出席|参与|邀请|服务)(?:人员|对象|单位|范围)|主持人?|主讲人?|记录人?|列席|缺席|名额|奖项|备注|咨询电话|报名电话|监督电话|"
    "附件|附|注|说明|单位|名称|姓名"
)
_PAGE_FIELD = re.compile(
    rf"[【\[(]?(?:{_PRODUCTION}|{_STAFF}|(?:{_DATED})(?=\s*:\s*{DATE.pattern}\s*(?:\d{{1,2}}:\d{{2}}|$)))[】\])]?\s*:"
)
_KNOWN_FIELD = re.compile(rf"^[【\[(]?(?:{_PRODUCTION}|{_STAFF}|{_DATED}|{_CONTACT}|{_EVENT})[】\])]?\s*:")
_ANY_FIELD = re.compile(r"^[^\s,。:!?;、]{2,10}\s*:\s*\S")
_CONTACT_FIELD = re.compile(rf"(?:^|\s)(?:{_CONTACT})\s*:")
_DISPATCH = Pattern(
    re.compile(
        r"^(?:(?:主送|抄送|抄报|抄报送|报送|呈送|分送|发送|报|送|发|呈|抄|分发|印发范围|发至)\s*:|[(\[]?(?:共)?印(?:发|制)?\s*\d+\s*份[)\]]?$"
        r"|[(\[](?:此页|此面)?无正文[)\]]$|[(\[]?此件(?:公开|主动公开|依申请公开|不予公开|发至).{0,8}[)\]]?$|主题词\s*:)"
    ),
    "抄送:市委办公室",
    "送教上门:一百场",
)
_RED_HEAD = Pattern(
    re.compile(
        r"^(?:(?:特急|加急|平急|急件|特提|绝密|机密|秘密)(?:\s*[★*☆].{0,8})?|[★*☆]?\s*\d{6}|内部(?:资料|刊物|材料).{0,12}"
        r"|\S{4,40}文\s?件|签发人?\s*:.{1,12})$"
    ),
    "常州市精神文明建设指导委员会文件",
    "起草文件两份",
)
"""Above the title of an official paper: its secrecy, its urgency, the name of its series."""
_DOCUMENT_TITLE = Pattern(
    re.compile(
        r"^.{0,30}关于.{2,70}(?:通知|通报|意见|报告|请示|函|批复|决定|决议|公告|通告|方案|办法|规定|细则|要点|纪要|总结|倡议书?|公示|说明|复函|情况|汇报|建议)"
        r"(?:\s*[(\[].{1,16}[)\]])?$"
    ),
    "关于开展邻里节活动的通知",
    "关于做好工作",
)
_DATE_LINE = Pattern(
    re.compile(
        rf"^[(\[]?\s*{DATE.pattern}\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?:印发?|编印|出版|发布|星期.)?\s*[)\]]?$"
    ),
    "2023年5月6日",
    "2023年5月6日举行",
)
_MONTH_LINE = Pattern(re.compile(r"^\(?(?:\d{4}|20[x*_某×]{2})年\d{1,2}月份?\)?$"), "2023年5月", "5月份")
_ISSUER_DATE = Pattern(
    re.compile(
        rf"^(?:(?:{_PRINTED})\s*:\s*)?[^\s:,。]{{2,40}}\s*{DATE.pattern}\s*(?:印发?|编印|编发|出版)?$"
    ),
    "市文明办编 2023年5月6日",
    "报名截止:2023年5月6日",
)
_OFFICE = Pattern(
    re.compile(rf"^[^,。:;!?、\s]{{2,30}}{OFFICE_END}(?:\s*\(章\))?$"), "常州市文明办", "办公室工作"
)
_SOURCE_OFFICE = Pattern(
    re.compile(
        rf"(?:^|\s)[【\[(]?(?:(?:信息|文章|稿件)?来源|供稿单位|发布机构|发文机关)[】\])]?\s*:\s*"
        rf"(?P<name>[^,。:;!?、|\s]{{2,30}}{OFFICE_END})(?=[\s|】\])]|$)"
    ),
    "来源:丽水市民政局 发布时间:2023-03-20",
    "来源:丽水文明网",
)
_ADDRESSEES = Pattern(
    re.compile(
        rf"^各[^。!?;:]{{1,80}}(?:{OFFICE_END}|单位|企业|部门|机关|市县|县市|区县|市|县|区|镇|乡|村):$"
    ),
    "各县(市、区)文明办、文旅局:",
    "各社区开展的活动有:",
)


def plain(text: str) -> str:
    """The beginning of the text as the forms meet it: folded, half width, stripped."""
    return numerals.half_width(fold(text[:_LONGEST_READ])).strip()


def is_page_field(line: str) -> bool:
    """Whether every part of a plain line is a field of the page: 来源:市文明办 发布时间:2023-05-06 字号:大 中 小."""
    fields = list(_PAGE_FIELD.finditer(line))
    if not fields or fields[0].start() > 24 or SENTENCE.search(line):
        return False
    return len(fields) >= 2 or (fields[0].start() <= 1 and len(line) <= 60)


def is_contact_field(line: str) -> bool:
    """Whether a plain line gives an address, a telephone or the offices behind something."""
    return bool(_CONTACT_FIELD.search(line)) and not SENTENCE.search(line)


def is_known_field(line: str) -> bool:
    """Whether a plain line opens with the label of a notice, a page or a form: 時間:, 主辦單位:."""
    return bool(_KNOWN_FIELD.match(line)) and not SENTENCE.search(line[:-1])


def is_event_field(line: str) -> bool:
    """Whether a plain line is a field of what is announced rather than of the page: 會議時間:."""
    return is_known_field(line) and not is_page_field(line)


def is_field(line: str) -> bool:
    """Whether a plain line has the shape of a label with its value, whatever the label."""
    return bool(_ANY_FIELD.match(line)) and not SENTENCE.search(line[:-1]) and len(line) <= 80


def is_dispatch(line: str) -> bool:
    """Whether a plain line says to whom a paper goes, how many were printed, or who may see it."""
    return bool(_DISPATCH.regex.match(line)) and len(SENTENCE.findall(line)) <= 1


def is_addressee_list(line: str) -> bool:
    """Whether a plain line names the offices to which a paper is addressed: 各县(市、区)文明办:."""
    return bool(_ADDRESSEES.regex.match(line))


def is_red_head(line: str) -> bool:
    """Whether a plain line stands above the title of official papers: 特急, 000123, …文件, 签发人:…."""
    return bool(_RED_HEAD.regex.match(line)) and not SENTENCE.search(line)


def is_document_number(line: str) -> bool:
    """Whether a plain line is 常文明〔2023〕12号, alone or beside the name of who signs."""
    match = DOCUMENT_NUMBER.regex.match(line)
    return match is not None and bool(re.fullmatch(r"\s*(?:签发人?\s*:.{0,12})?", line[match.end() :]))


def is_document_title(line: str) -> bool:
    """Whether a plain line is the title of an official paper: 关于…的通知."""
    return bool(_DOCUMENT_TITLE.regex.match(line)) and not SENTENCE.search(line)


def is_office(line: str) -> bool:
    """Whether a plain line is the name of an office and nothing else."""
    return bool(_OFFICE.regex.match(line)) and not opening_mark(line)


def source_office(line: str) -> str:
    """The office that a field of a plain line names as the source of a page, or an empty text: 来源:丽水市民政局."""
    match = _SOURCE_OFFICE.regex.search(line)
    return match["name"] if match else ""


def is_date(line: str) -> bool:
    """Whether a plain line is a day or a month of a year and nothing else."""
    return bool(_DATE_LINE.regex.match(line) or _MONTH_LINE.regex.match(line))


def is_issuer_with_date(line: str) -> bool:
    """Whether a plain line is an office with a day: 市文明办编 2023年5月6日."""
    return bool(_ISSUER_DATE.regex.match(line)) and not SENTENCE.search(line)
