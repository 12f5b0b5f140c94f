"""Kinds of texts that offices produce, small and made up: notices, chronicles, lists, papers with a red head, signatures."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from retrieval.reading import read_collection
from retrieval.reading.formats.loader import cited_name, read_content, read_contents
from retrieval.reading.lines.bulletin_dates import read_date, read_issue
from retrieval.reading.structure.bulletin_parser import Outline, outline_document, paragraphs_of
from retrieval.types import LeftOutReason


def outline(text: str, name: str = "x.txt") -> Outline:
    return outline_document(read_content(text.encode(), name))


def texts(text: str, name: str = "x.txt") -> list[str]:
    return [paragraph.line.text for _, paragraph in paragraphs_of(outline(text, name))]


def paths(text: str, name: str = "x.txt") -> list[list[str]]:
    return [
        [section.title or section.label for section in paragraph.section_path]
        for _, paragraph in paragraphs_of(outline(text, name))
    ]


def left_out(text: str, reason: LeftOutReason, name: str = "x.txt") -> list[str]:
    return [entry.text for entry in outline(text, name).left_out if entry.reason is reason]


NOTICE = """关于举办邻里节的通知
现将有关事项通知如下。
{fields}
请各街道于5月10日前报名。
"""


@pytest.mark.parametrize(
    "fields",
    [
        "活动时间：5月20日\n活动地点：滨河公园",
        "時間：5月20日\n地點：滨河公园\n參加對象：社區居民",
        "主持人：周海宁\n主讲人：沈玉珍",
        "一等奖：周海宁\n二等奖：沈玉珍",
        "【联系人】：周海宁\n【联系电话】：8568",
        "集合地点: 市民中心",
    ],
)
def test_a_field_of_a_notice_is_a_passage_and_no_heading(fields: str) -> None:
    text = NOTICE.format(fields=fields)
    assert set(fields.split("\n")) < set(texts(text))
    assert not any(paths(text))


@pytest.mark.parametrize(
    "line", ["联系电话：85680000", "主办：常州市文明办", "地址：龙城大道1280号", "活动时间：2023年5月20日"]
)
def test_a_field_that_ends_a_notice_is_a_passage(line: str) -> None:
    assert line in texts(f"邻里节公告\n为弘扬美德，决定举办邻里节。\n{line}\n")


def test_the_address_of_a_site_below_the_text_is_left_out() -> None:
    page = "邻里节\n钟楼区举办邻里节。\n主办单位：市文明办 地址：龙城大道\n版权所有 常州文明网 苏ICP备05003616号\n"
    assert texts(page) == ["钟楼区举办邻里节。"]
    assert len(left_out(page, LeftOutReason.BOILERPLATE)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "周海宁 沈玉珍 陆文斌 吴晓岚",
        "钟楼区\t天宁区\t新北区\t武进区",
        "周海宁    沈玉珍    陆文斌    吴晓岚    邵敏",
    ],
)
@pytest.mark.parametrize("after", ["希望受表彰的家庭再接再厉。", ""])
def test_names_divided_by_blanks_are_a_passage(line: str, after: str) -> None:
    text = f"表彰通报\n授予下列家庭称号。\n{line}\n{after}\n"
    assert line in texts(text)
    assert not any(paths(text))


@pytest.mark.parametrize(
    "sentence",
    [
        "全市完成ICP备案网站四十六家，其中公安备案三十家。",
        "市文明办会同版权部门开展版权所有者维权讲座。",
        "未经许可转载新闻的账号被查处十二个。",
        "某网站转载须注明来源的制度已经落实。",
        "督促十二家网站公示版权所有信息，如有侵权及时处理。",
        "责任编辑培训四场，投稿踊跃。",
        "志愿者扫描二维码签到，点击量达三万次。",
        "以下为各区整理的情况，希望引起重视。",
        "小区打印店、复印店签订承诺书。",
    ],
)
def test_a_sentence_that_only_speaks_of_such_words_is_text_wherever_it_stands(sentence: str) -> None:
    body = "钟楼区开设邻里食堂七处。"
    for order in ([sentence, body], [body, sentence], [body, sentence, body], [sentence]):
        assert texts("\n".join(["网络文明简报", *order])) == order


@pytest.mark.parametrize(
    "line",
    [
        "首页 > 文明创建 > 正文",
        "来源：市文明办  发布时间：2023-05-06 10:20  浏览次数：128",
        "责任编辑：周海宁",
        "上一篇：关于举办培训班的通知",
        "版权所有 常州文明网 苏ICP备05003616号 未经授权不得转载。",
        "分享到：微信 微博 QQ空间",
        "长按识别二维码，关注我们",
        "扫一扫在手机打开当前页",
        "【打印本页】",
        "（包河区文明办供稿）",
    ],
)
def test_boilerplate_at_the_edge_is_left_out(line: str) -> None:
    assert texts(f"邻里节\n钟楼区举办邻里节。\n居民踊跃参加。\n{line}\n") == [
        "钟楼区举办邻里节。",
        "居民踊跃参加。",
    ]


@pytest.mark.parametrize(
    "heading", ["规范信息报送", "推荐单位", "相关内容", "最新进展", "联系我们", "版权登记", "分享"]
)
def test_a_heading_that_sounds_like_a_page_heads_its_text(heading: str) -> None:
    assert paths(f"简报\n加强领导\n市委部署工作。\n{heading}\n各区完成任务。\n") == [["加强领导"], [heading]]


def test_a_list_of_short_lines_is_text_where_a_sentence_goes_back_to_it() -> None:
    names = ["钟楼区文化馆", "天宁区图书馆", "武进区文明办"]
    text = "\n".join(["表彰通报", "名单如下。", *names, "以上单位予以表彰。"])
    assert texts(text)[1:4] == names
    assert not any(paths(text))


def test_dates_of_a_chronicle_nest_by_year_month_and_day() -> None:
    days = "一月\n1月5日\n召开年会。\n1月18日\n启动服务。\n二月\n2月3日—5日\n元宵灯会\n参观三万人。\n同月\n完成修订。\n"
    text = f"大事记\n2023年\n{days}"
    assert paths(text) == [
        ["2023年", "一月", "1月5日"],
        ["2023年", "一月", "1月18日"],
        ["2023年", "二月", "2月3日—5日", "元宵灯会"],
        ["2023年", "同月"],
    ]


def test_what_alone_fills_a_numbered_section_is_no_heading() -> None:
    text = (
        "通知\n现通知如下：\n一、活动时间\n5月20日\n二、活动地点\n各街道文化站\n三、有关要求\n请按时报名。\n"
    )
    assert texts(text)[1:3] == ["5月20日", "各街道文化站"]
    assert paths(text)[1:] == [["活动时间"], ["活动地点"], ["有关要求"]]


RED_HEAD = """特急
常州市精神文明建设指导委员会文件
常文明〔2023〕12号
关于开展邻里节活动的通知
各辖市、区文明办：
为丰富居民生活，决定开展邻里节活动。
附件：1.报名表

