"""Rich messages (Bot API 10.1): the HTML of `InputRichMessage`, checked and laid out as plain text with links.

Known are the tags that the bot sends; a cell ends with a bar, a row and a paragraph with a line break.
Source: https://core.telegram.org/bots/api#rich-message-formatting-options.
"""

from __future__ import annotations

import re

from .entities import utf16_length
from .texts import FormattedText, formatted_text
from .wire import Json, bad_request

LONGEST_RICH_TEXT = 32_768
MOST_COLUMNS = 20
_BLOCK_TAG = re.compile(r"</?(p|table|tr|th|td|br)(?: bordered)?>")
_INSIDE = {"tr": "table", "th": "tr", "td": "tr"}


def rich_text(message: Json) -> FormattedText:
    """The text of a rich message as it is shown; refuses broken nesting, wide tables and too much text."""
    if not isinstance(message, dict) or not isinstance(message.get("html"), str):
        raise bad_request("object expected as rich message with html")
    html = message["html"]
    _check_blocks(html)
    laid_out = _BLOCK_TAG.sub(lambda tag: _break_of(tag.group()), html)
    text = formatted_text(laid_out, "HTML")
    if not text.text:
        raise bad_request("Text must be non-empty")
    if utf16_length(text.text) > LONGEST_RICH_TEXT:
        raise bad_request("Message is too long")
    return text


def _break_of(tag: str) -> str:
    if tag in {"</p>", "</tr>", "<br>"}:
        return "\n"
    return " | " if tag in {"</th>", "</td>"} else ""


def _check_blocks(html: str) -> None:
    opened: list[str] = []
    columns = 0
    for tag in _BLOCK_TAG.finditer(html):
        name = tag.group(1)
        if name == "br":
            continue
        if tag.group().startswith("</"):
            if not opened or opened.pop() != name:
                raise bad_request(f"can't parse rich message: unexpected end tag {name}")
            continue
        if _INSIDE.get(name) not in {None, opened[-1] if opened else ""}:
            raise bad_request(f"can't parse rich message: {name} outside of {_INSIDE[name]}")
        columns = columns + 1 if name in {"td", "th"} else 0 if name == "tr" else columns
        if columns > MOST_COLUMNS:
            raise bad_request("can't parse rich message: too many columns")
        opened.append(name)
    if opened:
        raise bad_request(f"can't parse rich message: {opened[-1]} is not closed")
