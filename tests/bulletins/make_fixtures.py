# ruff: noqa: E501
"""Makes the files below this folder: `python -m tests.bulletins.make_fixtures`. All of them are invented."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, SimpleDocTemplate
from reportlab.platypus import Paragraph as PrintedParagraph

HERE = Path(__file__).parent
_WIDE = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "!": "\uff01", "?": "\uff1f"}


def widen(text: str) -> str:
    """Half-width marks after Chinese characters at full width, as Chinese texts are written."""
    text = re.sub(
        r"(?<=[一-鿿“”》」\d%])[,:;!?](?=[^\d/\s]|$)",
        lambda mark: _WIDE[mark.group()],
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"\((?=[一-鿿])", "\uff08", text)
    return re.sub(r"(?<=[一-鿿])\)", "\uff09", text)


def save(folder: str, name: str, content: str | bytes, encoding: str = "utf-8") -> None:
    path = HERE / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))


CONTENTS_LIST = """创建全国文明城市宣传资料(共3篇)

目录
1.创建全国文明城市宣传资料 篇一
2.创建全国文明城市宣传资料 篇二
3.创建全国文明城市宣传资料 篇三

以下是小编为大家整理的创建全国文明城市宣传资料(共3篇),欢迎阅读与收藏。

1.创建全国文明城市宣传资料 篇一

今年以来,杭州市余杭区坚持为民靠民,推动文明创建常态长效。

一、抓机制,压实责任

(一)健全组织领导。成立由区委书记任组长的领导小组,下设8个专项组。

(二)完善考核办法。把创建工作纳入年度综合考核,占比5%。

二、抓阵地,营造氛围

全区建成新时代文明实践所20个、实践站320个。

1.用好实践阵地。开展理论宣讲1200场次。

2.用好公益广告。更新公益广告8600处。

下一步,余杭区将继续深化文明创建,努力交出高分答卷。

2.创建全国文明城市宣传资料 篇二

近日,成都市武侯区启动“文明餐桌”行动。

首先,抓宣传。发放倡议书3万份。其次,抓示范。评选示范店120家。最后,抓监督。组织志愿者巡查500次。

3.创建全国文明城市宣传资料 篇三

一、基本情况

我区现有社区62个。与上海市长宁区结对共建。

二、主要做法:一是建队伍,招募志愿者2.3万名;二是建平台,开发“文明云”小程序;三是建制度,出台积分兑换办法。

三、存在问题

志愿服务专业化水平不高。

相关文章:
学校文明创建总结 篇9
社区工作简报(精选5篇)
"""

RED_HEADER = """精神文明建设工作简报
第12期
瑞金市精神文明建设委员会办公室编  2023年5月6日
————————————————
【本期要目】
我市“红都义工”擦亮志愿服务品牌
九堡镇移风易俗树新风

我市“红都义工”擦亮志愿服务品牌

今年以来,我市以“红都义工”为抓手,推进志愿服务常态化。
一是搭平台。建成站点223个。
二是育队伍。注册志愿者11.2万人。
三是创品牌。打造“红井水”等特色项目36个。

九堡镇移风易俗树新风

九堡镇坚持疏堵结合,全镇红白理事会实现全覆盖。
(1)立规矩。修订村规民约19份。
(2)树典型。评选“好婆婆”46名。

报:省文明办,赣州市文明办。
送:市委、市政府领导。
发:各乡镇、市直各单位。
(共印120份)
"""

INLINE_TRADITIONAL = """社區志願服務工作簡報

第一篇:臺北市推動社區關懷

臺北市結合鄰里力量推動關懷服務。主要做法有三:一是建立名冊,逐戶訪視獨居長者3200人;二是培訓志工,全年開班48期;三是串聯商家,設立愛心站點156處。

第一,經費到位。全年編列預算2400萬元。第二,分工到位。各里設聯絡員1名。第三,考核到位。每季公布成果。

第二篇:高雄市左營區打造友善街區