常州市文明办
2023年5月6日
（此件公开发布）
抄送：市委办公室。
常州市文明办　2023年5月7日印发
"""


def test_the_head_and_the_signature_of_a_paper_are_data_of_it() -> None:
    (bulletin,) = outline(RED_HEAD).bulletins
    assert bulletin.title == "关于开展邻里节活动的通知"
    assert (bulletin.date, bulletin.issue) == ("2023-05-06", "常文明〔2023〕12号")
    assert [paragraph.line.text for paragraph in bulletin.paragraphs] == [
        "各辖市、区文明办：",
        "为丰富居民生活，决定开展邻里节活动。",
        "附件：1.报名表",
    ]
    assert len(left_out(RED_HEAD, LeftOutReason.HEAD)) == 8


def test_attachments_are_parts_of_their_paper() -> None:
    text = "通知\n请遵照执行。\n附件1\n食堂名单\n钟楼区七处。\n附件2\n护河队名单\n天宁区九队。\n"
    assert len(outline(text).bulletins) == 1
    assert paths(text) == [[], ["附件1 食堂名单"], ["附件2 护河队名单"]]


@pytest.mark.parametrize("marks", ["壹、 贰、", "⼀、 ⼆、", "（壹） （贰）"])
def test_formal_digits_and_radicals_number_sections(marks: str) -> None:
    first, second = marks.split()
    assert paths(f"总结\n{first}主要做法\n开设食堂七处。\n{second}存在问题\n经费不足。\n") == [
        ["主要做法"],
        ["存在问题"],
    ]


def test_a_text_by_paragraphs_is_not_joined() -> None:
    names = [f"钟楼区永红街道清潭社区第{number}邻里食堂开业典礼隆重举行" for number in "一二三四五六"]
    document = read_content("\n".join(names).encode(), "x.txt")
    assert [line.text for line in document.lines] == names


def test_control_characters_are_left_out_with_their_line() -> None:
    (entry,) = outline("简报\n钟\x07楼区\u200b开展活动。\n").left_out
    assert (entry.line, entry.text, entry.reason) == (2, "U+0007 U+200B", LeftOutReason.HIDDEN)


def open_document(kind: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 word", "x.txt", "old Office file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le"), "x.xls", ".xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "PowerPoint Document\0".encode("utf-16-le"), "x.ppt", ".pptx"),
        (b"\x89PNG\r\n\x1a\n", "x.html", "picture"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "x.txt", "Word XML"),
        (b"\x1f\x8b\x08\x00abc", "x.md", "gzip"),
        (b"\x78\x9f\x3e\x22abc", "winmail.dat", "Outlook"),
        (open_document("spreadsheet"), "x.ods", ".xlsx"),
        (open_document("presentation"), "x.odt", ".pptx"),
    ],
)
def test_a_format_that_is_not_read_is_named_under_every_ending(content: bytes, name: str, words: str) -> None:
    (document,) = read_contents(content, name)
    assert not document.lines
    assert words in document.findings[0].message


PAGE = "<!DOCTYPE html><html><body><p>钟楼区开设邻里食堂七处，每天供应三百份午餐。</p></body></html>"
WEB_ARCHIVE = b"""From: <Saved>
MIME-Version: 1.0
Content-Type: multipart/related; boundary="B"

