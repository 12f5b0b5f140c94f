"""Text of the HTML inside Markdown: blocks as lines, tables as rows, what is struck out or hidden apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import ParserError, _Element

from retrieval.reading.formats.html import BLOCKS, loose_table_texts, parse_fragment, table_rows, tidy
from retrieval.reading.lines import Line, LineKind, table_lines
from retrieval.types import LeftOutReason

_TAG = re.compile(r"<(?P<name>/?[a-zA-Z][a-zA-Z0-9]*)")
_STRUCK = frozenset({"del", "s", "strike"})
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 6}


@dataclass(slots=True)
class HtmlText:
    """The lines of a block, numbered from 0 at its first line, and what of it was left out, with the reason."""

    lines: list[Line] = field(default_factory=list)
    left_out: list[tuple[str, LeftOutReason]] = field(default_factory=list)


def inline_tag(content: str) -> str:
    """The name of an inline tag in lower case, with its slash if it closes: br, del, /del; empty for a comment."""
    match = _TAG.match(content)
    name = match["name"].lower() if match else ""
    bare = name.lstrip("/")
    return name.replace(bare, "del") if bare in _STRUCK else name


def html_lines(content: str) -> HtmlText:
    """The text of a block of HTML."""
    collected = HtmlText()
    try:
        root = parse_fragment(content)
    except (ParserError, ValueError):
        _add(collected, content, 0, "")
        return collected
    parts: list[str] = []
    _walk(root, collected, parts)
    _flush(collected, parts, root)
    return collected


def _walk(element: _Element, collected: HtmlText, parts: list[str]) -> None:
    """Adds the text of an element; `parts` is the open line."""
    stack: list[tuple[_Element, bool]] = [(element, False)]
    while stack:
        current, is_closing = stack.pop()
        tag = current.tag if isinstance(current.tag, str) else ""
        if is_closing:
            if tag in BLOCKS or tag == "br":
                _flush(collected, parts, current)
            parts.append(current.tail or "" if current is not element else "")
            continue
        stack.append((current, True))
        if tag in BLOCKS or tag == "summary":
            _flush(collected, parts, current)
        if (reason := _reason(current, tag)) or tag == "table":
            _take_whole(current, collected, reason)
            continue
        parts.append(current.text or "")
        stack.extend((child, False) for child in reversed(current))


def _reason(element: _Element, tag: str) -> LeftOutReason | None:
    """Why the text of an element is not part of the text, or None."""
    if not tag:
        return LeftOutReason.COMMENT
    if tag in _STRUCK:
        return LeftOutReason.STRUCK_OUT
    is_hidden = tag in _HIDDEN or element.get("hidden") is not None
    return LeftOutReason.HIDDEN if is_hidden else None


def _take_whole(element: _Element, collected: HtmlText, reason: LeftOutReason | None) -> None:
    """Leaves out the text of an element, or takes the rows of a table."""
    if reason:
        text = (
            tidy(element.text or "")
            if reason is LeftOutReason.COMMENT
            else tidy("".join(map(str, element.itertext())))
        )
        if text:
            collected.left_out.append((text, reason))
        return
    table = table_rows(element, _cell_text)
    first = _line_of(element)
    collected.lines.extend(Line(first, text) for text in loose_table_texts(element))
    collected.lines.extend(table_lines(table.rows, [first] * len(table.rows), table.merged))


def _cell_text(cell: _Element) -> str:
    """The shown text of a cell; line breaks divide it."""
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return "\n".join(filter(None, map(tidy, "".join(map(str, cell.itertext())).split("\n"))))


def _flush(collected: HtmlText, parts: list[str], element: _Element) -> None:
    """Ends the open line."""
    _add(collected, "".join(parts), _line_of(element), str(element.tag))
    parts.clear()


def _line_of(element: _Element) -> int:
    """The line of the block in which an element begins, counted from 0."""
    number: int = getattr(element, "sourceline", None) or 1
    return number - 1


def _add(collected: HtmlText, text: str, number: int, tag: str) -> None:
    kind = LineKind.LIST_ITEM if tag == "li" else LineKind.PARAGRAPH
    if tag in _HEADINGS:
        kind = LineKind.HEADING
    if shown := tidy(text):
        collected.lines.append(Line(number, shown, kind, _HEADINGS.get(tag, 0)))
