"""Converts messages in Telegram HTML into styled text for a terminal."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import ClassVar

from rich.text import Text

_DEEP_LINK = re.compile(r"https://t\.me/terminal\?start=(\w+)")
_CITATION_NUMBER = re.compile(r"〔\d+〕")
PATTERN_EXAMPLES = (
    (_DEEP_LINK, "https://t.me/terminal?start=p_00112233aabbccdd", "https://t.me/terminal?startgroup=a"),
    (_CITATION_NUMBER, "〔12〕", "〔1〕北京・篇3"),
)
"""For each pattern, a text that it must match as a whole and one that it must not."""


class _HtmlToText(HTMLParser):
    """Collects styled text; after the label of a deep link, the command that opens it, unless it is a mere number."""

    _STYLES: ClassVar = {"b": "bold", "i": "italic", "u": "underline", "blockquote": "dim", "a": "cyan"}

    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._open: list[tuple[str, str]] = []
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, dict(attrs).get("href") or ""))
        self._label = ""

    def handle_endtag(self, tag: str) -> None:
        _, address = self._open.pop()
        target = _DEEP_LINK.fullmatch(address)
        if target and not _CITATION_NUMBER.fullmatch(self._label):
            self.text.append(f"  /start {target[1]}", style="dim cyan")

    def handle_data(self, data: str) -> None:
        self._label += data
        self.text.append(data, style=" ".join(self._STYLES.get(tag, "") for tag, _ in self._open).strip())


def render(message: str) -> Text:
    """Styled text of a message in Telegram HTML."""
    parser = _HtmlToText()
    parser.feed(message)
    parser.close()
    return parser.text