--B
Content-Type: text/html; charset=gb2312
Content-Transfer-Encoding: quoted-printable

<html><body><p>=D6=D3=C2=A5=C7=F8=BF=AA=C9=E8=C1=DA=C0=EF=CA=B3=CC=C3=C6=DF=B4=A6=A1=A3</p></body></html>
--B--
"""


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PAGE.encode(), "x.txt"),
        (PAGE.encode("utf-16"), "x.txt"),
        (PAGE.encode(), "x.doc"),
        (WEB_ARCHIVE, "x.html"),
        (WEB_ARCHIVE.replace(b"\n", b"\r\n"), "x.htm"),
    ],
)
def test_a_page_is_read_under_every_ending(content: bytes, name: str) -> None:
    (document,) = read_contents(content, name)
    assert document.lines[0].text.startswith("钟楼区开设邻里食堂七处")
    assert any("read as what it is" in finding.message for finding in document.findings)


def test_a_file_name_in_another_encoding_is_cited_as_it_reads(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("简报.txt".encode("gb18030"))
    path.write_text("钟楼区开展活动。", encoding="utf-8")
    assert cited_name(path, tmp_path) == "简报.txt"
    assert [passage.file for passage in read_collection(tmp_path).passages] == ["简报.txt"]


MARKDOWN = """# 简报

[1]: 数据截至2023年。
[注]: 统计口径为常住人口

见[网站][a]，~~旧数~~新数[1]。