左營區從環境、服務和文化三個方面著手,營造友善街區。

一、環境整治。清理髒亂點86處。二、服務優化。(1)延長服務時間;(2)設置雙語標示;(3)開通線上預約。三、文化傳承。舉辦眷村文化節12場。

活動期間,來自東京和首爾的團體到訪交流。
"""

TRAPS = """各地动态

篇【一】

吉林省吉林市船营区开展“雾凇志愿行”活动。参与志愿者6200人。

篇【二】

海南州共和县文明办推进移风易俗。全县红白理事会达到99个。

篇【三】

我区组织干部赴浙江省杭州市上城区考察学习,借鉴“邻里中心”经验。

一、对标先进。学习上海市徐汇区做法12项。

二、扩大合作。与法国巴黎、日本大阪的志愿组织建立联系。

篇【四】

朝阳文明办举办公益晚会,志愿者合唱《成都》,现场播放成都.mp3等曲目。

篇【五】

辽宁省朝阳市双塔区成立“凤凰”志愿队。上海大众汽车有限公司捐赠车辆2台。

篇【六】

文明、和平、大方是东方少年网征文的主题,收到高中学生来稿800篇。

篇【七】

香港:举办“和谐社区”嘉年华,义工服务时数超过3万小时。

篇【八】

近日,新疆伊犁哈萨克自治州伊宁市启动“石榴籽”志愿服务项目。南京市对口支援工作组参加仪式。
"""

BY_PLACE = """基层文明实践信息汇编

【江苏苏州】姑苏区推出“古城保护志愿者”计划,招募志愿者1500名。
【浙江宁波】宁波市海曙区建立“81890”志愿服务平台,年接单量达12万件。
【广东深圳】南山区上线“志愿者之城”地图。
——平台收录服务点860个。
四川绵阳:涪城区开展“文明楼栋”评选,评出示范楼栋320个。
不少地方反映,基层志愿服务缺少专业培训。
"""

ISSUES = """江阴市文明城市创建工作简报
第八期
2022年8月3日

我市召开文明创建推进会

8月2日,江阴市召开文明城市创建推进会,部署迎检工作。
一要压实责任。逐条逐项落实测评指标。
二要补齐短板。集中整治背街小巷45条。
会议强调,要坚持创建为民。

江阴市文明城市创建工作简报
第九期
2022年9月5日

澄江街道开展“门前三包”整治

澄江街道出动执法人员600人次,整改问题1300处。
1.摸清底数。建立台账。
2.分类施策。发放告知书2200份。
4.长效管理。实行红黑榜制度。

江阴市文明城市创建工作简报
第九期
2页
"""

NESTED = """威海市文明典范城市创建工作简报 第3期

威海市坚持精致创建,扎实推进文明典范城市创建。

四、深化精细管理

(五)推进背街小巷整治。改造小巷93条。

(六)推进农贸市场提升

改造市场28处,具体措施如下:

1.完善设施。更新摊位3600个。

(1)统一招牌。设计样式12种。

①征求业户意见800条。

②公示设计方案3次。

(2)统一摊位。规范占道经营1100处。

2.严格管理。实行积分制。

五、深化志愿服务

(七)壮大队伍。注册志愿者62万人。

(八)丰富项目。实施“威海微善”项目210个。

•“海洋守护”项目清理海滩65公里。

•“候鸟相伴”项目服务老人4.1万人次。

首先强调统筹。其次强调落实。

总之,威海市将以更高标准推进创建工作。
"""

FRONT_MATTER = """---
title: 义乌市精神文明建设工作简报
place: 浙江义乌
date: 2024-03-01
---
# 义乌市精神文明建设工作简报

[首页](/) [列表](/l)

## 一、“浙风十礼”深入人心

全市组织宣讲1200场,
覆盖群众15万人次。

1. 抓宣传。**印发**手册8万份。
2. 抓示范。建成示范点36个。

### (一)工作亮点

主要有以下几项:

