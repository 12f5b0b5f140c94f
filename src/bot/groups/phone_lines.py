"""Lines of a text on the screen of a phone, and texts cut to fit some of them."""

from __future__ import annotations

import html
import math
import re
import unicodedata

WIDTH = 21
"""Full-width characters of a line, which is that of a phone 390 points wide at Telegram's normal size of text."""

_TAG = re.compile(r"<[^>]*>")


def width_of(text: str) -> float:
    """Width in full-width characters; one of Latin script is half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)


def count_lines(text: str) -> int:
    """The lines that a plain text fills; an empty one fills one."""
    return sum(max(math.ceil(width_of(line) / WIDTH), 1) for line in text.split("\n"))


def count_lines_of_markup(markup: str) -> int:
    """The lines that a message in Telegram HTML fills, with its collapsed quotes opened."""
    return count_lines(html.unescape(_TAG.sub("", markup)))


def prefix_within(text: str, width: float) -> str:
    """The longest beginning of a text that is at most so wide."""
    taken = 0.0
    for position, character in enumerate(text):
        taken += width_of(character)
        if taken > width:
            return text[:position]
    return text


def cut_to_lines(text: str, lines: int) -> str:
    """The text as one paragraph of at most so many lines, at least one; what is cut ends with an ellipsis."""
    line = " ".join(text.split())
    most = float(WIDTH * max(lines, 1))
    return line if width_of(line) <= most else prefix_within(line, most - width_of("…")).rstrip() + "…"


def first_lines_of_markup(markup: str, lines: int) -> str:
    """The whole lines of a message in Telegram HTML that fit so many lines; a first one that does not fit is cut, as plain text.

    Tags are to open and close within a line.
    """
    kept: list[str] = []
    for line in markup.split("\n"):
        if count_lines_of_markup("\n".join([*kept, line])) > lines:
            break
        kept.append(line)
    if kept:
        return "\n".join(kept).rstrip()
    plain = html.unescape(_TAG.sub("", markup.split("\n", 1)[0]))
    return html.escape(cut_to_lines(plain, lines), quote=False)