[a]: https://example.org/a "标题"
"""


def test_notes_that_look_like_references_are_text_and_targets_of_links_are_named() -> None:
    assert texts(MARKDOWN, "x.md") == [
        "[1]: 数据截至2023年。",
        "[注]: 统计口径为常住人口",
        "见网站，新数[1]。",
    ]
    assert left_out(MARKDOWN, LeftOutReason.STRUCK_OUT, "x.md") == ["旧数"]
    assert left_out(MARKDOWN, LeftOutReason.HIDDEN, "x.md") == ['[a]: https://example.org/a "标题"']


def test_text_between_rules_is_no_front_matter() -> None:
    assert texts("---\n钟楼区开设食堂七处。共三百份。\n\n---\n又一段。\n", "x.md")[-1] == "又一段。"
    assert "共三百份" in "".join(texts("---\n钟楼区开设食堂七处。共三百份。\n\n---\n又一段。\n", "x.md"))


def test_cells_of_a_markdown_row_beyond_those_of_its_heading_row_stay() -> None:
    table = "# 常州简报\n\n| 区 | 成效 |\n|---|---|\n| 钟楼 | 三千人 | ~~停~~ 另有五十人 |\n天宁 | 百人 | 丙 | 丁\n"
    assert texts(table, "x.md") == ["区：钟楼；成效：三千人；另有五十人", "区：天宁；成效：百人；丙；丁"]
    assert left_out(table, LeftOutReason.STRUCK_OUT, "x.md") == ["停"]


def test_markdown_that_is_nested_deeper_than_is_read_is_named_and_kept() -> None:
    text = "".join("  " * depth + f"- 第{depth}层共{depth}\n" for depth in range(90))
    document = read_content(text.encode(), "x.md")
    shown = "".join(line.text for line in document.lines)
    assert all(f"第{depth}层共{depth}" in shown for depth in range(90))
    assert any("nested deeper" in finding.message for finding in document.findings)


@pytest.mark.parametrize(
    ("texts_of_head", "stem", "date"),
    [
        (["2022年第12期", "常州市文明办编 2022年12月20日"], "2023", "2022-12-20"),
        (["二〇二三年五月六日"], "", "2023-05-06"),
        (["发布时间：2023/5/6 10:20"], "", "2023-05-06"),
        (["20xx年5月"], "", "20xx-05"),
        (["20**年*月*日"], "", "20**-**-**"),
        (["常文明〔2023〕12号"], "", "2023"),
        ([], "2022简报", "2022"),
        ([], "简报20230506", "2023-05-06"),
        ([], "工作简报2023-05", "2023-05"),
        (["工作简报"], "notes", None),
        (["2023年13月40日"], "", "2023"),
    ],
)
def test_the_date_of_a_bulletin_is_iso_as_far_as_its_source(
    texts_of_head: list[str], stem: str, date: str | None
) -> None:
    assert read_date(texts_of_head, stem) == date


@pytest.mark.parametrize(
    ("head", "issue"),
    [
        (["2022年第12期"], "第12期"),
        (["第十二期（总第48期）"], "第12期"),
        (["常文明〔2023〕12号"], "常文明〔2023〕12号"),
        (["工作简报"], None),
    ],
)
def test_the_issue_of_a_bulletin_is_its_number(head: list[str], issue: str | None) -> None:
    assert read_issue(head) == issue


@pytest.mark.parametrize(("name", "date"), [("2022简报.txt", "2022"), ("简报202305.txt", "2023-05")])
def test_a_file_name_dates_a_bulletin_without_a_date(name: str, date: str) -> None:
    assert outline("文明简报\n钟楼区开展活动。\n", name).bulletins[0].date == date


def test_a_list_of_attachments_below_a_paper_numbers_no_section() -> None:
    text = "通知\n请遵照执行。\n一、时间\n5月20日。\n附件：1. 报名表\n      2. 汇总表\n      3. 名册\n"
    assert paths(text)[-3:] == [["时间"]] * 3
    assert not [finding for finding in outline(text).findings if "order broken" in finding.message]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("本报太原5月8日讯　太原市迎泽区在旧居民楼加装文化长廊。", "太原迎泽区"),
        ("新华社西宁6月2日电　格尔木市推出讲解员项目。", "格尔木"),
        ("据海口日报报道，三亚市崖州区开展授课。", "三亚崖州区"),
        ("国网黑龙江佳木斯供电公司成立服务队。", "黑龙江佳木斯"),
        ("中国银行青岛市分行开展金融知识宣讲。", "青岛"),
        ("海南省三亚市崖州区人民法院设立巡回法庭。", "海南三亚崖州区"),
        ("为倡导文明出行，经恩施州文明办研究，决定开展宣传月活动。", "恩施"),
        ("来自北京、天津、河北的游客涌入杨家埠。", None),
        ("杭州下城区组织护河队。", "杭州下城区"),
    ],
)
def test_the_place_of_a_lead_is_that_of_who_acts(text: str, place: str | None) -> None:
    ((_, paragraph),) = paragraphs_of(outline(f"经验摘编\n{text}\n"))
    assert (paragraph.place and paragraph.place.name) == place


def test_a_list_of_links_under_a_repeated_title_is_no_text() -> None:
    text = (
        "简报\n钟楼区举办邻里节。\n【简报】相关文章：\n1.精神文明建设工作总结范文\n2.文明单位创建汇报材料\n"
    )
    assert texts(text) == ["钟楼区举办邻里节。"]


def test_a_bulletin_without_a_number_of_its_year_is_known_by_that_of_all_issues() -> None:
    (bulletin,) = outline("工作简讯\n（总第88期）\n钟楼区举办邻里节。\n").bulletins
    assert (bulletin.label, bulletin.issue) == ("工作简讯 总第88期", "总第88期")


def test_the_fields_above_the_first_bulletin_of_a_file_are_no_text() -> None:
    bulletins = "第1篇：简报\n钟楼区举办邻里节。\n第2篇：简报\n天宁区组织护河。\n"
    text = f"简报精选\n时间：2021-10-10　来源：网络　编辑：小茉莉\n{bulletins}"
    assert texts(text) == ["钟楼区举办邻里节。", "天宁区组织护河。"]


def test_the_one_heading_over_a_page_is_its_title_where_the_given_one_is_its_column() -> None:
    page = "<title>动态信息</title><h2>道县深化家风教育</h2><p>接待学员四万人。</p><p>一、抓阵地。投入三千万元。</p>"
    (bulletin,) = outline(page, "x.html").bulletins
    assert (bulletin.title, paths(page, "x.html")[0]) == ("道县深化家风教育", [])


def test_a_title_of_a_paper_over_two_lines_is_one() -> None:
    text = "常州市文明办关于在全市社区开展\n邻里节系列活动的通知\n请各街道按时报名。\n一、时间\n5月20日。\n"
    (bulletin,) = outline(text).bulletins
    assert bulletin.title == "常州市文明办关于在全市社区开展邻里节系列活动的通知"
    assert paths(text) == [[], ["时间"]]
    assert not outline(text).left_out
