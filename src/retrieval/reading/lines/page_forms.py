"""Forms of the lines that a page puts around a text: menus, breadcrumbs, appeals, legal notices, credits, page numbers.

A form alone leaves nothing out: `boilerplate` asks for a position as well. Patterns meet plain lines (`notice_forms.plain`).
"""

from __future__ import annotations

import re

from retrieval.language import Pattern, numerals
from retrieval.reading.lines.notice_forms import OFFICE_END, SENTENCE, is_contact_field, is_page_field

NAVIGATION = Pattern(
    re.compile(
        r"^(?:(?:您?(?:现在|当前|所在)?的?(?:当前)?位置|当前位置|你的位置)\s*[::]?.{0,60}"
        r"|(?:(?:上|下|前|后)一(?:篇|页|条)(?:文章|新闻)?|[上下前后首末尾]页)\s*(?:[::].*|$|\s.*|[>»].*)"
        r"|阅读(?:原文|全文)|[-—=~·*\s]*(?:end|the end|完)[-—=~·*\s]*"
        r"|(?:阅读原文\s+)?(?:(?:阅读|赞|在看|点赞|收藏|转发|分享|评论|留言|浏览|喜欢|推荐)量?\s*\d+(?:\.\d+)?万?\+?\s*)+|首页|网站首页|返回(?:顶部|首页|列表|上一页|目录)|回到顶部|关闭(?:窗口|本页)?|打印(?:本页|正文|文章)?|加入收藏|设为首页"
        r"|收藏(?:本文|本页)?|我要(?:纠错|评论|分享|举报|打印)|纠错|举报|复制链接|下载(?:本文|全文|原文)?(?:word|pdf)?(?:文档|格式|版)?|点赞|在看|登录|注册|搜索"
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
_REPORTS = Pattern(
    re.compile(
        r"落实|开展|组织|查处|督促|建立|完善|培训|整改|引导|普及|[一二三四五六七八九十百千万\d](?:家|个|次|场|件|名|条|篇|起)"
    ),
    "转载须注明来源的制度已经落实。",
    "转载请注明出处。",
)
"""Words of a sentence that reports on rights and claims none."""
_SITE_MARKS = Pattern(
    re.compile(
        r"©|copyright|icp[备证]\s*(?:案号)?\s*:?\s*\d{5,}|公网安备\s*\d{5,}|all rights reserved|网站标识码"
    ),
    "苏icp备05003616号",
    "icp备案四十六家",
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
        r"小编|(?:本站|本网|[一-鿿]{1,6}(?:网|文库)(?=为|给)|网友|店铺)(?:为|给)?(?:大家|您)?(?:精心)?(?:整理|收集|搜集|分享|带来)(?:的|了)"
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
_PAGE_NUMBER = re.compile(
    r"^[\-—–─·•|\s]*(?:第?\s*(?P<n>\d{1,4})\s*页?|第\s*(?P<c>[一二三四五六七八九十百]+)\s*页|page\s*(?P<p>\d+))"
    r"(?:\s*[/,,\-—|]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[\-—–─·•|\s]*$"
)
_BRACKETED_CREDIT = Pattern(
    re.compile(r"^\([^,。:]{1,30}(?:供稿|撰稿|报送|供图|摄|摄影|文/图|整理)\)$"),
    "(包河区文明办供稿)",
    "规范信息报送",
)
_CREDIT = Pattern(
    re.compile(
        rf"^(?:[^,。:]{{1,24}}{OFFICE_END}|[一-鿿]{{2,3}}(?: [一-鿿]{{2,3}}){{0,3}})\s*(?:供稿|撰稿|供图|摄影?|文/图)$"
    ),
    "包河区文明办 供稿",
    "规范信息报送",
)
_HOSTS = Pattern(
    re.compile(
        rf"^(?:[^,。:;!?\s]{{2,30}}{OFFICE_END}\s*){{1,3}}(?:主办|承办|主管|协办|承建|运维|维护|制作)"
        rf"(?:[\s|]+(?:[^,。:;!?\s]{{2,30}}\s*){{1,2}}(?:主办|承办|主管|协办|承建|运维|维护|制作))?$"
    ),
    "嘉兴市文明办主办 嘉兴在线承办",
    "嘉兴市文明办主办晚会",
)
_CRUMB = re.compile(r"\s*(?:>{1,2}|›|»|→|/)\s*")
ADDRESS = Pattern(re.compile(r"^(?:https?://|www\.)\S+$"), "https://example.org/a", "见 https://example.org")
_MENU = re.compile(r"\s*(?:\||│|丨|·|\s{2,}|\t)\s*")
_MENU_WORDS = re.compile(
    r"^(?:首页|网站首页|本站首页|关于我们|联系我们|联系方式|登录|注册|网站地图|导航|更多|english|繁体|简体|手机版|无障碍|新闻中心|政务公开|"
    r"互动交流|办事服务|政民互动|政务服务|信息公开|通知公告|加入收藏|设为首页|返回首页|大|中|小|打印|关闭|分享|微信|微博|qq空间|朋友圈|rss|投稿|版权声明)$"
)
_RULED = re.compile(r"[\s\W_]+")
_RELATED = Pattern(
    re.compile(
        r"^(?:【[^】]{1,60}】\s*)?[【\[《•·■◆]*(?:相关|推荐|热门|最新|延伸|猜你|大家|更多|随机|精彩|精选|为您|友情|热点|同类)"
        r"(?:文章|阅读|推荐|链接|新闻|范文|资讯|文档|喜欢|都在看|热文|稿件|排行|图文|报道)(?:推荐|列表|排行)?[】\]》]?\s*:?$"
    ),
    "相关文章:",
    "推荐阅读书目",
)


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
    marks = len(SENTENCE.findall(line))
    if len(line) > 200 or marks > 3 or not LEGAL.regex.search(line):
        return False
    return not (marks and _REPORTS.regex.search(line)) or bool(_SITE_MARKS.regex.search(line))


def is_blurb(line: str) -> bool:
    """Whether a plain line is a site's word to its readers: 以下是小編整理的…,歡迎閱讀."""
    courtesies = len(_COURTESY.regex.findall(line))
    announced = bool(_BLURB.regex.search(line)) and courtesies > 0
    return bool(_NARRATOR.regex.search(line)) or announced or courtesies >= 2


def is_bracketed_credit(line: str) -> bool:
    """Whether a plain line credits an author in brackets: (包河区文明办供稿)."""
    return bool(_BRACKETED_CREDIT.regex.match(line))


def is_credit(line: str) -> bool:
    """Whether a plain line is an office or persons with 供稿 or 摄."""
    return bool(_CREDIT.regex.match(line))


def is_host(line: str) -> bool:
    """Whether a plain line says which offices run a site: 嘉兴市文明办主办 嘉兴在线承办."""
    return bool(_HOSTS.regex.match(line))


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
    are_short = all(len(part) <= 8 or is_page_field(part) or is_contact_field(part) for part in parts)
    return len(parts) >= 3 and are_short and any(map(_MENU_WORDS.match, parts))


def heads_links(line: str) -> bool:
    """Whether a line heads a list of links to other pages: 相关文章."""
    return bool(_RELATED.regex.match(line))