- 佛堂镇开展“礼让斑马线”。
- 北苑街道推行“积分兑换”。

| 镇街 | 志愿者 |
|------|-------|
| 佛堂镇 | 3200 |
| 北苑街道 | 4100 |

## 二、下一步打算

继续深化“浙风十礼”,让文明成为城市底色。
"""

GOVERNMENT_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>包河区深化文明创建 提升城市品质-合肥文明网</title><script>var page = "首页";</script></head>
<body>
<div class="header"><div class="logo">合肥文明网</div><ul class="nav"><li><a href="/">首页</a></li><li><a href="/xw">文明要闻</a></li></ul></div>
<div class="crumbs">您的位置:<a href="/">首页</a> &gt; <a href="/jb">工作简报</a> &gt; 正文</div>
<div class="main">
<h1>包河区深化文明创建 提升城市品质</h1>
<p class="info"><span>来源:合肥文明网</span> <span>发布时间:2023-05-06 10:20</span> 字号:<a>大</a> <a>中</a> <a>小</a> <a>打印</a></p>
<div class="TRS_Editor">
<p>  今年以来,合肥市包河区扎实推进文明创建工作,
取得明显成效。</p>
<p><strong>一、抓机制</strong></p>
<p>建立“区领导包保”制度。<a href="/zy">志愿服务</a>队伍达到320支。</p>
<p><strong>二、抓阵地</strong></p>
<p>建成实践站<b>186</b>个。<br>开展活动3200场。</p>
<p>各街道志愿者人数如下:</p>
<table border="1"><tr><th>街道</th><th>志愿者</th><th>站点</th></tr>
<tr><td>望湖街道</td><td>1200人</td><td rowspan="2">12个</td></tr><tr><td>常青街道</td><td>900人</td></tr></table>
<ol><li>抓早抓小,建立台账。</li><li>定期回访,形成闭环。</li></ol>
<p style="text-align:right">(包河区文明办供稿)</p>
</div>
<p class="editor">责任编辑:王小明</p>
<div class="prevnext">上一篇:<a href="/1">关于举办培训班的通知</a><br>下一篇:<a href="/2">庐阳区开展活动</a></div>
<div class="share">分享到:微信 微博 QQ空间</div>
</div>
<div class="right"><h3>热门推荐</h3><ul><li><a href="/3">蜀山区文明实践在行动</a></li><li><a href="/4">瑶海区志愿服务月启动</a></li></ul></div>
<div class="footer"><p>主办单位:合肥市文明办 地址:合肥市政务区东流路100号 邮编:230071</p><p>版权所有 合肥文明网 皖ICP备12345678号。未经许可不得转载。</p></div>
</body></html>"""

MESSENGER_PAGE = """<html><head><title></title><meta property="og:title" content="海林:小网格里的大文明"></head>
<body id="activity-detail"><div class="rich_media_inner"><div id="page-content">
<h1 class="rich_media_title" id="activity-name">海林:小网格里的大文明</h1>
<div id="meta_content" class="rich_media_meta_list"><span>原创</span> <span>文明海林</span> <a id="js_name">文明海林</a> <em id="publish_time">2023-07-18</em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden;">
<section><p><span>点击上方蓝字关注我们</span></p></section>
<section><section><p><span>黑龙江省海林市把文明创建融入基层治理,划分网格486个。</span></p></section></section>
<section><p><strong><span>01</span></strong></p><p><strong>网格里的“红管家”</strong></p></section>
<section><p><span>每个网格配备“红管家”1名,累计化解矛盾纠纷</span><span>1270件。</span></p><p><br></p></section>
<section><p><strong>网格里的“议事亭”</strong></p></section>
<section><p>建成议事亭93处。居民说:“有话有地方说,心里敞亮!”</p>
<p>群众扫描议事亭的二维码即可报名,累计报名3.2万人次。</p></section>
<p><img data-src="x.jpg"></p>
<p>来源:文明海林</p><p>编辑:李晓雪  审核:赵大伟</p><p>长按识别二维码,关注我们</p><p>喜欢就点个在看吧</p>
</div>
<div class="reward_area"><p>喜欢作者</p></div><div id="js_pc_qr_code" class="qr_code_pc"><p>微信扫一扫关注该公众号</p></div>
</div></div></body></html>"""

