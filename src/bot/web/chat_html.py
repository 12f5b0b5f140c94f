"""A message in Telegram HTML as a part of a page: the tags that answers use, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import ClassVar

from markupsafe import Markup, escape


class _ChatHtml(HTMLParser):
    """Collects the text, escaped anew, with the tags that are known; of attributes, local addresses of links alone."""

    _OPENING: ClassVar = {
        "b": Markup("<b>"),
        "i": Markup("<i>"),
        "u": Markup("<u>"),
        "p": Markup("<p>"),
        "br": Markup("<br>"),
        "blockquote": Markup("<blockquote>"),
        "table": Markup("<table>"),
        "tr": Markup("<tr>"),
        "th": Markup("<th>"),
        "td": Markup("<td>"),
    }
    _CLOSING: ClassVar = {
        "b": Markup("</b>"),
        "i": Markup("</i>"),
        "u": Markup("</u>"),
        "p": Markup("</p>"),
        "a": Markup("</a>"),
        "blockquote": Markup("</blockquote>"),
        "table": Markup("</table>"),
        "tr": Markup("</tr>"),
        "th": Markup("</th>"),
        "td": Markup("</td>"),
    }

    def __init__(self, *, marks: bool) -> None:
        super().__init__()
        self.parts: list[Markup] = []
        self._opening = self._OPENING | ({"b": Markup("<mark>")} if marks else {})
        self._closing = self._CLOSING | ({"b": Markup("</mark>")} if marks else {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            address = dict(attrs).get("href") or ""
            shown = address if address.startswith("/") and not address.startswith("//") else ""
            self.parts.append(Markup('<a href="{}">').format(shown))
        else:
            self.parts.append(self._opening.get(tag, Markup("")))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(self._closing.get(tag, Markup("")))

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data))


def chat_html(message: str, *, marks: bool = False) -> Markup:
    """The message for a page; with `marks`, what is bold in it is marked: the words of a search."""
    parser = _ChatHtml(marks=marks)
    parser.feed(message)
    parser.close()
    return Markup("").join(parser.parts)
