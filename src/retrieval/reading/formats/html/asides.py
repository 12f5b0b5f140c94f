"""Boxes of a web page that lie beside its text, by their element and by their names."""

from __future__ import annotations

import re

from lxml.etree import _Element

from retrieval.language import Pattern
from retrieval.reading.formats.html.block import Block

_ASIDE = Pattern(
    re.compile(
        r"(?:^|[-_\s])(?:nav|navbar|navi|menu|topbar|top-?bar|foot|footer|bottom|bot|side|sidebar|sidenav|aside|crumbs?|breadcrumbs?|"
        r"position|location|dqwz|weizhi|share|bdshare|social|related|relate|recommend|recom|tuijian|xiangguan|hot|rank|ranking|paihang|"
        r"comments?|pinglun|reply|ads?|advert|adsense|gg|guanggao|banner|copyright|copy|links?|friend-?links?|flink|tags?|pager?|"
        r"pagination|pagenav|prev|next|prenext|pre-?next|shangxia|toolbar|tool|qrcode|ewm|erweima|login|search|popup|modal|"
        r"toc|catalog|mulu|print|backtop|gotop|profile_container|reward_area|rich_media_tool|rich_media_area_extra|"
        r"qr_code_pc|js_pc_qr_code|article-?tag|declare|disclaimer|statement|author-?info|subscribe|guess|like|logo)(?:[-_\s\d]|$)",
        re.IGNORECASE,
    ),
    "left sidebar-2",
    "article-content",
)
"""Words in the class and id of boxes beside the text."""
_ASIDE_OF_PROSE = Pattern(
    re.compile(
        r"(?:^|[-_\s])(?:comments?|pinglun|reply|replies|related|recommend|recom|tuijian|xiangguan|hot|ads?|advert|adsense|guanggao|"
        r"sidebar|sidenav|footer|copyright|share|popup|modal|disclaimer|qrcode|ewm|erweima|qr_code_pc|js_pc_qr_code|reward_area|"
        r"profile_container|author-?info|subscribe|guess)(?:[-_\s\d]|$)",
        re.IGNORECASE,
    ),
    "comments",
    "body-copy",
)
"""Of these, the words for boxes that hold sentences of others: comments, summaries of other pages."""
_ASIDE_TAGS = frozenset(("nav", "menu", "marquee"))
_PAGE_TAGS = frozenset(("footer", "header", "aside"))
"""Of the page, not of the text, unless they are inside one of `_TEXT_TAGS`."""
_TEXT_TAGS = frozenset(("article", "main", "section", "blockquote"))
# A box with a larger share of the page's prose is part of the text, whatever its name says.
_MISNAMED = 0.5


def asides_of(blocks: list[Block], lengths: dict[_Element, int]) -> set[_Element]:
    """Boxes whose kind or name says that they lie beside the text, and that hold little of the prose.

    Boxes of one name count together: three boxes of class "body-copy" that hold the text are no asides.
    """
    boxes = [
        box
        for box in dict.fromkeys(box for block in blocks for box in block.boxes)
        if box.tag not in ("body", "html", "main", "article")
        and (box.tag in _ASIDE_TAGS or _ASIDE.regex.search(_name(box)))
    ]
    by_name: dict[str, int] = {}
    for box in boxes:
        by_name[_kind(box)] = by_name.get(_kind(box), 0) + lengths.get(box, 0)
    total = max(lengths.values(), default=0)
    return {box for box in boxes if by_name[_kind(box)] <= _MISNAMED * total}


def holds_others_prose(box: _Element) -> bool:
    """Whether an aside is of a kind that holds sentences of others."""
    return box.tag in _ASIDE_TAGS or bool(_ASIDE_OF_PROSE.regex.search(_name(box)))


def is_of_page(block: Block) -> bool:
    """Whether the block is in the head, the foot or the side of the page itself, not of its text."""
    for box in block.boxes:
        if box.tag in _TEXT_TAGS:
            return False
        if box.tag in _PAGE_TAGS:
            return True
    return False


def is_in_footer(block: Block) -> bool:
    return any(box.tag == "footer" for box in block.boxes)


def _kind(box: _Element) -> str:
    """The key that boxes of one kind share: the element and the name, numbers aside."""
    return re.sub(r"\d+", "", f"{box.tag} {box.get('class') or box.get('id') or ''}")


def _name(box: _Element) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}"
