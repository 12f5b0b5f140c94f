"""A block of a web page: text between two block borders, and what it is by its form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.etree import _Element

from retrieval.language import numerals
from retrieval.reading.lines import Line, boilerplate
from retrieval.types import LeftOutReason

_SENTENCE = re.compile(r"[。!?;]")
_CHINESE = re.compile("[一-鿿]")
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:\.\./)*(?:(?:index|default|main)\.\w{2,5})?", re.IGNORECASE)
_LONGEST_BUTTON = 4


@dataclass(slots=True)
class Block:
    """Text between two block borders, with the elements around it."""

    element: _Element
    text: str
    linked: int
    """The number of its characters in links."""
    number: int | None
    boxes: tuple[_Element, ...]
    level: int = 0
    item: bool = False
    rows: tuple[Line, ...] = ()
    target: str = ""
    """The address of its last link."""
    reason: LeftOutReason | None = None
    """Why the block is no text of the page whatever stands around it: hidden, struck out."""

    @property
    def is_sentence(self) -> bool:
        """Whether the block holds a sentence that is no notice of a site."""
        plain = numerals.half_width(self.text)
        written = len(_CHINESE.findall(plain))
        return bool(_SENTENCE.search(plain)) and written >= 8 and not boilerplate.is_boilerplate(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether the block holds a sentence that is not in a link."""
        return self.linked * 2 <= len(self.text) and self.is_sentence

    @property
    def leads_within_page(self) -> bool:
        """Whether the link leads to a place of the same page."""
        return self.target.startswith("#")

    @property
    def leads_home(self) -> bool:
        """Whether the link leads to the first page of the site."""
        return bool(self.target) and bool(_HOME.fullmatch(self.target))

    @property
    def is_control(self) -> bool:
        """Whether the block is a button: of a form, a few characters, or a link that calls a script."""
        in_form = any(box.tag == "form" for box in self.boxes[-4:])
        if self.element.tag == "button":
            return in_form or len(self.text) <= _LONGEST_BUTTON
        return self.is_linked and self.target.lower().startswith("javascript:") and len(self.text) <= 12

    @property
    def is_linked(self) -> bool:
        """Whether the block consists of links."""
        return self.linked * 10 > 6 * len(self.text)
