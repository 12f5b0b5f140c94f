"""The content of the page of a bulletin: its items, headings and passages in one script, with the quoted words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.locales import Texts
from bot.replies import markup
from bot.web.addresses import Addresses, Script, Target
from retrieval.language import scripts
from retrieval.types import Passage, Section

_FIRST_LEVEL, _LAST_LEVEL = 3, 6
"""Headings of sections are below that of the page (1) and of the item (2)."""
_LONGEST_IN_TREE = 60
_LONGEST_HEADING = 300
_LONGEST_PLACE = 80

_CONVERSIONS: dict[Script, Callable[[str], str]] = {
    "": lambda text: text,
    "hans": scripts.to_simplified,
    "hant": scripts.to_traditional,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text of a passage."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading above a passage."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage as shown."""

    passage_id: str
    headings: tuple[Heading, ...]
    pieces: tuple[Piece, ...]
    recognized: str
    """Says that the text was read from a picture, and with which score; empty for any other."""
    picture: str
    """The address of that picture; empty if there is none."""

    @property
    def is_quoted(self) -> bool:
        return any(piece.is_marked for piece in self.pieces)


@dataclass(slots=True)
class TreeNode:
    """An entry of the contents."""

    text: str
    address: str
    children: list[TreeNode] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ItemView:
    """The passages of one item that stand on the page."""

    title: str
    passages: tuple[PassageView, ...]
    tree: TreeNode


@dataclass(frozen=True, slots=True)
class ReadingView:
    """Makes the views of one page."""

    target: Target
    texts: Texts
    addresses: Addresses
    has_picture: Callable[[str], bool]
    """Whether the index has the picture of a passage of that id."""

    def item(self, passages: Sequence[Passage]) -> ItemView:
        """The view of the passages of an item that stand on the page."""
        title = self.convert(markup.clip(passages[0].place_name or self.texts.no_place, _LONGEST_PLACE))
        root = TreeNode(title, self._anchor(passages[0]))
        return ItemView(title, tuple(self._passages(passages, root)), root)

    def convert(self, text: str) -> str:
        """The text in the script of the page."""
        return _CONVERSIONS[self.target.script](text)

    def _passages(self, passages: Iterable[Passage], root: TreeNode) -> Iterator[PassageView]:
        """The views in order; the sections that begin with each become its headings and entries of the contents."""
        path: list[tuple[Section, TreeNode, bool]] = []
        for passage in passages:
            shared = _shared([section for section, _, _ in path], passage.section_path)
            del path[shared:]
            headings = []
            for depth, section in enumerate(passage.section_path[shared:], start=shared + 1):
                node = TreeNode(
                    self.convert(markup.clip(section.full, _LONGEST_IN_TREE)), self._anchor(passage)
                )
                (path[-1][1] if path else root).children.append(node)
                is_in_text = depth == len(passage.section_path) and passage.opens_with_heading
                level = min(_FIRST_LEVEL + sum(is_shown for _, _, is_shown in path), _LAST_LEVEL)
                path.append((section, node, not is_in_text))
                if not is_in_text:
                    headings.append(Heading(level, self.convert(markup.clip(section.full, _LONGEST_HEADING))))
            yield self._passage(passage, tuple(headings))

    def _passage(self, passage: Passage, headings: tuple[Heading, ...]) -> PassageView:
        identity = passage.passage_id
        return PassageView(
            passage_id=identity,
            headings=headings,
            pieces=tuple(self._pieces(passage)),
            recognized=markup.recognition_mark(passage, self.texts),
            picture=self.addresses.picture(identity)
            if passage.recognized and self.has_picture(identity)
            else "",
        )

    def _pieces(self, passage: Passage) -> Iterator[Piece]:
        """The text, cut around the words to mark; each piece is converted by itself, since lengths may change."""
        text, span = passage.text, self.target.span
        if passage.passage_id != self.target.passage_id or not is_within(span, text):
            yield Piece(self.convert(text), is_marked=False)
            return
        start, end = span or (0, 0)
        pieces = (Piece(text[:start], False), Piece(text[start:end], True), Piece(text[end:], False))
        yield from (replace(piece, text=self.convert(piece.text)) for piece in pieces if piece.text)

    def _anchor(self, passage: Passage) -> str:
        return f"#p_{passage.passage_id}"


def is_within(span: tuple[int, int] | None, text: str) -> bool:
    """Whether the span marks words of the text; a link can be typed by anyone."""
    return span is not None and span[0] < span[1] <= len(text)


def _shared(open_sections: Sequence[Section], sections: Sequence[Section]) -> int:
    """The number of outermost sections that are still open."""
    pairs = enumerate(zip(open_sections, sections, strict=False))
    return next(
        (depth for depth, (before, now) in pairs if before != now), min(len(open_sections), len(sections))
    )