MODEL_TEXTS_PAGE = """<!DOCTYPE html><html><head><title>乡镇精神文明工作简报(通用3篇)_好范文网</title></head><body>
<div id="top"><a href="/">好范文网</a><form><input type="text"><button>搜索</button></form></div>
<div class="position">当前位置:<a href="/">首页</a>&gt;&gt;<a href="/gw">公文</a></div>
<div id="wrap"><div id="left"><h1>乡镇精神文明工作简报(通用3篇)</h1>
<div class="zz">作者:网友投稿 时间:2022-11-03 阅读:1024次</div>
<div id="article"><div class="toc"><ul><li><a href="#1">第1篇</a></li><li><a href="#2">第2篇</a></li></ul></div>
<p>在日常生活中,大家都接触过简报吧。以下是小编为大家收集的乡镇精神文明工作简报,仅供参考,希望能够帮助到大家。</p>
<h2>乡镇精神文明工作简报第1篇</h2>
<p>乡镇精神文明工作简报</p>
<p>  江西省南昌县向塘镇以“村风民风”为重点,推进精神文明建设。</p>
<p>  一、强化宣传引导</p><p>  张贴标语2600条,发放倡议书1.8万份。</p>
<div class="ad"><script>ad();</script><p>广告</p></div>
<p>  二、强化典型带动</p><p>  评选“最美家庭”58户。</p>
<p>推荐阅读:<a href="/9">学校安全工作总结 篇8</a></p>
<h2>乡镇精神文明工作简报第2篇</h2>
<p>  我镇把文明实践站建在群众家门口。一是建强阵地,整合场所26处。二是建强队伍,组建“乡村大喇叭”宣讲队12支。三是建好机制,推行“群众点单”服务。</p>
<h2>乡镇精神文明工作简报第3篇</h2>
<p>  湖北宜都枝城镇:评出“十星级文明户”1300户。</p>
<p>以上就是小编整理的乡镇精神文明工作简报全部内容,希望对大家有所帮助。</p></div>
<div class="xgwz"><h3>相关文章</h3><ul><li><a href="/5">社区工作简报 篇5</a></li><li><a href="/6">村务公开简报第6篇</a></li></ul></div></div>
<div id="comment-box" class="comments"><p>网友评论:写得真好,收藏了。</p></div></div>
<div id="footer">Copyright © 2022 好范文网 All Rights Reserved.</div></body></html>"""

OLD_PAGE = """<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>文明简报</TITLE></HEAD>
<BODY><TABLE width=760><TR><TD colspan=2><A href=index.htm>首页</A> <A href=xw.htm>新闻</A> <A href=jb.htm>简报</A></TD></TR>
<TR><TD width=160><A href=1.htm>文明单位</A><BR><A href=2.htm>文明村镇</A><BR><A href=3.htm>文明家庭</A></TD>
<TD><CENTER><B><FONT size=5>柳州市文明简报(第27期)</FONT></B></CENTER><BR>
  柳州市柳南区开展“文明交通”行动,取得实效。<BR>
<BR>  一、劝导有力。在86个路口设置劝导岗。<BR>  二、宣传有声。播放公益广告1.6万条次。<BR>
  三、整治有效。查处不文明行为4300起。<BR>
<BR>市民普遍反映,斑马线前更安全了。<BR></TD></TR>
<TR><TD colspan=2 align=center>版权所有:柳州文明办 电话:0772-2800000</TD></TR></TABLE></BODY></HTML>"""


