"""Web pages to lines: the text of the page in its blocks, without menus, adverts and footers.

Nothing of the text may be lost, so a block goes only for a reason of its own: where it stands (`nav`, `footer`, a
box named after what it holds), that it is made of links, or that it lies outside the text and is no prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html
from lxml.etree import _Element

from retrieval.decoding import decode, decoding_findings
from retrieval.furniture import is_furniture, same
from retrieval.lines import Document, Kind, Line, unread
from retrieval.marks import opening_mark
from retrieval.numerals import half_width
from retrieval.tables import table_lines

_DROPPED_LISTED = (
    "script style noscript template iframe svg canvas object embed select option button input textarea label nav footer aside "
    "menu dialog audio video map head form"
)
_DROPPED = frozenset(_DROPPED_LISTED.split()) - {"form", "head"}
_BLOCKS_LISTED = (
    "address article blockquote body center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr "
    "legend li main ol p pre section summary table tbody td tfoot th thead tr ul html caption"
)
_BLOCKS = frozenset(_BLOCKS_LISTED.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ASIDE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navi|menu|topbar|top-?bar|foot|footer|bottom|bot|side|sidebar|sidenav|aside|crumbs?|breadcrumbs?|"
    r"position|location|dqwz|weizhi|share|bdshare|social|related|relate|recommend|recom|tuijian|xiangguan|hot|rank|ranking|paihang|"
    r"comments?|pinglun|reply|ads?|advert|adsense|gg|guanggao|banner|copyright|copy|links?|friend-?links?|flink|tags?|pager?|"
    r"pagination|pagenav|prev|next|prenext|pre-?next|shangxia|toolbar|tool|qrcode|ewm|erweima|login|search|popup|modal|"
    r"toc|catalog|mulu|print|backtop|gotop|profile_container|reward_area|rich_media_tool|rich_media_area_extra|"
    r"qr_code_pc|js_pc_qr_code|article-?tag|declare|disclaimer|statement|author-?info|subscribe|guess|like)(?:[-_\s\d]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = re.compile(r"[。!?;]")
_CHINESE = re.compile("[一-鿿]")
_SPACES = re.compile(r"[ \t\r\f\v\n\u200b\ufeff]+")
_DATED = re.compile(r"(?:19|20)\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?")
# Boxes are remembered to this depth: below it pages nest for looks only.
_DEEPEST_BOX = 60
# Cells that span many rows and columns multiply; nobody reads a table that is wider.
_MOST_COLUMNS = 100
# A box that holds this much of the page's prose is not what its name says.
_MISNAMED = 0.5
# The smallest part of the page with this share of the prose is where the text lies.
_TEXT_SHARE = 0.95


@dataclass(slots=True)
class _Block:
    """Text between two borders of blocks, with the elements it lies in."""

    element: _Element
    text: str
    linked: int
    """How many of its characters are links."""
    number: int | None
    boxes: tuple[_Element, ...]
    level: int = 0
    item: bool = False
    rows: tuple[Line, ...] = ()

    @property
    def is_prose(self) -> bool:
        plain = half_width(self.text)
        written = len(_CHINESE.findall(plain))
        if self.linked * 2 > len(self.text):
            return False
        return bool(_SENTENCE.search(plain)) and written >= 8 and not is_furniture(self.text)

    @property
    def is_linked(self) -> bool:
        return self.linked * 10 > 6 * len(self.text)


def read_web_page(content: bytes, name: str) -> Document:
    """The lines of the text of a page; `number` is the line of the source in which the block begins."""
    decoded = decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    source = decoded.text.replace("\x00", "").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(source or b"<p></p>", parser=parser) if source.strip() else None
    if root is None:
        return unread(name, "the page is empty; skipped")
    blocks = _Walk().blocks_of(root)
    kept = _of_the_text(blocks)
    lines = [line for block in kept for line in _lines(block)]
    findings = decoding_findings(name, decoded.encoding)
    return Document(name, tuple(lines), findings, _title(root, blocks), _date(blocks, kept))


def _date(blocks: list[_Block], kept: list[_Block]) -> str:
    """The date that stands above the text, such as 发布时间:2023-05-06."""
    first = next(
        (index for index, block in enumerate(blocks) if kept and block.is_prose and block in kept), 0
    )
    above = (_DATED.search(half_width(block.text)) for block in blocks[:first] if len(block.text) < 160)
    # The nearest one: above it pages show today's date.
    return next((found.group() for found in reversed([*above]) if found), "")


def _title(root: _Element, blocks: list[_Block]) -> str:
    """The heading that `<title>` repeats, else the title that the page gives for sharing, else `<title>`."""
    shown = " ".join((root.findtext(".//title") or "").split())
    headings = [
        block
        for block in blocks
        if block.level in (1, 2) or "title" in str(block.element.get("class", "")).lower()
    ]
    for block in headings:
        if len(same(block.text)) >= 4 and same(block.text) in same(shown):
            return block.text
    shared = root.find(".//meta[@property='og:title']")
    given = str(shared.get("content") or "").strip() if shared is not None else ""
    first = [block.text for block in headings if block.level == 1]
    return given or (first[0] if first and not shown else shown)


class _Walk:
    """One walk over the tree that gathers the blocks; without recursion, for pages nest deeply."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.in_pre = 0
        self.passed: _Element | None = None
        self.path: list[_Element] = []
        self.numbers: list[int] = []
        self.prefix = ""
        self.line: int | None = None

    def blocks_of(self, root: _Element) -> list[_Block]:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._is_dropped(element) or self._is_table(element):
                    walker.skip_subtree()
                    self.passed = element
                else:
                    self._start(element)
            elif self.passed is not None and element is self.passed:
                tail, self.passed = element.tail, None
                if tail:
                    self._write(tail, element)
            else:
                self._end(element)
        self._flush()
        return self.blocks

    def _is_dropped(self, element: _Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            return True
        if element.tag in ("head", "title"):
            return True
        return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))

    def _is_table(self, element: _Element) -> bool:
        """Whether the element is a table of data; its rows are then taken at once."""
        if element.tag != "table" or element.find(".//table") is not None:
            return False
        rows, numbers = _table_rows(element)
        lines = table_lines(rows, numbers) if len(rows) > 1 else []
        if not any(line.kind is Kind.TABLE_ROW for line in lines):
            return False
        self._flush()
        linked = sum(len("".join(map(str, link.itertext())).strip()) for link in element.iter("a"))
        text = "\n".join(line.text for line in lines)
        boxes = (*self.path[:_DEEPEST_BOX], element)
        self.blocks.append(_Block(element, text, linked, lines[0].number, boxes, rows=tuple(lines)))
        return True

    def _start(self, element: _Element) -> None:
        if element.tag in _BLOCKS:
            self._flush()
            self.path.append(element)
            self._number(element)
        elif element.tag == "br":
            self._flush()
        self.in_link += element.tag == "a"
        self.in_pre += element.tag == "pre"
        if element.text:
            self._write(element.text, element)

    def _number(self, element: _Element) -> None:
        if element.tag == "ol":
            start = element.get("start") or "1"
            self.numbers.append(int(start) - 1 if start.isdigit() else 0)
        elif element.tag == "ul":
            self.numbers.append(-1)
        elif element.tag == "li" and self.numbers and self.numbers[-1] >= 0:
            value = element.get("value") or ""
            self.numbers[-1] = int(value) if value.isdigit() else self.numbers[-1] + 1
            self.prefix = f"{self.numbers[-1]}. "

    def _end(self, element: _Element) -> None:
        if element.tag in _BLOCKS:
            self._flush()
            if self.path:
                self.path.pop()
            if element.tag in ("ol", "ul") and self.numbers:
                self.numbers.pop()
            if element.tag == "li":
                self.prefix = ""
        self.in_link -= element.tag == "a"
        self.in_pre -= element.tag == "pre"
        if element.tail:
            self._write(element.tail, element)

    def _write(self, text: str, element: _Element | None = None) -> None:
        if self.line is None and text.strip():
            self.line = self._line(element, text)
        if self.in_pre:
            first, *others = text.split("\n")
            self._append(first)
            for other in others:
                self._flush()
                self._append(other)
        else:
            self._append(text)

    def _line(self, element: _Element | None, text: str) -> int | None:
        near = element if element is not None else self.path[-1] if self.path else None
        line = getattr(near, "sourceline", None)
        blank = text[: len(text) - len(text.lstrip())].count("\n")
        return int(line) + blank if line else None

    def _append(self, text: str) -> None:
        self.parts.append(text)
        if self.in_link:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        text = _tidy("".join(self.parts))
        if text and self.path:
            own = self.prefix and not opening_mark(text)
            item = any(box.tag == "li" for box in self.path[-3:])
            level = next((_HEADINGS[box.tag] for box in self.path[-3:] if box.tag in _HEADINGS), 0)
            shown = self.prefix + text if own else text
            self.blocks.append(
                _Block(
                    self.path[-1], shown, self.linked, self.line, tuple(self.path[:_DEEPEST_BOX]), level, item
                )
            )
            self.prefix = ""
        self.parts, self.linked, self.line = [], 0, None


