"""Tells the text of a web page from the rest: navigation, adverts, comments, footers.

A block is left out only for two signs: its place (outside the main box, or before the first or after the last
paragraph of it) and its form (a link, the name or kind of a box around it, a box full of links).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

from retrieval.language import Pattern, numerals
from retrieval.reading.formats.html.blocks import Block
from retrieval.reading.lines import boilerplate, bulletin_headings
from retrieval.types import LeftOutReason

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
_CONTENTS = Pattern(
    re.compile(r"^[【\[\s]*(?:目\s*[录錄次]|本期(?:要目|目录|目錄|导读|導讀)|要目)[】\]\s]*:?$"),
    "目 录",
    "目录树",
)
_CREDIT_LABEL = Pattern(
    re.compile(
        r"(?:来源|來源|稿源|作者|编辑|編輯|责编|責編|发布|發布|浏览|瀏覽|点击|點擊|阅读|閱讀|字号|字號|字体|字體)[^,。]{0,6}?[::\s]"
    ),
    "2023-05-06 来源:常州文明网",
    "2023年3月5日,作者座谈会召开",
)
_BUTTONS = Pattern(
    re.compile(r"^(?:[【\[(<]\s*[^\W\d_]{2,4}\s*[】\])>]\s*){2,}$"),
    "【打印】【关闭】",
    "【钟楼区】开设邻里食堂",
)
"""Words in brackets under a text that stand for buttons."""
_LONGEST_BYLINE = 60
_ASIDE_TAGS = frozenset(("nav", "menu", "marquee"))
_PAGE_TAGS = frozenset(("footer", "header", "aside"))
"""Of the page, not of the text, unless they are inside one of `_TEXT_TAGS`."""
_TEXT_TAGS = frozenset(("article", "main", "section", "blockquote"))
_PARAGRAPH_TAGS_LISTED = "p li ul ol dl dt dd h1 h2 h3 h4 h5 h6 a tr tbody button pre hr summary"
_PARAGRAPH_TAGS = frozenset(_PARAGRAPH_TAGS_LISTED.split())
"""Boxes of one paragraph, or of parts of one whole."""
# A box with a larger share of the page's prose is part of the text, whatever its name says.
_MISNAMED = 0.5
# The text is the smallest box with this share of the prose.
_TEXT_SHARE = 0.95
# Sentences in links are part of the text if they make up such a share of the page's sentences: cards of a digest.
_CARDS_SHARE = 0.4
# A box outside the text with a larger share of its characters in links, or with more links, is navigation.
_LINK_SHARE = 0.3
_MOST_LINKS = 3
# Names of pages in menus have at most so many characters on average; titles of articles have more.
_LONGEST_MENU_NAME = 6


@dataclass(frozen=True, slots=True)
class Selection:
    """The blocks of a page in order: those of its text, and the others with the reason why they are not."""

    text: tuple[Block, ...]
    left_out: tuple[tuple[Block, LeftOutReason], ...]


def select_text_blocks(blocks: list[Block]) -> Selection:
    """Divides the blocks of a page."""
    shown = [block for block in blocks if not block.reason]
    page = _Page(shown)
    reasons = {id(block): page.reason(index) for index, block in enumerate(shown)}
    judged = [(block, block.reason or reasons[id(block)]) for block in blocks]
    return Selection(
        tuple(block for block, reason in judged if reason is None),
        tuple((block, reason) for block, reason in judged if reason is not None),
    )


class _Page:
    """The facts of a page that the rules need: its asides, its main box, where its text begins and ends."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        sentences = [block for block in blocks if block.is_sentence]
        prose = [block for block in sentences if block.is_prose]
        lengths = _lengths_by_box(sentences if _are_cards(sentences, prose) else prose)
        self.asides = _asides(blocks, lengths)
        beside = [block for block in sentences if not self._is_aside(block)]
        outside = [block for block in beside if not _is_of_page(block)] or beside
        plain = [block for block in outside if block.is_prose]
        self.prose = outside if _are_cards(outside, plain) else plain
        self.main = _main_box(self.prose)
        self.around = {self.main, *self.main.iterancestors()} if self.main is not None else set()
        self.sentences = {id(block) for block in sentences}
        self.body = {id(block) for block in self.prose}
        indexes = [index for index, block in enumerate(blocks) if id(block) in self.body]
        self.first, self.last = (indexes[0], indexes[-1]) if indexes else (0, len(blocks))
        self.runs = _link_runs(blocks)
        self.titles = {boilerplate.same(block.text) for block in blocks if not block.is_linked}
        self.link_lists = self._link_lists()
        self._regions: dict[_Element, tuple[int, int, int]] = _regions(blocks)

    def reason(self, index: int) -> LeftOutReason | None:
        """Why the block is left out, or None for the text."""
        block = self.blocks[index]
        goes_home = block.is_linked and block.leads_home and index < self.first and self.main is not None
        if index in self.link_lists or goes_home or (block.is_control and id(block) not in self.sentences):
            return LeftOutReason.BOILERPLATE
        if self.main is None:
            return self._reason_without_prose(block, index)
        inside = self.main in block.boxes
        if inside:
            return self._reason_inside(block, index)
        return LeftOutReason.BOILERPLATE if self._is_beside(block, index) else None

    def _reason_without_prose(self, block: Block, index: int) -> LeftOutReason | None:
        """On a page without sentences only navigation is left out."""
        named = self._is_aside(block) or (_is_of_page(block) and not block.level) or block.is_control
        is_menu = block.is_linked and (block.leads_home or (not block.level and self._is_menu(index)))
        return LeftOutReason.BOILERPLATE if named or is_menu else None

    def _reason_inside(self, block: Block, index: int) -> LeftOutReason | None:
        is_sentence = id(block) in self.sentences
        if _CONTENTS.regex.match(block.text) and self._heads_contents(index):
            return LeftOutReason.CONTENTS
        at_edge = not self.first < index < self.last and id(block) not in self.body
        if block.is_linked and not block.level and not is_sentence:
            if block.leads_within_page and index < self.last and self._is_run(index):
                return LeftOutReason.CONTENTS
            if _LINK_LABEL.regex.match(numerals.half_width(block.text)):
                return LeftOutReason.BOILERPLATE
            if self._is_aside(block) or (index < self.first and self._is_menu(index)):
                return LeftOutReason.BOILERPLATE
            return None
        if not at_edge:
            labelled = self._is_aside(block) and not is_sentence and self._is_notice(block)
            return LeftOutReason.BOILERPLATE if labelled else None
        if self._is_aside(block) and (not is_sentence or self._is_aside_of_prose(block)):
            return LeftOutReason.BOILERPLATE
        if _is_of_page(block) and not block.level and (not is_sentence or _is_in_footer(block)):
            return LeftOutReason.BOILERPLATE
        plain = numerals.half_width(block.text)
        credit = index < self.first and not is_sentence and _is_credit(plain)
        return LeftOutReason.BOILERPLATE if credit or _BUTTONS.regex.match(plain) else None

    def _heads_contents(self, index: int) -> bool:
        following = self.blocks[index + 1 : index + 2]
        return any(block.leads_within_page and block.is_linked for block in following)

    def _link_lists(self) -> set[int]:
        """Indexes of headings such as 相关文章 and of the links below each."""
        indexes: set[int] = set()
        for index, block in enumerate(self.blocks):
            if not _LINKS_HEADING.regex.match(numerals.half_width(block.text)):
                continue
            end = index + 1
            while end < len(self.blocks) and self.blocks[end].is_linked:
                end += 1
            if end > index + 1:
                indexes.update(range(index, end))
        return indexes

    def _is_byline(self, block: Block) -> bool:
        """Whether a line above the text names the author, the source or the date, as links or with a date."""
        dated = bool(bulletin_headings.date_of(block.text))
        return len(block.text) <= _LONGEST_BYLINE and not block.level and (dated or block.linked > 0)

    def _is_beside(self, block: Block, index: int) -> bool:
        """Whether a block outside the main box is no text: it is linked, or in a box of links, or named as an aside."""
        is_sentence = id(block) in self.sentences
        aside = self._is_aside_of_prose(block) if is_sentence else self._is_aside(block)
        if aside or block.is_linked or (not is_sentence and (_is_of_page(block) or self._is_notice(block))):
            return not (block.level == 1 and not block.linked and not aside)
        if block.level == 1:
            return False
        if index < self.first and not is_sentence and self._is_byline(block):
            return True
        characters, linked, links = self._region(block)
        if is_sentence:
            return block.linked > 0 or links > _MOST_LINKS or _is_in_footer(block)
        return links > _MOST_LINKS or linked > _LINK_SHARE * characters

    def _is_notice(self, block: Block) -> bool:
        return boilerplate.is_boilerplate(block.text) and not block.rows

    def _region(self, block: Block) -> tuple[int, int, int]:
        """(characters, of them in links, number of links) of the outermost box around the block beside the main box."""
        outer = next((box for box in block.boxes if box not in self.around), block.boxes[-1])
        return self._regions.get(outer, (1, 0, 0))

    def _is_aside(self, block: Block) -> bool:
        return any(box in self.asides for box in block.boxes)

    def _is_aside_of_prose(self, block: Block) -> bool:
        return any(
            box in self.asides and (box.tag in _ASIDE_TAGS or _ASIDE_OF_PROSE.regex.search(_name(box)))
            for box in block.boxes
        )

    def _is_run(self, index: int) -> bool:
        start, end, _ = self.runs[index]
        return end - start > 1

    def _is_menu(self, index: int) -> bool:
        """Whether the linked blocks around the index have the short names of a menu, or repeat headings."""
        if self.runs[index][2] <= _LONGEST_MENU_NAME:
            return True
        return boilerplate.same(self.blocks[index].text) in self.titles


