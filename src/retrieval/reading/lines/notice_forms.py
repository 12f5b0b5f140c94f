"""Forms of the lines around a text: menus, credits, legal notices, heads of official papers, fields, dates, page numbers.

A form alone leaves nothing out: `boilerplate` asks for a position as well. Patterns meet text that is plain: folded
(Simplified, half width, lower case) and stripped.
"""

from __future__ import annotations

import re

from retrieval.language import Pattern, fold, numerals
from retrieval.reading.lines.bulletin_dates import DATE, DOCUMENT_NUMBER
from retrieval.reading.lines.section_marks import opening_mark

_LONGEST_READ = 400
_OFFICE_END = (
    r"(?:办公室|办公厅|委员会|指导中心|文明办|宣传部|组织部|政府|党委|总支|支部|党组|工委|纪委|团委|妇联|工会|总工会|残联|文联|科协|协会|"
    r"联合会|基金会|管委会|居委会|村委会|街道|社区|领导小组|指挥部|中心|大队|支队|总队|集团|公司|学院|大学|医院|学校|小学|中学|"
    r"[局委办部处科室院馆站厅署行])"
)
SENTENCE = re.compile(r"[。!?;…]")

NAVIGATION = Pattern(
    re.compile(
        r"^(?:(?:您?(?:现在|当前|所在)?的?(?:当前)?位置|当前位置|你的位置)\s*[::]?.{0,60}"
        r"|(?:(?:上|下|前|后)一(?:篇|页|条)(?:文章|新闻)?|[上下前后首末尾]页)\s*(?:[::].*|$|\s.*|[>»].*)"
        r"|首页|网站首页|返回(?:顶部|首页|列表|上一页|目录)|回到顶部|关闭(?:窗口|本页)?|打印(?:本页|正文|文章)?|加入收藏|设为首页"
        r"|收藏(?:本文|本页)?|我要(?:纠错|评论|分享|举报|打印)|纠错|举报|复制链接|下载(?:本文|文档|word|pdf|全文)|点赞|在看|登录|注册|搜索"
        r"|网站地图|手机版|无障碍(?:浏览|阅读)?|长者(?:版|模式)|简体|繁体|english|转发|菜单|展开全文|收起|广告|赞助|ad|advertisement"
        r"|(?:展开|查看|阅读|点击查看|点击下载).{0,6}(?:全文|更多|详情|原文|附件)|排行榜|阅读排行|点击排行|热门标签|最近更新|网友评论"
        r"|发表评论|用户评论|精彩评论)$"
    ),
    "上一篇:关于举办培训班的通知",
    "下一步工作",
)
"""Words of a page that are no heading of a text."""
_NEIGHBOUR = Pattern(re.compile(r"^[上下前后][篇条]\s*:"), "上篇:关于举办培训班的通知", "上篇 组织发动")
_PAGE_WORD = Pattern(
    re.compile(r"^(?:分享|评论|专题|栏目|导航|更多|下载|赞|踩|推广|目录|导读|收藏)$"), "分享", "分享会"
)
"""Words of a page that are as well a heading."""
LEGAL = Pattern(
    re.compile(
        r"版权(?:所有(?!者|人|权)|归.{1,24}所有)|文章版权|(?:转载|引用|摘编).{0,4}(?:请|须|需)(?:注明|联系|标明|经|事先|获)|如需转载|谢绝转载|"
        r"copyright|©|\(c\) ?\d{4}|icp[备证]\s*(?:案号)?\s*:?\s*\d{5,}|公网安备\s*\d{5,}|all rights reserved|网站标识码"
        r"|powered by"
        r"|未经.{0,16}(?:许可|授权|同意|允许).{0,10}(?:不得|禁止|严禁|请勿).{0,10}(?:转载|复制|使用|摘编|镜像)"
        r"|违者必究|如有侵权|侵权.{0,6}联系.{0,6}删除|建议使用.{0,20}(?:浏览器|分辨率)|(?:观点|文章).{0,8}不代表本(?:站|网)"
        r"|javascript:|document\.write|function\s*\(|\bvar [a-z_]+\s*=|^本文(?:来自|来源|地址|链接|网址)\s*:|摘自\s*[a-z0-9.]+$"
    ),
    "版权所有 合肥文明网 皖icp备12345678号",
    "落实icp备案制度,开展版权所有者维权宣传",
)
APPEAL = Pattern(
    re.compile(
        r"(?:长按|扫描|扫一扫|识别|扫码).{0,16}(?:二维码|关注|下载|加群|手机)|点击(?:上方|下方|左下角|右下角|蓝字|标题下).{0,16}"
        r"|(?:微信|预览时|轻触|轻点|继续滑动|向上滑动).{0,16}(?:扫一扫|不可点|看下一个|阅读原文|查看)|分享(?:到|至)(?:微信|微博|朋友圈|qq|:)"
        r"|(?:喜欢|觉得).{0,10}(?:点个?赞|在看|分享|收藏)|关注(?:我们|公众号|本站)$|(?:微信|微博|qq空间|朋友圈)\s+(?:微信|微博|qq空间|朋友圈)"
        r"|(?:会员|用户)(?:分享|上传).{0,20}(?:在线阅读|下载)|(?:资料|文档)下载网址|本文由.{0,24}(?:整理|提供|发布|编辑|投稿)"
    ),
    "长按识别二维码,关注我们",
    "点击率达到九成",
)
_NARRATOR = Pattern(
    re.compile(
        r"小编|(?:本站|本网|网友|店铺)(?:为|给)?(?:大家|您)?(?:精心)?(?:整理|收集|搜集|分享|带来)(?:的|了)"
    ),
    "以下是小编整理的范文",
    "组织网友分享文明故事",
)
_BLURB = Pattern(
    re.compile(
        r"(?:以下|下面|这里|下文|今天).{0,8}(?:是|为|就是|来|给).{0,40}(?:范文|欢迎|仅供|希望)|以上(?:就是|是|便是|为).{0,40}(?:范文|全部内容|所有内容)"
    ),
    "以下是范文,欢迎阅读",
    "以下为各区整理的情况",
)
_COURTESY = Pattern(
    re.compile(
        r"欢迎(?:大家|各位|您)?(?:阅读|借鉴|参考|收藏|分享|下载|查看|来到)|仅供(?:大家)?参考|(?:供|给)大家(?:参考|借鉴|学习)"
        r"|希望(?:能|能够|可以)?对?(?:大家|您|你).{0,8}(?:帮助|有所帮助|喜欢|参考)|希望(?:大家|您)喜欢|更多.{0,20}(?:请关注|敬请|尽在|请访问|欢迎)"
    ),
    "欢迎大家阅读与收藏",
    "居民欢迎新措施",
)
_PRODUCTION = (
    "来源|稿源|信息来源|文章来源|稿件来源|发布时间|发布日期|发表时间|更新时间|发文时间|发布于|成文日期|生成日期|作者|记者|编辑|责任编辑|责编|"
    "审核|审校|校对|初审|复审|终审|一审|二审|三审|监制|供稿|供稿单位|撰稿|摄影|文/图|图/文|浏览次数|浏览量|浏览|点击数|点击量|点击|阅读次数|阅读量|"
    "阅读|访问量|字号|字体|字体大小|保护视力色|分享到|关键词|关键字|标签|tags?|索引号|主题分类|发布机构|发文机关|有效性|"
    "公开方式|信息分类|热度|所属栏目|查看次数|人气|打印|大小|文档编号|上传人|页数|原标题|转自|转载|投稿邮箱|技术支持|运行维护|维护单位|网站标识码|"
    "版权声明|免责声明|郑重声明|特别声明|网站声明|备案号|客服|官方微信|稿件签发|编辑部|编审|排版|制作|排印"
)
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
_PAGE_NUMBER = re.compile(
    r"^[\-—–─·•|\s]*(?:第?\s*(?P<n>\d{1,4})\s*页?|第\s*(?P<c>[一二三四五六七八九十百]+)\s*页|page\s*(?P<p>\d+))"
    r"(?:\s*[/,,\-—|]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[\-—–─·•|\s]*$"
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
    re.compile(rf"^[^\s:,。]{{2,40}}\s*{DATE.pattern}\s*(?:印发?|编印|编发|出版)?$"),
    "市文明办编 2023年5月6日",
    "报名截止:2023年5月6日",
)
_BRACKETED_CREDIT = Pattern(
    re.compile(r"^\([^,。:]{1,30}(?:供稿|撰稿|报送|供图|摄|摄影|文/图|整理)\)$"),
    "(包河区文明办供稿)",
    "规范信息报送",
)
_CREDIT = Pattern(
    re.compile(
        rf"^(?:[^,。:]{{1,24}}{_OFFICE_END}|[一-鿿]{{2,3}}(?: [一-鿿]{{2,3}}){{0,3}})\s*(?:供稿|撰稿|供图|摄影?|文/图)$"
    ),
    "包河区文明办 供稿",
    "规范信息报送",
)
_OFFICE = Pattern(
    re.compile(rf"^[^,。:;!?、\s]{{2,30}}{_OFFICE_END}(?:\s*\(章\))?$"), "常州市文明办", "办公室工作"
)
_CRUMB = re.compile(r"\s*(?:>{1,2}|›|»|→|/)\s*")
ADDRESS = Pattern(re.compile(r"^(?:https?://|www\.)\S+$"), "https://example.org/a", "见 https://example.org")
_MENU = re.compile(r"\s*(?:\||│|丨|·|\s{2,}|\t)\s*")
_MENU_WORDS = re.compile(
    r"^(?:首页|网站首页|本站首页|关于我们|联系我们|联系方式|登录|注册|网站地图|导航|更多|english|繁体|简体|手机版|无障碍|新闻中心|政务公开|"
    r"互动交流|办事服务|政民互动|政务服务|信息公开|通知公告|加入收藏|设为首页|返回首页|大|中|小|打印|关闭|分享|微信|微博|qq空间|朋友圈|rss|投稿|版权声明)$"
)
_RULED = re.compile(r"[\s\W_]+")


