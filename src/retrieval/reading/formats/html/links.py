"""Links of a web page to other pages: lists of them below a heading, and runs of them, such as menus."""

from __future__ import annotations

import re

from retrieval.language import Pattern, numerals
from retrieval.reading.formats.html.block import Block

_RELATED = (
    r"(?:相关|相關|推荐|推薦|延伸|拓展|热门|熱門|最新|精彩|精选|更多|猜你|大家|随机|友情|热点|同类|为您)"
)
_LINKS_HEADING = Pattern(
    re.compile(
        rf"^(?:【[^】]{{1,60}}】\s*)?[【\[《•·■◆\s]*{_RELATED}[^:。]{{1,10}}:?$|^[【\[《•·■◆\s]*(?:上|下)一?(?:篇|页|頁|条|條)[::\s]*$"
    ),
    "【相关阅读】",
    "相关工作如下:开展",
)
"""The heading of a list of links to other pages."""
_LINK_LABEL = Pattern(
    re.compile(
        rf"^[【\[《•·■◆\s]*(?:{_RELATED}[^:]{{0,10}}|(?:上|下|前|后|後)一?(?:篇|页|頁|条|條)[^:]{{0,4}}|(?:点击|點擊|查看|阅读|閱讀|返回)[^:]{{0,8}})\s*:"
    ),
    "推荐阅读:学校安全工作总结",
    "附件:1.邻里食堂名单",
)
"""Words before a link to another page; patterns meet text at half width."""


def link_lists(blocks: list[Block]) -> set[int]:
    """Indexes of headings such as 相关文章 and of the links below each."""
    indexes: set[int] = set()
    for index, block in enumerate(blocks):
        if not _LINKS_HEADING.regex.match(numerals.half_width(block.text)):
            continue
        end = index + 1
        while end < len(blocks) and blocks[end].is_linked:
            end += 1
        if end > index + 1:
            indexes.update(range(index, end))
    return indexes


def is_labelled(block: Block) -> bool:
    """Whether the block begins with words before a link to another page: 推荐阅读:…."""
    return bool(_LINK_LABEL.regex.match(numerals.half_width(block.text)))


def link_runs(blocks: list[Block]) -> dict[int, tuple[int, int, float]]:
    """(first, end, mean length of the names) of the run of linked blocks around each linked block, by its index."""
    runs: dict[int, tuple[int, int, float]] = {}
    start = 0
    for end in range(len(blocks) + 1):
        if end < len(blocks) and blocks[end].is_linked and not blocks[end].level:
            continue
        names = [name for block in blocks[start:end] for name in block.text.split()]
        mean = sum(map(len, names)) / max(len(names), 1)
        runs.update((index, (start, end, mean)) for index in range(start, end))
        start = end + 1
    return runs