def numbering(document: docx.document.Document) -> None:
    """Adds a list of three levels: 一、 (一) 1."""
    root = document.part.numbering_part.element
    levels = (("chineseCounting", "%1、"), ("chineseCounting", "\uff08%2\uff09"), ("decimal", "%3."))
    written = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{written}</w:abstractNum>'
    root.insert(0, parse_xml(abstract))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def numbered(document: docx.document.Document, text: str, depth: int) -> None:
    paragraph = document.add_paragraph(widen(text))
    properties = paragraph._p.get_or_add_pPr()
    number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
    properties.append(parse_xml(number))


def text_box(document: docx.document.Document, text: str) -> None:
    """A text box as Word writes it: once for new readers, once more for old ones."""
    box = f"<w:txbxContent><w:p><w:r><w:t>{widen(text)}</w:t></w:r></w:p></w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    run = (
        f'<w:r {nsdecls("w")} {spaces}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph()._p.append(parse_xml(run))


def word_numbered() -> bytes:
    document = docx.Document()
    numbering(document)
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保存"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    document.add_paragraph("精神文明建设工作简报", style="Title")
    document.add_paragraph("第6期")
    document.add_paragraph(widen("凯里市精神文明建设指导委员会办公室编印  2024年4月18日"))
    document.add_paragraph(widen("凯里市:苗侗风情绘就文明画卷"), style="Heading 1")
    document.add_paragraph(widen("近年来,贵州省凯里市立足民族文化特色,打造文明实践品牌。"))
    numbered(document, "传承民族文化", 0)
    document.add_paragraph(widen("建成非遗传习所34个。"))
    numbered(document, "培育新风尚", 0)
    numbered(document, "推进移风易俗。修订村规民约168份。", 1)
    numbered(document, "弘扬时代新风。评选道德模范25名。", 1)
    numbered(document, "开展巡演。演出86场次。", 2)
    document.add_paragraph(widen("各镇(街道)文明实践站情况:"))
    table = document.add_table(rows=3, cols=3)
    rows = (("镇(街道)", "站点数", "负责人"), ("西门街道", "12", "杨秀英"), ("三棵树镇", "9", "潘志强"))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = widen(value)
    numbered(document, "强化保障", 0)
    document.add_paragraph(widen("市财政安排专项资金300万元。"))
    text_box(document, "凯里市文明热线全天开通,欢迎群众建言献策。")
    document.add_paragraph(widen("报:省文明办。"))
    document.add_paragraph(widen("送:州委宣传部。"))
    return _saved(document)


def word_issues() -> bytes:
    document = docx.Document()
    for issue, place, text in (
        ("第十一期", "大理市", "大理市洱海之滨组建“海菜花”志愿队,清理湖滨带58公里。"),
        ("第十二期", "腾冲市", "腾冲市和顺古镇推行“文明旅游积分”,参与游客9万人次。"),
    ):
        document.add_paragraph(widen(f"云南文明实践工作简报({issue})"), style="Heading 1")
        document.add_paragraph(widen(f"{place}文明实践见闻"), style="Heading 2")
        document.add_paragraph(widen(text))
        document.add_paragraph("工作特色", style="Heading 3")
        document.add_paragraph(widen("一是群众唱主角。二是阵地到村寨,实现行政村全覆盖。"))
    return _saved(document)


def _saved(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
BODY = ParagraphStyle(
    "body", fontName="STSong-Light", fontSize=12, leading=20, firstLineIndent=24, wordWrap="CJK"
)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=20, leading=32, firstLineIndent=0, alignment=1)
LARGE = ParagraphStyle("large", parent=BODY, fontSize=15, leading=26, firstLineIndent=0)
_LONG = (
    "围绕群众需求设置服务清单,组织机关干部、青年学生、退休教师等走进社区和乡村,开展政策宣讲、文化辅导、健康义诊、法律咨询等服务,"
    "让文明实践更有温度,也让志愿服务更有力度。"
)


