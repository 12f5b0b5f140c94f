"""Web pages: what is text, what is navigation by its place and its form, what is named."""

from __future__ import annotations

import pytest

from retrieval.reading.formats.html.reader import read_web_page
from retrieval.reading.lines import Document, LineKind

FIRST = "<p>钟楼区第一社区开设邻里食堂，每天供应三百份午餐，七十岁以上老人半价。</p>"
SECOND = "<p>天宁区组织夜跑护河，队员每周两次巡查河道，全年上报隐患四十处。</p>"

LINKS = "<ul><li><a href=1>武进区举办村歌比赛</a></li><li><a href=2>新北区建成公园</a></li></ul>"


def read(body: str) -> Document:
    page = f"<html><head><title>常州简报-常州文明网</title></head><body>{body}</body></html>"
    return read_web_page(page.encode(), "a.html")


def texts(body: str) -> list[str]:
    return [line.text for line in read(body).lines]


def named(body: str) -> dict[str, str]:
    return {entry.text: entry.reason.value for entry in read(body).left_out}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"<main>{FIRST}<aside><p>统计截至2023年底。</p></aside>{SECOND}</main>", "统计截至2023年底。"),
        (f"<article>{FIRST}{SECOND}<footer><p>数据由各区上报。</p></footer></article>", "数据由各区上报。"),
        (f"<article>{FIRST}<footer>常州市文明办</footer></article>", "常州市文明办"),
        (f"<article>{FIRST}{SECOND}</article><aside><p>邻里食堂每周一休息。</p></aside>", "邻里食堂每周一休息。"),
        (f"{FIRST}<svg><text>七处</text><foreignObject><p>九处</p></foreignObject></svg>{SECOND}", "九处"),
        (f"{FIRST}<textarea>武进区举办村歌比赛</textarea>{SECOND}", "武进区举办村歌比赛"),
        (f"{FIRST}<form><label>姓名</label></form>{SECOND}", "姓名"),
        (f"<div class='sidebar-content'>{FIRST}{SECOND}</div>", "天宁区组织夜跑护河，队员每周两次巡查河道，全年上报隐患四十处。"),
        (f"<div>{FIRST}<div class='location'>滨河公园北广场</div>{SECOND}</div>", "滨河公园北广场"),
        (f"<div>{FIRST}{LINKS}</div>", "新北区建成公园"),
        (LINKS, "武进区举办村歌比赛"),
        (f"<div>{FIRST}<p>附件：<a href=1.doc>邻里食堂名单.doc</a></p></div>", "附件：邻里食堂名单.doc"),
        (f"<button>一、邻里食堂</button><div>{FIRST}</div>", "一、邻里食堂"),
        ("<table><caption>各区数量</caption><tr><th>区</th><th>处</th></tr><tr><td>钟楼</td><td>7</td></tr></table>", "各区数量"),
    ],
)  # fmt: skip
def test_text_in_boxes_of_any_kind_is_text(body: str, words: str) -> None:
    assert words in texts(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"<nav><a href=1>要闻</a></nav>{FIRST}{SECOND}", "要闻"),
        (
            f"<div class=top>常州网 <a href=1>要闻</a> <a href=2>简报</a></div><div>{FIRST}{SECOND}</div>",
            "常州网 要闻 简报",
        ),
        (
            f"<div>{FIRST}{SECOND}</div><div class=side><h3>热点</h3><a href=1>武进区举办村歌比赛</a></div>",
            "武进区举办村歌比赛",
        ),
        (
            f"<div>{FIRST}{SECOND}<h3>相关文章</h3><ul><li><a href=1>武进区举办村歌比赛</a></li></ul></div>",
            "武进区举办村歌比赛",
        ),
        (
            f"<div>{FIRST}{SECOND}<p>上一篇：<a href=1>武进区举办村歌比赛</a></p></div>",
            "上一篇：武进区举办村歌比赛",
        ),
        (f"<div>{FIRST}{SECOND}<p>【打印】【关闭】</p></div>", "【打印】【关闭】"),
        (f"<div>{FIRST}{SECOND}<a href='javascript:window.print()'>打印</a></div>", "打印"),
        (f"<div><p>2023-05-06 来源：常州文明网</p>{FIRST}{SECOND}</div>", "2023-05-06 来源：常州文明网"),
        (
            f"<div>{FIRST}{SECOND}</div><footer><p>本站由常州市信息中心维护。</p></footer>",
            "本站由常州市信息中心维护。",
        ),
        (f"<div><h1><a href='/'>常州文明网</a></h1>{FIRST}{SECOND}</div>", "常州文明网"),
        (
            f"<div>{FIRST}{SECOND}</div><div class=comments><p>写得真好，全都收藏了。</p></div>",
            "写得真好，全都收藏了。",
        ),
        (f"<form>{FIRST}<select><option>满意</option></select><button>提交</button></form>", "提交"),
    ],
)
def test_navigation_is_named_as_left_out(body: str, words: str) -> None:
    assert words in named(body)
    assert words not in texts(body)