def _tidy(text: str) -> str:
    """White space as a browser shows it; a line of source broken beside Chinese characters leaves no space."""
    return _SPACES.sub(_shown_space, text).strip().strip("\u3000\xa0 ")


def _shown_space(space: re.Match[str]) -> str:
    around = space.string[space.start() - 1 : space.start()] + space.string[space.end() : space.end() + 1]
    broken = "\n" in space.group() and any(not character.isascii() for character in around)
    return "" if broken else " " if space.group().strip("\u200b\ufeff") else ""


def _table_rows(table: _Element) -> tuple[list[list[str]], list[int | None]]:
    """The cells of every row, those that span several columns or rows repeated."""
    rows: list[list[str]] = []
    numbers: list[int | None] = []
    below: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in (child for child in row if child.tag in ("td", "th")):
            _fill(cells, below)
            text = _cell_text(cell)
            for _ in range(min(_span(cell, "colspan"), _MOST_COLUMNS - len(cells))):
                below[len(cells)] = (_span(cell, "rowspan") - 1, text)
                cells.append(text)
        _fill(cells, below)
        rows.append(cells)
        numbers.append(getattr(row, "sourceline", None))
    return rows, numbers


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(cells) < _MOST_COLUMNS and below.get(len(cells), (0, ""))[0] > 0:
        left, text = below[len(cells)]
        below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: _Element, key: str) -> int:
    value = cell.get(key) or "1"
    return min(max(int(value), 1), 60) if value.isdigit() and len(value) < 4 else 1


