"""Writes an export document as Markdown, its sources as footnotes (`[^1]`), which GitHub, Pandoc and Obsidian read."""

from __future__ import annotations

import re

from bot.export.cited_quotes import ExportDocument

# Wherever they stand, these begin emphasis, code, links, HTML, tables, entities or footnotes.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~&$^#]")
_LINE_START = re.compile(r"^(?P<indent>\s*)(?P<mark>[-+=:]|\d{1,9}(?=[.)]))", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?P<scheme>https?|ftp)://|\bwww\.", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
PATTERN_EXAMPLES = (
    (_SPECIAL, "a*b", "甲乙"),
    (_LINE_START, "- 一", "一 - 二"),
    (_ADDRESS, "見 http://a.cn", "見 http"),
    (_UNSEEN, "a\x00", "a\tb"),
)
"""For each pattern, a text in which it must match and one in which it must not."""


def write_markdown(document: ExportDocument) -> str:
    """The Markdown text; every character of a quote that Markdown would obey is escaped."""
    blocks, notes = [f"# {_inline(document.title)}"], list[str]()
    for group in document.groups:
        if group.heading:
            blocks.append(f"## {_inline(group.heading)}")
        for quote in group.quotes:
            notes.append(f"[^{len(notes) + 1}]: {_inline(quote.source)}")
            blocks.append(f"「{_escaped(quote.text)}」[^{len(notes)}]")
    blocks += [_inline(remark) for remark in document.remarks]
    return "\n\n".join([*blocks, *notes]) + "\n"


def _inline(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """The text, its line breaks as hard ones; blank lines, which would end the paragraph, are left out."""
    shown = _SPECIAL.sub(r"\\\g<0>", _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = [line.strip() for line in shown.split("\n") if line.strip()]
    return "\\\n".join(_LINE_START.sub(_escaped_start, line) for line in lines)


def _escaped_start(match: re.Match[str]) -> str:
    mark = match["mark"]
    return f"{match['indent']}{mark}\\" if mark[0].isdigit() else f"{match['indent']}\\{mark}"
