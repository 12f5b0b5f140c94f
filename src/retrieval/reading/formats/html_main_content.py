"""Which blocks of a web page are of its text: not what stands beside it, above it and below."""

from __future__ import annotations

import re

from lxml.etree import _Element

from retrieval.reading.formats.html_blocks import Block

_ASIDE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navi|menu|topbar|top-?bar|foot|footer|bottom|bot|side|sidebar|sidenav|aside|crumbs?|breadcrumbs?|"
    r"position|location|dqwz|weizhi|share|bdshare|social|related|relate|recommend|recom|tuijian|xiangguan|hot|rank|ranking|paihang|"
    r"comments?|pinglun|reply|ads?|advert|adsense|gg|guanggao|banner|copyright|copy|links?|friend-?links?|flink|tags?|pager?|"
    r"pagination|pagenav|prev|next|prenext|pre-?next|shangxia|toolbar|tool|qrcode|ewm|erweima|login|search|popup|modal|"
    r"toc|catalog|mulu|print|backtop|gotop|profile_container|reward_area|rich_media_tool|rich_media_area_extra|"
    r"qr_code_pc|js_pc_qr_code|article-?tag|declare|disclaimer|statement|author-?info|subscribe|guess|like)(?:[-_\s\d]|$)",
    re.IGNORECASE,
)
# A box that holds this much of the page's prose is not what its name says.
_MISNAMED = 0.5
# The smallest part of the page with this share of the prose is where the text lies.
_TEXT_SHARE = 0.95


def blocks_of_the_text(blocks: list[Block]) -> list[Block]:
    """Those of the text, in their order."""
    prose = [block for block in blocks if block.is_prose]
    total = sum(len(block.text) for block in prose)
    shares = _shares(prose)
    beside = _boxes_beside(blocks, shares, total)
    kept = [block for block in blocks if not any(box in beside for box in block.boxes)]
    main = _main([block for block in kept if block.is_prose])
    links: dict[_Element, int] = {}
    return [block for block in kept if _belongs(block, main, links)]


def _shares(prose: list[Block]) -> dict[_Element, int]:
    """How many characters of prose lie in each box."""
    shares: dict[_Element, int] = {}
    for block in prose:
        for box in block.boxes:
            shares[box] = shares.get(box, 0) + len(block.text)
    return shares


def _boxes_beside(blocks: list[Block], shares: dict[_Element, int], total: int) -> set[_Element]:
    """Boxes that are named after something else than the text, and hold little of it."""
    boxes = dict.fromkeys(box for block in blocks for box in block.boxes)
    return {
        box
        for box in boxes
        if box.tag not in ("body", "html", "main", "article")
        and _ASIDE.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        and shares.get(box, 0) <= _MISNAMED * total
    }


def _main(prose: list[Block]) -> _Element | None:
    """The innermost box with nearly all of the prose."""
    total = sum(len(block.text) for block in prose)
    shares = _shares(prose)
    depths = {box: depth for block in prose for depth, box in enumerate(block.boxes)}
    holding = [box for box in depths if shares[box] >= _TEXT_SHARE * total]
    return max(holding, key=lambda box: depths[box], default=None)


def _belongs(block: Block, main: _Element | None, links: dict[_Element, int]) -> bool:
    """Whether a block is of the text: in its box, or prose beside it in a box that does not lead elsewhere."""
    if block.is_linked and not block.is_prose:
        return False
    if main is None or main in block.boxes or block.level == 1:
        return True
    box = block.boxes[-2] if len(block.boxes) > 1 else block.boxes[-1]
    if box not in links:
        links[box] = sum(1 for _ in box.iter("a"))
    return block.is_prose and block.linked == 0 and links[box] <= 3
