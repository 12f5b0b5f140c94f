"""Files of many kinds against their expected trees: every paragraph, nothing but the paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.reading.formats.loader import read_content
from retrieval.reading.structure.bulletin_parser import outline_document
from retrieval.reading.structure.passage_builder import read_collection
from tests.trees import BULLETINS, EXPECTED, expected_lines, tree_lines

FOLDERS = sorted(path.name for path in BULLETINS.iterdir() if path.is_dir() and path.name != "__pycache__")
# Pieces of what stands around the text in the files above; none of it is in any passage.
_LISTED = (
    "小编 相关文章 社区工作简报(精选 学校文明创建总结 本期要目 报:省 送:市委 "
    "发:各乡镇 共印 您的位置 首页 发布时间 责任编辑 上一篇 下一篇 分享到 热门推荐 "
    "蜀山区文明实践在行动 瑶海区 主办单位 版权所有 皖ICP 点击上方 长按识别 点个在看 "
    "微信扫一扫 喜欢作者 审核 好范文网 搜索 当前位置 阅读:1024次 推荐阅读 "
    "学校安全工作总结 村务公开 网友评论 Copyright 文明单位 文明村镇 文明家庭 "
    "电话 内部资料 第1页 2023年第5期 2022年8月3日 供稿 编印 合肥文明网 "
)
FURNITURE = _LISTED.split()


def test_there_are_at_least_twelve_kinds_of_files() -> None:
    assert len(FOLDERS) >= 12


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_file_reads_as_its_expected_tree(folder: str) -> None:
    reading = read_collection(BULLETINS / folder)
    assert tree_lines(reading) == expected_lines(EXPECTED / f"{folder}.tsv")


def test_furniture_is_in_no_passage() -> None:
    text = "\n".join(line for folder in FOLDERS for line in tree_texts(BULLETINS / folder))
    leaked = [piece for piece in FURNITURE if piece in text.translate({0xFF1A: ":", 0xFF08: "("})]
    assert leaked == []


def tree_texts(folder: Path) -> list[str]:
    return [passage.text for passage in read_collection(folder).passages]


def labels(text: str) -> list[str]:
    return [bulletin.label for bulletin in outline_document(read_content(text.encode(), "x.txt")).bulletins]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("精神文明建設工作簡報 篇1", "篇1"),
        ("篇一", "篇一"),
        ("第1篇", "第1篇"),
        ("第\uff11篇", "第1篇"),
        ("第一篇", "第一篇"),
        ("篇【一】", "篇一"),
        ("【篇1】", "篇1"),
        ("(篇四)", "篇四"),
        ("范文第3篇", "第3篇"),
        ("1.宣传资料 篇一", "篇一"),
    ],
)
def test_a_bulletin_mark_of_any_form_begins_a_bulletin(heading: str, label: str) -> None:
    assert labels(f"{heading}\n我市开展了活动。\n") == [label]


def test_issues_are_bulletins_when_there_are_several() -> None:
    text = "一、市文明办工作简报(第12期)\n我市开展活动。\n二、市文明办工作简报(第13期)\n我市再开展活动。\n"
    assert labels(text) == ["第12期", "第13期"]


def test_a_file_without_marks_is_named_by_title_issue_and_date() -> None:
    text = "文明工作简报\n第12期\n2023年5月6日\n\n我市开展了活动。\n"
    assert labels(text) == ["文明工作简报 第12期 2023年5月6日"]


@pytest.mark.parametrize(
    "text", ["第一篇报道发表后,反响热烈。", "第十二期干部培训班在我市举办。", "他写了第3篇文章。"]
)
def test_a_sentence_that_only_speaks_of_a_number_is_no_mark(text: str) -> None:
    assert labels(f"文明简报\n{text}\n") == ["文明简报"]


def test_text_under_no_bulletin_and_broken_order_are_found() -> None:
    document = read_content(
        "简报合集\n这是没有归属的一段话。\n篇1\n一、甲\n正文。\n三、丙\n正文。\n".encode(), "x.txt"
    )
    messages = [finding.message for finding in outline_document(document).findings]
    assert any("text under no bulletin" in message for message in messages)
    assert any("mark order broken" in message for message in messages)


def places(text: str) -> list[str | None]:
    outline = outline_document(read_content(text.encode(), "x.txt"))
    paragraphs = [paragraph for bulletin in outline.bulletins for paragraph in bulletin.paragraphs]
    return [paragraph.place.name if paragraph.place else None for paragraph in paragraphs]


def test_a_heading_that_is_a_place_decides_between_districts_of_one_name() -> None:
    text = "各地简讯\n上海\n徐汇区开展活动。\n黄浦区开展宣传。\n江苏南京\n鼓楼区评选家庭。\n"
    assert places(text) == ["徐汇区", "黄浦区", "鼓楼区"]


def test_a_partner_is_not_the_place_of_a_paragraph() -> None:
    text = "篇1\n安徽合肥包河区开展共建。\n一、结对共建\n上海市志愿者应邀来区交流。\n与杭州市互派干部。\n"
    assert places(text) == ["安徽合肥包河区"] * 3


def test_a_contents_list_without_a_title_above_it_is_no_bulletin() -> None:
    text = "第1篇 甲简报\n第2篇 乙简报\n\n第1篇 甲简报\n甲地开展活动。\n第2篇 乙简报\n乙地开展活动。\n"
    assert labels(text) == ["第1篇", "第2篇"]


def test_the_last_of_a_list_of_lines_is_a_paragraph_like_the_others() -> None:
    document = read_content(
        "文明简报\n我校开展活动。\n首先,定方案。\n其次,抓培训。\n最后,作总结。\n得到好评。\n".encode(),
        "x.txt",
    )
    texts = [paragraph.line.text for paragraph in outline_document(document).bulletins[0].paragraphs]
    assert texts == ["我校开展活动。", "首先,定方案。", "其次,抓培训。", "最后,作总结。", "得到好评。"]