def _cell_text(cell: _Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        skipped = not isinstance(element.tag, str) or element.tag in ("script", "style")
        if element.tag in _BLOCKS or element.tag == "br":
            parts.append("\x00")
        text = (
            element.tail
            if event == "end" and element is not cell
            else element.text
            if event == "start"
            else ""
        )
        parts.append("" if skipped and event == "start" else text or "")
    return "\n".join(filter(None, (_tidy(part) for part in "".join(parts).split("\x00"))))


def _of_the_text(blocks: list[_Block]) -> list[_Block]:
    prose = [block for block in blocks if block.is_prose]
    total = sum(len(block.text) for block in prose)
    shares = _shares(prose)
    beside = _boxes_beside(blocks, shares, total)
    kept = [block for block in blocks if not any(box in beside for box in block.boxes)]
    main = _main([block for block in kept if block.is_prose])
    links: dict[_Element, int] = {}
    return [block for block in kept if _belongs(block, main, links)]


def _shares(prose: list[_Block]) -> dict[_Element, int]:
    """How many characters of prose lie in each box."""
    shares: dict[_Element, int] = {}
    for block in prose:
        for box in block.boxes:
            shares[box] = shares.get(box, 0) + len(block.text)
    return shares


def _boxes_beside(blocks: list[_Block], shares: dict[_Element, int], total: int) -> set[_Element]:
    """Boxes that are named after something else than the text, and hold little of it."""
    boxes = dict.fromkeys(box for block in blocks for box in block.boxes)
    return {
        box
        for box in boxes
        if box.tag not in ("body", "html", "main", "article")
        and _ASIDE.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        and shares.get(box, 0) <= _MISNAMED * total
    }


def _main(prose: list[_Block]) -> _Element | None:
    """The innermost box with nearly all of the prose."""
    total = sum(len(block.text) for block in prose)
    shares = _shares(prose)
    depths = {box: depth for block in prose for depth, box in enumerate(block.boxes)}
    holding = [box for box in depths if shares[box] >= _TEXT_SHARE * total]
    return max(holding, key=lambda box: depths[box], default=None)


def _belongs(block: _Block, main: _Element | None, links: dict[_Element, int]) -> bool:
    """Whether a block is of the text: in its box, or prose beside it in a box that does not lead elsewhere."""
    if block.is_linked and not block.is_prose:
        return False
    if main is None or main in block.boxes or block.level == 1:
        return True
    box = block.boxes[-2] if len(block.boxes) > 1 else block.boxes[-1]
    if box not in links:
        links[box] = sum(1 for _ in box.iter("a"))
    return block.is_prose and block.linked == 0 and links[box] <= 3


def _lines(block: _Block) -> list[Line]:
    if block.rows:
        return [*block.rows]
    kind = Kind.HEADING if block.level else Kind.LIST_ITEM if block.item else Kind.PARAGRAPH
    return [Line(block.number, block.text, kind, block.level)]