def _link_runs(blocks: list[Block]) -> dict[int, tuple[int, int, float]]:
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


def _name(box: _Element) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}"


def _is_of_page(block: Block) -> bool:
    """Whether the block is in the head, the foot or the side of the page itself, not of its text."""
    for box in block.boxes:
        if box.tag in _TEXT_TAGS:
            return False
        if box.tag in _PAGE_TAGS:
            return True
    return False


def _is_in_footer(block: Block) -> bool:
    return any(box.tag == "footer" for box in block.boxes)


def _is_credit(plain: str) -> bool:
    """Whether a line names its source or author beside a date: 2023-05-06 来源:常州文明网."""
    dated = len(plain) <= _LONGEST_BYLINE and bool(bulletin_headings.date_of(plain))
    return dated and bool(_CREDIT_LABEL.regex.search(plain))


def _are_cards(sentences: list[Block], prose: list[Block]) -> bool:
    """Whether the sentences in links are part of the text."""
    total, unlinked = (sum(len(block.text) for block in group) for group in (sentences, prose))
    return total > 0 and total - unlinked >= _CARDS_SHARE * total


def _lengths_by_box(prose: list[Block]) -> dict[_Element, int]:
    """The number of characters of prose in each box."""
    lengths: dict[_Element, int] = {}
    for block in prose:
        for box in block.boxes:
            lengths[box] = lengths.get(box, 0) + len(block.text)
    return lengths


def _regions(blocks: list[Block]) -> dict[_Element, tuple[int, int, int]]:
    """(characters, of them in links, number of blocks with links) in each box."""
    regions: dict[_Element, tuple[int, int, int]] = {}
    for block in blocks:
        for box in block.boxes:
            characters, linked, links = regions.get(box, (0, 0, 0))
            regions[box] = (characters + len(block.text), linked + block.linked, links + (block.linked > 0))
    return regions


def _asides(blocks: list[Block], lengths: dict[_Element, int]) -> set[_Element]:
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


def _kind(box: _Element) -> str:
    """The key that boxes of one kind share: the element and the name, numbers aside."""
    return re.sub(r"\d+", "", f"{box.tag} {box.get('class') or box.get('id') or ''}")


def _main_box(prose: list[Block]) -> _Element | None:
    """The innermost box with nearly all of the prose that can hold several paragraphs."""
    total = sum(len(block.text) for block in prose)
    lengths = _lengths_by_box(prose)
    depths = {box: depth for block in prose for depth, box in enumerate(block.boxes)}
    holding = [
        box for box in depths if lengths[box] >= _TEXT_SHARE * total and box.tag not in _PARAGRAPH_TAGS
    ]
    return max(holding, key=lambda box: depths[box], default=None)
