"""Texts of strangers on a terminal: characters that it would obey or hide are shown by their codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

# C0 (with ESC) but tab and line feed, DEL, C1, line and paragraph separators, marks of direction and invisible ones that
# reorder or hide what follows (Unicode's Bidi_Control, ZERO WIDTH SPACE, WORD JOINER, BOM), and unpaired surrogates. The joiners
# U+200C and U+200D belong to words and emoji, and stay.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def escape_controls(text: str, code: Callable[[int], str]) -> str:
    """The text with each control character replaced by what `code` makes of its number."""
    return _CONTROLS.sub(lambda match: code(ord(match[0])), text)


def printable(text: str) -> str:
    """The text for a line of a terminal or of a log for people: control characters as `<U+001B>`."""
    return escape_controls(text, "<U+{:04X}>".format)


class _PrintableConsole(Console):
    """A console whose own colours work, and whose texts contain no control characters for the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            is_of_the_console = segment.control is not None
            yield segment if is_of_the_console else segment._replace(text=printable(segment.text))


def terminal(*, markup: bool = True) -> Console:
    """The console on standard output; lines are not folded where that is no terminal."""
    return _PrintableConsole(highlight=False, markup=markup, soft_wrap=not sys.stdout.isatty())
