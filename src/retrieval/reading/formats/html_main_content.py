"""Selects the blocks of a web page that belong to its text, without navigation, adverts and footers."""

from __future__ import annotations

import re

from lxml.etree import _Element

from retrieval.language import Pattern
from retrieval.reading.formats.html_blocks import Block

_ASIDE = Pattern(
    re.compile(
        r"(?:^|[-_\s])(?:nav|navbar|navi|menu|topbar|top-?bar|foot|footer|bottom|bot|side|sidebar|sidenav|aside|crumbs?|breadcrumbs?|"
        r"position|location|dqwz|weizhi|share|bdshare|social|related|relate|recommend|recom|tuijian|xiangguan|hot|rank|ranking|paihang|"
        r"comments?|pinglun|reply|ads?|advert|adsense|gg|guanggao|banner|copyright|copy|links?|friend-?links?|flink|tags?|pager?|"
        r"pagination|pagenav|prev|next|prenext|pre-?next|shangxia|toolbar|tool|qrcode|ewm|erweima|login|search|popup|modal|"
        r"toc|catalog|mulu|print|backtop|gotop|profile_container|reward_area|rich_media_tool|rich_media_area_extra|"
        r"qr_code_pc|js_pc_qr_code|article-?tag|declare|disclaimer|statement|author-?info|subscribe|guess|like)(?:[-_\s\d]|$)",
        re.IGNORECASE,
    ),
    "left sidebar-2",
    "article-content",
)
"""Words in the class and id of boxes beside the text."""
# A box with a larger share of the page's prose is part of the text, whatever its name says.
_MISNAMED = 0.5
# The text is the smallest box with this share of the prose.
_TEXT_SHARE = 0.95


def select_text_blocks(blocks: list[Block]) -> list[Block]:
    """The blocks of the text, in order."""
    prose = [block for block in blocks if block.is_prose]
    total = sum(len(block.text) for block in prose)
    lengths = _prose_lengths(prose)
    asides = _asides(blocks, lengths, total)
    candidates = [block for block in blocks if not any(box in asides for box in block.boxes)]
    main = _main_box([block for block in candidates if block.is_prose])
    link_counts: dict[_Element, int] = {}
    return [block for block in candidates if _belongs(block, main, link_counts)]


def _prose_lengths(prose: list[Block]) -> dict[_Element, int]:
    """The number of characters of prose in each box."""
    lengths: dict[_Element, int] = {}
    for block in prose:
        for box in block.boxes:
            lengths[box] = lengths.get(box, 0) + len(block.text)
    return lengths


def _asides(blocks: list[Block], lengths: dict[_Element, int], total: int) -> set[_Element]:
    """Boxes whose name says that they lie beside the text, and that hold little of the prose."""
    boxes = dict.fromkeys(box for block in blocks for box in block.boxes)
    return {
        box
        for box in boxes
        if box.tag not in ("body", "html", "main", "article")
        and _ASIDE.regex.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        and lengths.get(box, 0) <= _MISNAMED * total
    }


def _main_box(prose: list[Block]) -> _Element | None:
    """The innermost box with nearly all of the prose."""
    total = sum(len(block.text) for block in prose)
    lengths = _prose_lengths(prose)
    depths = {box: depth for block in prose for depth, box in enumerate(block.boxes)}
    holding = [box for box in depths if lengths[box] >= _TEXT_SHARE * total]
    return max(holding, key=lambda box: depths[box], default=None)


def _belongs(block: Block, main: _Element | None, link_counts: dict[_Element, int]) -> bool:
    """Whether a block belongs to the text: it is in the main box, or is prose in another box with few links."""
    if block.is_linked and not block.is_prose:
        return False
    if main is None or main in block.boxes or block.level == 1:
        return True
    box = block.boxes[-2] if len(block.boxes) > 1 else block.boxes[-1]
    if box not in link_counts:
        link_counts[box] = sum(1 for _ in box.iter("a"))
    return block.is_prose and block.linked == 0 and link_counts[box] <= 3
