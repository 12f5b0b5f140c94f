"""What stands on a page around the text: paths to the page, menus, credits, notices, links to other pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.language import fold, numerals
from retrieval.reading.lines.document import Line, LineKind
from retrieval.reading.lines.section_marks import opening_mark

# Patterns meet text that is folded (Simplified, half width, lower case) and stripped.
_SENTENCE = re.compile(r"[。!?;…]")
_LONGEST_NOTICE = 160
_LONGEST_TITLE = 70
_LABELS = (
    "来源|稿源|信息来源|文章来源|发布时间|发布日期|发表时间|更新时间|发文时间|成文日期|生成日期|时间|日期|作者|记者|编辑|责任编辑|责编|"
    "审核|审校|校对|初审|复审|终审|监制|供稿|供稿单位|撰稿|摄影|文/图|图/文|浏览次数|浏览量|浏览|点击数|点击量|点击|阅读次数|阅读量|"
    "阅读|访问量|字号|字体|字体大小|保护视力色|分享到|分享|关键词|关键字|标签|tags?|索引号|主题分类|发布机构|发文机关|文号|发文字号|有效性|"
    "公开方式|信息分类|投稿|热度|栏目|所属栏目|分类|查看次数|人气|评论|稿件来源|签发|签发人|打印|大小|文档编号|上传人|页数|主编|副主编|本期编辑|本期责编"
)
_FIELD = re.compile(rf"[【\[(]?(?:{_LABELS})[】\])]?\s*[::]")
_TAKEN = re.compile(
    r"^(?:"
    r"(?:您?(?:现在|当前|所在)?的?(?:当前)?位置|当前位置|你的位置)\s*[::]?"
    r"|(?:上|下|前|后|末|首|尾)(?:一)?(?:篇|页|条)(?:文章|新闻)?\s*(?:[::]|$|\s|>|»)"
    r"|(?:首页|网站首页|返回(?:顶部|首页|列表|上一页|目录)|回到顶部|关闭(?:窗口|本页)?|打印(?:本页|正文|文章)?|加入收藏|设为首页|收藏(?:本文|本页)?|"
    r"我要(?:纠错|评论|分享|举报|打印)|纠错|举报|复制链接|下载(?:本文|文档|word|pdf|全文)?|点赞|在看|赞|踩|登录|注册|搜索|网站地图|手机版|"
    r"无障碍(?:浏览|阅读)?|长者(?:版|模式)|简体|繁体|english|分享|评论|转发|目录|contents?|菜单|导航|更多|展开全文|收起|本期要目|本期导读|要目)$"
    r"|(?:展开|查看|阅读|点击查看|点击下载|点此下载).{0,6}(?:全文|更多|详情|原文|附件)$"
    r"|(?:相关|推荐|热门|最新|精彩|精选|热点|延伸|猜你|大家|编辑|本站|为您|更多|随机|同类|图片|友情)"
    r"(?:文章|阅读|推荐|链接|内容|信息|新闻|范文|专题|资讯|文档|文件|附件|喜欢|都在看|热文|稿件|更新|发布|导读|精彩|相关|栏目|图文|下载|报道|热门)"
    r".{0,6}$"
    r"|(?:专题|栏目|排行榜|阅读排行|点击排行|热门标签|最近更新|精彩评论|网友评论|发表评论|用户评论|广告|赞助|推广|ad|advertisement)$"
    r"|(?:主送|抄送|抄报|抄报送|报送|呈送|分送|发送|报|送|发|呈|抄|分发|印发范围)\s*[::]"
    r"|\(?(?:共)?印(?:发|制)?\s*\d+\s*份\)?|内部(?:资料|刊物|材料).{0,12}$|\(?(?:此页|此面)?无正文\)?$"
    r"|(?:联系(?:电话|我们|方式|地址|人)|(?:办公|通信|通讯|单位|公司)?地址|邮政编码|邮编|邮箱|电子邮箱|e-?mail|电话|传真|投稿邮箱|客服|qq|微信号|官方微信)\s*[::]"
    r"|(?:主办(?:单位)?|承办(?:单位)?|技术支持|运行维护|维护单位|网站标识码|版权声明|免责声明|郑重声明|特别声明|声明|网站声明|备案号)\s*[::]"
    r"|(?:转载|转自|原标题|来源|本文(?:来自|来源|地址|链接|网址)|文章(?:来自|来源|地址|链接))\s*[::]"
    r")"
)
_ANYWHERE = re.compile(
    r"版权(?:所有|归|属)|文章版权|转载(?:请|须|需|时)|copyright|©|\(c\) ?\d{4}|icp备|icp证|公网安备|网安备|all rights reserved|网站标识码"  # noqa: E501
    r"|powered by|未经.{0,12}(?:许可|授权|同意).{0,14}(?:转载|复制|使用)|建议使用.{0,20}(?:浏览器|分辨率)"
    r"|javascript:|document\.write|function\s*\(|var [a-z_]+\s*=|摘自\s*[a-z0-9.]+$"
)
_APPEAL = re.compile(
    r"(?:长按|扫描|扫一扫|识别|扫码).{0,16}(?:二维码|关注|下载|加群)|点击(?:上方|下方|左下角|右下角|蓝字|标题下).{0,16}"
    r"|(?:微信|预览时|轻触|轻点|继续滑动|向上滑动).{0,16}(?:扫一扫|不可点|看下一个|阅读原文|查看)|分享(?:到|至)(?:微信|微博|朋友圈|qq)"
    r"|(?:喜欢|觉得).{0,10}(?:点个?赞|在看|分享|收藏)|关注(?:我们|公众号|本站)$|(?:微信|微博|qq空间|朋友圈)\s+(?:微信|微博|qq空间|朋友圈)"
    r"|(?:会员|用户)(?:分享|上传).{0,20}(?:在线阅读|下载)|(?:资料|文档)下载网址|本文由.{0,24}(?:整理|提供|发布|编辑|投稿)"
)
_BLURB = re.compile(
    r"(?:小编|本站|本网|网友|店铺|编辑).{0,24}(?:整理|收集|搜集|精心|带来|准备|分享|推荐|提供)"
    r"|(?:以下|下面|这里|下文|今天).{0,8}(?:是|为|就是|来|给).{0,40}(?:范文|整理|欢迎|仅供|希望)"
    r"|以上(?:就是|是|便是|为).{0,40}(?:全部内容|所有内容|整理|范文|欢迎|希望)"
)
_COURTESY = re.compile(
    r"欢迎(?:大家|各位|您|阅读|借鉴|参考|收藏|分享|下载|查看|来到)|仅供(?:大家)?参考|(?:供|给)大家(?:参考|借鉴|学习)"
    r"|希望(?:能|可以|对)?.{0,8}(?:帮助|有所帮助|喜欢|参考)|更多.{0,20}(?:请关注|敬请|尽在|请访问|欢迎)|相关(?:推荐|文章|范文)[::]"
)
_PAGE_NUMBER = re.compile(
    r"^[\-—–─·•|\s]*(?:第?\s*\d{1,4}\s*页?|第\s*[一二三四五六七八九十百]+\s*页|page\s*\d+)"
    r"(?:\s*[/,,\-—|]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[\-—–─·•|\s]*$"
)
_DATE = r"(?:\d{4}|20[x*_某]{2}|二[〇零○o][一二三四五六七八九〇零○]{2})\s*(?:年|[-./])\s*[\d一二三四五六七八九十x*]{1,3}\s*(?:月|[-./])\s*[\d一二三四五六七八九十x*]{1,3}\s*日?"  # noqa: E501
DATE = re.compile(_DATE)
_DATE_LINE = re.compile(
    rf"^[(\[]?\s*{_DATE}\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*(?:印发?|编印|出版|发布|星期.)?\s*[)\]]?$"
)
_ISSUER_DATE = re.compile(rf"^\S{{2,40}}\s*{_DATE}\s*(?:印发?|编印|编发|出版)?$")
_MONTH = re.compile(r"^\(?\d{4}年\d{1,2}月份?\)?$")
_CREDIT = re.compile(r"^\(?[^,。:]{0,30}(?:供稿|撰稿|报送|供图|摄|文/图)\)?$")
_RULED = re.compile(r"^[\s\W_]+$")
_CRUMB = re.compile(r"\s*(?:>{1,2}|›|»|→|/)\s*")
_ADDRESS = re.compile(r"^(?:https?://|www\.)\S+$")
_MENU = re.compile(r"\s*(?:\||│|丨|·|\s{2,}|\t)\s*")
_RELATED = re.compile(
    r"^[【\[《•·■◆]*(?:相关|推荐|热门|最新|延伸|猜你|大家|更多|随机|精彩|精选|为您|友情|阅读|点击|热点|同类)"
    r"(?:文章|阅读|推荐|链接|内容|信息|新闻|范文|资讯|文档|喜欢|都在看|热文|更新|发布|排行|精选|图文|精彩|热门|报道).{0,8}$"
)
_CONTENTS = re.compile(
    r"^[【\[《]?\s*(?:目\s*录|目\s*次|本期(?:要目|目录|导读|内容)|要\s*目|内容提要|文章目录|导航|contents)\s*[】\]》]?:?$"
)


def is_boilerplate(text: str, kind: LineKind = LineKind.PARAGRAPH) -> bool:
    """Whether a line, whatever stands around it, belongs to the page and not to the text."""
    plain = numerals.half_width(fold(text[: _LONGEST_NOTICE + 40])).strip()
    if not plain or len(_RULED.sub("", plain)) == 0:
        return True
    if kind is LineKind.TABLE_ROW or len(plain) > _LONGEST_NOTICE:
        return False
    if _MONTH.match(plain) or _PAGE_NUMBER.match(plain) or _ADDRESS.match(plain) or _DATE_LINE.match(plain):
        return True
    if opening_mark(text) and not _ANYWHERE.search(plain):
        return False
    return _is_notice(plain)


def _is_notice(plain: str) -> bool:
    marks = len(_SENTENCE.findall(plain))
    if _TAKEN.match(plain.lstrip("•·■◆★※*【[《 ")) and marks <= 1:
        return True
    if _ANYWHERE.search(plain):
        return marks <= 2
    if marks <= 1 and len(plain) <= 40 and _APPEAL.search(plain) and not plain.endswith("。"):
        return True
    return marks == 0 and (
        bool(_CREDIT.match(plain))
        or _is_crumb(plain)
        or _is_fields(plain)
        or _is_menu(plain)
        or bool(_ISSUER_DATE.match(plain))
    )


def _is_crumb(plain: str) -> bool:
    if plain.endswith((">", "›", "»")) or plain.startswith((">", "›", "»")):
        return len(plain) <= 60
    steps = _CRUMB.split(plain)
    return (
        len(steps) >= 3
        and all(0 < len(step) <= 20 for step in steps[:-1])
        and ">" in plain.replace("»", ">").replace("›", ">")
    )


def _is_fields(plain: str) -> bool:
    """来源:市文明办 发布时间:2023-05-06 字号:大 中 小: every part is a field of the page."""
    found = list(_FIELD.finditer(plain))
    if not found or found[0].start() > 24:
        return False
    return len(found) >= 2 or (found[0].start() <= 1 and len(plain) <= 60)


def _is_menu(plain: str) -> bool:
    parts = [part for part in _MENU.split(plain) if part]
    return (
        len(parts) >= 4
        and all(len(part) <= 8 for part in parts)
        and not any(map(str.isdigit, "".join(parts)))
    )


def is_blurb(text: str) -> bool:
    """Whether a line is a site's word to its readers: 以下是小編整理的…,歡迎閱讀."""
    plain = numerals.half_width(fold(text[:400]))
    courtesies = len(_COURTESY.findall(plain))
    return not opening_mark(text) and (bool(_BLURB.search(plain)) or courtesies >= 2)


def without_notices(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that are text: no notices, no lists of links or of contents after their headings."""
    titles = Counter(same(line.text) for line in lines if len(line.text) <= _LONGEST_TITLE)
    skipping = ""
    for line in lines:
        plain = numerals.half_width(fold(line.text[:80])).strip()
        heading = "links" if _RELATED.match(plain) else "contents" if _CONTENTS.match(plain) else ""
        if heading:
            skipping = heading
        elif skipping and _is_entry(line, skipping, titles):
            titles[same(line.text)] -= 1
        elif not is_boilerplate(line.text, line.kind):
            skipping = ""
            yield line


def same(text: str) -> str:
    """What two lines must share to be the same title: folded, without spaces, marks and a trailing page number."""
    return re.sub(r"[\s\W_]", "", fold(re.sub(r"[.…·\s]{3,}\d{1,3}$", "", numerals.half_width(text))))


def _is_entry(line: Line, skipping: str, titles: Counter[str]) -> bool:
    """Whether a line after such a heading is still one of its entries: short, without a sentence."""
    if len(line.text) > _LONGEST_TITLE or _SENTENCE.search(numerals.half_width(line.text)):
        return False
    return titles[same(line.text)] > 1 if skipping == "contents" else line.kind is not LineKind.HEADING
