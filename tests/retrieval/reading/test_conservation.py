"""Every visible character of a text or Markdown file is in a passage, in a heading, or named as left out, as often as there."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.quality.office_files import office_files
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.language import numerals
from retrieval.reading.formats.loader import SUFFIXES, read_content, read_contents
from retrieval.reading.lines import Document
from retrieval.reading.lines.section_marks import opening_mark
from retrieval.reading.structure.bulletin_parser import outline_document, paragraphs_of
from retrieval.types import LeftOutReason, Section

BULLETINS = Path(__file__).parents[2] / "bulletins"
CASES = Path(__file__).parent / "cases"
DATA = Path(__file__).parents[3] / "data" / "bulletins"
# `#` becomes a number of its own in every block, so that a lost block cannot hide behind an equal one.
BLOCKS = (
    "钟楼区开设邻里食堂#处，每天供应三百份午餐。",
    "市文明办组织夜跑护河#次。队员每周两次巡查河道，上报隐患四十处。",
    "一、邻里食堂#",
    "二、夜跑护河#",
    "三、规范信息报送#。各区每周上报一次。",
    "（一）统一配送#",
    "1. 修订村规民约#条",
    "2. 成立红白理事会#个。",
    "一是落实ICP备案#家。二是开展版权所有者维权#场。三是规范转载来源#个。",
    "规范信息报送#",
    "推荐阅读书目#",
    "相关阅读",
    "《常州古桥》#",
    "相关内容#",
    "周海宁  沈玉珍#  陆文斌  吴晓岚",
    "钟楼区#\t天宁区\t新北区\t武进区",
    "时间：5月20日上午#点",
    "地点：滨河公园北广场#号",
    "主办单位：常州市文明办#",
    "联系电话：8568#",
    "附件：1.名单#",
    "附件#",
    "2023年5月6日",
    "2023年3月",
    "3月5日",
    "第#页",
    "— 2 —",
    "常州市文明办",
    "常文明〔2023〕#号",
    "抄送：市委办公室#。",
    "以下为各区整理的情况#。",
    "以下是小编整理的范文#，欢迎阅读。",
    "首页 | 新闻# | 联系我们",
    "版权所有 常州文明网 苏ICP备0500#号",
    "目录",
    "（包河区文明办#供稿）",
    "篇#",
    "第#期",
    "volunteer service # hours",
    "参加者：#",
    "[1]: 数据截至2023年#月",
    "①加强领导#；②落实责任。",
)
MARKDOWN_BLOCKS = (
    *BLOCKS,
    "# 工作简报#",
    "## [钟楼区开设食堂#](https://example.org/a)",
    "### 规范信息报送#",
    "- [武进区村歌比赛#](b.html)",
    "- 甲#\n  - 乙#\n    1. 丙#",
    "> 引文#。\n> 续#",
    "| 区 | 处数 |\n|---|---|\n| 钟楼# | 设立#<br>夜读# |",
    "~~停办#~~ 续办#",
    "<details>\n<summary>展开#</summary>\n周海宁#。\n</details>",
    "<table><tr><td>武进</td><td>村歌&nbsp;#</td></tr></table>",
    "![图#](x.png)",
    "<!-- 内部# -->",
    "```\n代码#\n```",
    "    缩进#",
    "[^1]: 脚注#。",
    "[注]: 口径#",
    "见[网站#][a]。\n\n[a]: https://example.org/a",
    "标题#\n===",
    "<div><p>段落#。</p><p>又#<br>行#</p><del>旧#</del></div>",
)


def shown(content: str, name: str) -> Counter[str]:
    """The letters and digits of passages, of headings where they change, and of what is left out."""
    document = read_content(content.encode(), name)
    outline = outline_document(document)
    assert not [entry for entry in outline.left_out if entry.reason is LeftOutReason.NOT_PLACED]
    parts = [outline.title, *(bulletin.title for bulletin in outline.bulletins)]
    parts += [entry.text for entry in outline.left_out]
    path: tuple[Section, ...] = ()
    for _, paragraph in paragraphs_of(outline):
        steps = paragraph.section_path
        pairs = itertools.takewhile(lambda pair: pair[0] is pair[1], zip(path, steps, strict=False))
        parts += [section.full for section in steps[len([*pairs]) :]]
        parts.append(paragraph.line.text)
        path = steps
    return Counter(letters("".join(parts)))


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", numerals.half_width(text))


def without_mark(line: str) -> str:
    """A line without its section mark: a heading shows the number, not the word around it."""
    mark = opening_mark(line)
    return line[mark.end :] if mark else line


def numbered(blocks: list[str]) -> list[str]:
    """The blocks with each `#` that stands for a number replaced by one of its own."""
    counter = itertools.count(101)
    return [re.sub(r"(?<=[^\s#])#|# (?=hours)", lambda _: str(next(counter)), block) for block in blocks]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), max_size=14), st.sampled_from(["\n", "\n\n", "\r\n", "\n　　"]))
def test_nothing_of_a_text_file_is_lost(blocks: list[str], between: str) -> None:
    filled = numbered(blocks)
    visible = Counter(letters("".join(map(without_mark, filled))))
    assert not visible - shown(between.join(filled), "x.txt")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(MARKDOWN_BLOCKS), max_size=12))
def test_nothing_of_a_markdown_file_is_lost(blocks: list[str]) -> None:
    filled = numbered(blocks)
    visible = Counter(re.findall(r"\d{3,}", "".join(filled)))
    held = shown("\n\n".join(filled), "x.md")
    assert not Counter("".join(visible.elements())) - held


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(30, 90), min_size=1, max_size=8), st.integers(20, 50), st.sampled_from(["", "　　"])
)
def test_a_wrapped_text_has_the_characters_of_the_text(lengths: list[int], width: int, indent: str) -> None:
    paragraphs = [
        indent + "钟楼区开设邻里食堂供应午餐，" * (length // 14) + f"共{length}处。" for length in lengths
    ]
    lines = [
        paragraph[start : start + width]
        for paragraph in paragraphs
        for start in range(0, len(paragraph), width)
    ]
    assert not Counter(letters("".join(lines))) - shown("\n".join(lines), "x.txt")


@pytest.mark.parametrize(
    "path", [*CASES.glob("*.txt"), *BULLETINS.glob("*/*.txt")], ids=lambda path: path.name
)
def test_nothing_of_the_files_of_the_suite_is_lost(path: Path) -> None:
    if path.name.startswith("rtf"):
        return
    document = read_content(path.read_bytes(), path.name)
    text = "\n".join(line.text for line in document.lines)
    assert not Counter(letters("".join(map(without_mark, text.split("\n"))))) - shown(text, path.name)


def fixtures() -> list[tuple[str, bytes]]:
    """The files of the cases and of the fixtures, by name, and the annotated files of offices."""
    paths = [
        path for folder in (CASES, BULLETINS, DATA) for path in sorted(folder.rglob("*")) if path.is_file()
    ]
    named = [(path.name, path.read_bytes()) for path in paths if path.suffix in SUFFIXES]
    offices = [*office_files("studied"), *office_files("measured")]
    return named + [(file.name, file.content) for file in offices]


def body_and_left_out(document: Document) -> tuple[int, int]:
    """The number of lines from the first to the last line of the text, and of those that are left out of it."""
    outline = outline_document(document)
    texts = {paragraph.line.text for _, paragraph in paragraphs_of(outline)}
    inside = [index for index, line in enumerate(document.lines) if line.text in texts]
    if not inside:
        return 0, 0
    body = document.lines[inside[0] : inside[-1] + 1]
    around = (
        LeftOutReason.HEAD,
        LeftOutReason.CONTENTS,
        LeftOutReason.REPEATED_TITLE,
        LeftOutReason.PAGE_NUMBER,
    )
    dropped = {entry.text for entry in outline.left_out if entry.reason not in around}
    return len(body), sum(line.text in dropped for line in body)


def test_the_ledger_holds_at_most_two_in_a_hundred_of_the_lines_of_a_body() -> None:
    documents = [document for name, content in fixtures() for document in read_contents(content, name)]
    counts = [body_and_left_out(document) for document in documents]
    lines, dropped = sum(count for count, _ in counts), sum(count for _, count in counts)
    assert lines > 700
    assert dropped <= lines * 0.02, [
        document.file for document, (_, out) in zip(documents, counts, strict=True) if out
    ]