def plain(text: str) -> str:
    """The beginning of the text as the forms meet it: folded, half width, stripped."""
    return numerals.half_width(fold(text[:_LONGEST_READ])).strip()


def is_ruled(text: str) -> bool:
    """Whether a text has no letter and no digit."""
    return not _RULED.sub("", text)


def is_navigation(line: str) -> bool:
    """Whether a plain line is a word, a menu, a breadcrumb or an appeal of a page: never a heading of its text."""
    if len(SENTENCE.findall(line)) > 1:
        return False
    bare = line.lstrip("•·■◆★※*【[《 ").rstrip(" 】]》>")
    if NAVIGATION.regex.match(bare) or ADDRESS.regex.match(line) or _is_crumb(line) or _is_menu(line):
        return True
    return len(line) <= 40 and bool(APPEAL.regex.search(line)) and not line.endswith("。")


def is_page_word(line: str) -> bool:
    """Whether a plain line is a word that is a part of a page or a heading of a text."""
    return bool(_PAGE_WORD.regex.match(line))


def is_neighbour(line: str) -> bool:
    """Whether a plain line names the page before or after this one; above a text it is as well a heading."""
    return bool(_NEIGHBOUR.regex.match(line))


def is_legal(line: str) -> bool:
    """Whether a plain line claims rights or bears the marks of a site: it does not report on them."""
    return len(line) <= 200 and bool(LEGAL.regex.search(line)) and len(SENTENCE.findall(line)) <= 3