def _running_head(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("STSong-Light", 9)
    canvas.drawString(72, 812, "泉州市精神文明建设工作简报")
    canvas.drawRightString(523, 812, "2023年第5期")
    canvas.drawCentredString(297, 30, f"- {document.page} -")


def newsletter() -> bytes:
    stream = io.BytesIO()
    story = [PrintedParagraph("泉州市精神文明建设工作简报", TITLE), PrintedParagraph("第5期", LARGE)]
    for heading, lead in (
        ("一、鲤城区:古城新风入人心", "鲤城区共有志愿队伍410支。"),
        ("二、晋江市:企业文明聚合力", "晋江市共有文明企业260家。"),
        ("三、德化县:瓷都处处好风景", "德化县共有实践基地77个。"),
    ):
        story.append(PrintedParagraph(widen(heading), LARGE))
        story.extend(PrintedParagraph(widen(f"{lead}第{part}季度,{_LONG * 2}"), BODY) for part in "一二三")
    template = SimpleDocTemplate(stream, pagesize=A4, invariant=True)
    template.build(story, onFirstPage=_running_head, onLaterPages=_running_head)
    return stream.getvalue()


def two_columns() -> bytes:
    stream = io.BytesIO()
    template = BaseDocTemplate(stream, pagesize=A4, invariant=True)
    frames = [Frame(60, 60, 225, 700, id="left"), Frame(310, 60, 225, 700, id="right")]
    template.addPageTemplates([PageTemplate(id="two", frames=frames)])
    story = [PrintedParagraph(widen("日照文明工作通讯"), LARGE)]
    for number, name in enumerate(("东港区", "岚山区", "莒县", "五莲县"), start=1):
        story.append(PrintedParagraph(widen(f"{number}.{name}开展文明实践活动。{_LONG * 2}"), BODY))
        story.append(PrintedParagraph(widen(f"{name}今年新建站点{number * 11}个,{_LONG}"), BODY))
    template.build(story)
    return stream.getvalue()


def archive() -> bytes:
    stream = io.BytesIO()
    first = widen(
        "宜昌市文明办工作简报\n\n一、夷陵区打造“三峡蚁工”品牌\n\n注册志愿者18万人。\n\n二、猇亭区推行“文明积分”\n\n兑换物品3.6万件。\n"
    )
    second = widen("<html><body><p>恩施州利川市开展“龙船调”文化志愿行动,演出210场。</p></body></html>")
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in (
            ("宜昌/简报.txt", first.encode("gb18030")),
            ("恩施/page.html", second.encode()),
            ("__MACOSX/._x.txt", b"x"),
            ("图片.jpg", b"\xff\xd8\xff"),
        ):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            opened.writestr(info, content)
    return stream.getvalue()


def main() -> None:
    save("contents_list", "宣传资料.txt", widen(CONTENTS_LIST).replace("\n", "\r\n"))
    save("red_header", "简报第12期.txt", widen(RED_HEADER), "gb18030")
    save("inline_traditional", "工作簡報.txt", widen(INLINE_TRADITIONAL), "big5")
    save("traps", "动态.txt", widen(TRAPS), "utf-16")
    save("by_place", "汇编.txt", widen(BY_PLACE))
    save("issues", "江阴.txt", widen(ISSUES))
    save("nested", "威海.txt", widen(NESTED))
    save("front_matter", "yiwu.md", widen(FRONT_MATTER))
    save("government_page", "baohe.html", widen(GOVERNMENT_PAGE))
    save("messenger_page", "hailin.html", widen(MESSENGER_PAGE))
    save("model_texts_page", "fanwen.html", widen(MODEL_TEXTS_PAGE))
    save("old_page", "liuzhou.htm", widen(OLD_PAGE), "gb18030")
    save("word_numbered", "凯里.docx", word_numbered())
    save("word_issues", "云南.docx", word_issues())
    save("newsletter", "quanzhou.pdf", newsletter())
    save("two_columns", "rizhao.pdf", two_columns())
    save("archive", "湖北.zip", archive())


if __name__ == "__main__":
    main()
