"""Tells the text of a web page from the rest: navigation, adverts, comments, footers.

A block is left out only for two signs: its place (outside the main box, or before the first or after the last
paragraph of it) and its form (a link, the name or kind of a box around it, a box full of links).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

from retrieval.language import Pattern, numerals
from retrieval.reading.formats.html import asides, boxes, links
from retrieval.reading.formats.html.block import Block
from retrieval.reading.lines import boilerplate, bulletin_headings
from retrieval.types import LeftOutReason

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
        lengths = boxes.lengths_by_box(sentences if _are_cards(sentences, prose) else prose)
        self.asides = asides.asides_of(blocks, lengths)
        beside = [block for block in sentences if not self._is_aside(block)]
        outside = [block for block in beside if not asides.is_of_page(block)] or beside
        plain = [block for block in outside if block.is_prose]
        self.prose = outside if _are_cards(outside, plain) else plain
        self.main = boxes.main_box(self.prose)
        self.around = {self.main, *self.main.iterancestors()} if self.main is not None else set()
        self.sentences = {id(block) for block in sentences}
        self.body = {id(block) for block in self.prose}
        indexes = [index for index, block in enumerate(blocks) if id(block) in self.body]
        self.first, self.last = (indexes[0], indexes[-1]) if indexes else (0, len(blocks))
        self.runs = links.link_runs(blocks)
        self.titles = {boilerplate.same(block.text) for block in blocks if not block.is_linked}
        self.link_lists = links.link_lists(blocks)
        self._regions: dict[_Element, tuple[int, int, int]] = boxes.regions_of(blocks)

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
        named = self._is_aside(block) or (asides.is_of_page(block) and not block.level) or block.is_control
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
            if links.is_labelled(block):
                return LeftOutReason.BOILERPLATE
            if self._is_aside(block) or (index < self.first and self._is_menu(index)):
                return LeftOutReason.BOILERPLATE
            return None
        if not at_edge:
            labelled = self._is_aside(block) and not is_sentence and self._is_notice(block)
            return LeftOutReason.BOILERPLATE if labelled else None
        if self._is_aside(block) and (not is_sentence or self._is_aside_of_prose(block)):
            return LeftOutReason.BOILERPLATE
        if asides.is_of_page(block) and not block.level and (not is_sentence or asides.is_in_footer(block)):
            return LeftOutReason.BOILERPLATE
        plain = numerals.half_width(block.text)
        credit = index < self.first and not is_sentence and _is_credit(plain)
        return LeftOutReason.BOILERPLATE if credit or _BUTTONS.regex.match(plain) else None

    def _heads_contents(self, index: int) -> bool:
        following = self.blocks[index + 1 : index + 2]
        return any(block.leads_within_page and block.is_linked for block in following)

    def _is_byline(self, block: Block) -> bool:
        """Whether a line above the text names the author, the source or the date, as links or with a date."""
        dated = bool(bulletin_headings.date_of(block.text))
        return len(block.text) <= _LONGEST_BYLINE and not block.level and (dated or block.linked > 0)

    def _is_beside(self, block: Block, index: int) -> bool:
        """Whether a block outside the main box is no text: it is linked, or in a box of links, or named as an aside."""
        is_sentence = id(block) in self.sentences
        aside = self._is_aside_of_prose(block) if is_sentence else self._is_aside(block)
        if (
            aside
            or block.is_linked
            or (not is_sentence and (asides.is_of_page(block) or self._is_notice(block)))
        ):
            return not (block.level == 1 and not block.linked and not aside)
        if block.level == 1:
            return False
        if index < self.first and not is_sentence and self._is_byline(block):
            return True
        characters, linked, count = self._region(block)
        if is_sentence:
            return block.linked > 0 or count > _MOST_LINKS or asides.is_in_footer(block)
        return count > _MOST_LINKS or linked > _LINK_SHARE * characters

    def _is_notice(self, block: Block) -> bool:
        return boilerplate.is_boilerplate(block.text) and not block.rows

    def _region(self, block: Block) -> tuple[int, int, int]:
        """(characters, of them in links, number of links) of the outermost box around the block beside the main box."""
        outer = next((box for box in block.boxes if box not in self.around), block.boxes[-1])
        return self._regions.get(outer, (1, 0, 0))

    def _is_aside(self, block: Block) -> bool:
        return any(box in self.asides for box in block.boxes)

    def _is_aside_of_prose(self, block: Block) -> bool:
        return any(box in self.asides and asides.holds_others_prose(box) for box in block.boxes)

    def _is_run(self, index: int) -> bool:
        start, end, _ = self.runs[index]
        return end - start > 1

    def _is_menu(self, index: int) -> bool:
        """Whether the linked blocks around the index have the short names of a menu, or repeat headings."""
        if self.runs[index][2] <= _LONGEST_MENU_NAME:
            return True
        return boilerplate.same(self.blocks[index].text) in self.titles


def _is_credit(plain: str) -> bool:
    """Whether a line names its source or author beside a date: 2023-05-06 来源:常州文明网."""
    dated = len(plain) <= _LONGEST_BYLINE and bool(bulletin_headings.date_of(plain))
    return dated and bool(_CREDIT_LABEL.regex.search(plain))


def _are_cards(sentences: list[Block], prose: list[Block]) -> bool:
    """Whether the sentences in links are part of the text."""
    total, unlinked = (sum(len(block.text) for block in group) for group in (sentences, prose))
    return total > 0 and total - unlinked >= _CARDS_SHARE * total