def test_links_to_the_sections_of_the_page_are_its_contents() -> None:
    body = "<p>目录</p><ul><li><a href='#1'>一、食堂</a></li><li><a href='#2'>二、护河</a></li></ul>"
    body = f"<div>{body}<h2 id=1>一、食堂</h2>{FIRST}<h2 id=2>二、护河</h2>{SECOND}</div>"
    assert named(body) == dict.fromkeys(("目录", "一、食堂", "二、护河"), "list of contents")
    assert texts(body)[0] == "一、食堂"


def test_linked_headings_are_headings() -> None:
    lines = read(
        f"<div><h2><a href=1>钟楼区</a></h2>{FIRST}<h2><a href=2>天宁区</a></h2>{SECOND}</div>"
    ).lines
    assert [line.text for line in lines if line.kind is LineKind.HEADING] == ["钟楼区", "天宁区"]


def test_a_break_is_a_wrap_inside_a_sentence_and_two_are_the_end_of_a_paragraph() -> None:
    assert texts(
        "<div>走进老旧小区，<br>修理家电一百件<br><br>二、移风易俗<br>时间：5月<br>地点：公园</div>"
    ) == [
        "走进老旧小区，修理家电一百件",
        "二、移风易俗",
        "时间：5月",
        "地点：公园",
    ]


def test_preformatted_text_wrapped_at_a_column_is_joined() -> None:
    lines = (
        "钟楼区在七个社区开设邻里食堂，每天供应三百份午餐",
        "七十岁以上老人凭卡半价，由区供销社统一配送的食材",
        "受到居民欢迎。",
    )
    page = "<pre>一、食堂\n" + "\n".join(lines) + "\n\n二、夜跑护河\n  天宁区夜跑。</pre>"
    assert texts(page) == ["一、食堂", "".join(lines), "二、夜跑护河", "天宁区夜跑。"]


def test_readings_are_put_aside_and_named_once() -> None:
    document = read(
        "<p><ruby>桦<rp>(</rp><rt>hua</rt><rp>)</rp></ruby>川县建成<ruby>谌<rt>chen</rt></ruby>某博物馆。</p>"
    )
    assert [line.text for line in document.lines] == ["桦川县建成谌某博物馆。"]
    assert [finding.message for finding in document.findings] == [
        "2 readings beside characters (ruby) are not part of the text"
    ]
    assert [(entry.text, entry.reason.value) for entry in document.left_out] == [
        ("hua", "reading"),
        ("chen", "reading"),
    ]


def test_formulas_are_read_once_with_their_fraction_bars() -> None:
    fraction = "<math><mfrac><mn>3</mn><mn>4</mn></mfrac><annotation>\\frac{3}{4}</annotation></math>"
    twice = "<span class=katex-mathml>96.5%</span><span class=katex-html>96.5%</span>"
    assert texts(f"<p>占{fraction}，知晓率{twice}，面积10<sup>4</sup>平方米。</p>") == [
        "占3/4，知晓率96.5%，面积10⁴平方米。"
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<div id=app></div><script>1</script>", "a script writes it"),
        (
            "<noscript>请启用JavaScript</noscript><div id=app></div><script src=a.js></script>",
            "a script writes it",
        ),
        ("<iframe src=a.html></iframe>", "frames"),
        ("<img src=a.png>", "the page holds no text"),
    ],
)
def test_a_page_without_text_is_named_with_why(body: str, why: str) -> None:
    document = read(body)
    assert not document.lines
    assert why in document.findings[0].message


def test_hidden_rows_and_cells_of_a_table_are_named() -> None:
    hidden = "<tr hidden><td>甲</td><td>1</td></tr>"
    body = f"<table><tr><th>区</th><th>处</th></tr>{hidden}<tr><td>乙</td><td>2<s>3</s></td></tr></table>"
    assert texts(body) == ["区：乙；处：2"]
    assert named(body) == {"甲 1": "hidden", "3": "struck out"}


def test_a_reading_that_is_left_open_or_outside_a_ruby_loses_no_text() -> None:
    assert "办理率达九成。" in "".join(texts(f"{FIRST}<p>讲座三十场。<rp><p>办理率达九成。</p>{SECOND}"))
    left_open = read(f"{FIRST}<p><ruby>桦<rp>（<rt>huà<p>办理率达九成。</p>{SECOND}")
    assert "办理率达九成。" in "".join([*(entry.text for entry in left_open.left_out), *texts_of(left_open)])


def texts_of(document: Document) -> list[str]:
    return [line.text for line in document.lines]


@pytest.mark.parametrize("depth", [100, 1_000, 1_100, 20_000])
def test_text_behind_any_depth_of_nesting_is_kept(depth: int) -> None:
    document = read(FIRST + "<div><ul><li>" * depth + "晨读角开放。" + "</li></ul></div>" * depth + SECOND)
    assert [*texts_of(document)][1:] == ["晨读角开放。", SECOND.removeprefix("<p>").removesuffix("</p>")]
    assert any("nested deeper" in finding.message for finding in document.findings) == (depth > 800)


@pytest.mark.parametrize("page", ["<!DO进老旧小区", "<!-- 简报", "<?xml"])
def test_a_page_that_ends_in_its_first_declaration_is_named_as_empty(page: str) -> None:
    (finding,) = read_web_page(page.encode(), "a.html").findings
    assert "skipped" in finding.message
    assert "Error" not in finding.message