def is_blurb(line: str) -> bool:
    """Whether a plain line is a site's word to its readers: 以下是小編整理的…,歡迎閱讀."""
    courtesies = len(_COURTESY.regex.findall(line))
    announced = bool(_BLURB.regex.search(line)) and courtesies > 0
    return bool(_NARRATOR.regex.search(line)) or announced or courtesies >= 2


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


def is_date(line: str) -> bool:
    """Whether a plain line is a day or a month of a year and nothing else."""
    return bool(_DATE_LINE.regex.match(line) or _MONTH_LINE.regex.match(line))


def is_issuer_with_date(line: str) -> bool:
    """Whether a plain line is an office with a day: 市文明办编 2023年5月6日."""
    return bool(_ISSUER_DATE.regex.match(line)) and not SENTENCE.search(line)


def is_bracketed_credit(line: str) -> bool:
    """Whether a plain line credits an author in brackets: (包河区文明办供稿)."""
    return bool(_BRACKETED_CREDIT.regex.match(line))


def is_credit(line: str) -> bool:
    """Whether a plain line is an office or persons with 供稿 or 摄."""
    return bool(_CREDIT.regex.match(line))


def page_number(line: str) -> int | None:
    """The number of a plain line that is a page number in form, or None."""
    match = _PAGE_NUMBER.match(line)
    return numerals.parse_numeral(match["n"] or match["c"] or match["p"]) if match else None


def _is_crumb(line: str) -> bool:
    if SENTENCE.search(line):
        return False
    if line.endswith((">", "›", "»")) or line.startswith((">", "›", "»")):
        return len(line) <= 60
    steps = _CRUMB.split(line)
    return (
        len(steps) >= 3
        and all(0 < len(step) <= 20 for step in steps[:-1])
        and ">" in line.replace("»", ">").replace("›", ">")
    )


def _is_menu(line: str) -> bool:
    """Whether a line is divided into short parts one of which is a word of menus."""
    parts = [part for part in _MENU.split(line) if part]
    return len(parts) >= 3 and all(len(part) <= 8 for part in parts) and any(map(_MENU_WORDS.match, parts))
