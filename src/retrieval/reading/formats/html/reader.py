"""Reads web pages: the text in its blocks, without menus, adverts and footers.

What is left out (navigation, hidden and struck-out text, boxes beside the text) is noted with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml.etree import _Element

from retrieval.language import Pattern, numerals
from retrieval.reading.formats.html.block import Block
from retrieval.reading.formats.html.blocks import blocks_of
from retrieval.reading.formats.html.main_content import select_text_blocks
from retrieval.reading.formats.html.nesting import parse_page
from retrieval.reading.lines import Document, Line, LineKind, boilerplate, encodings, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

_DATE = Pattern(
    re.compile(r"(?:19|20)\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?"), "2023-05-06", "2023年5月"
)


def read_web_page(content: bytes, name: str) -> Document:
    """The lines of the text of a page; `number` is the line of the source in which the block begins."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    source = decoded.text.replace("\x00", "").encode("utf-8", "replace")
    root, is_flattened = parse_page(source)
    if root is None:
        return unread(name, "the page is empty; skipped")
    blocks, readings = blocks_of(root)
    selection = select_text_blocks(blocks)
    lines = [line for block in selection.text for line in _lines(block)]
    findings = [*encodings.decoding_findings(name, decoded.encoding), *_findings(name, root, lines, readings)]
    if is_flattened:
        findings.append(Finding(name, None, "nested deeper than is read; taken as plain text from there on"))
    return Document(
        name,
        tuple(lines),
        tuple(findings),
        _title(root, selection.text),
        _date(blocks, selection.text),
        tuple(entry for block, reason in selection.left_out for entry in _left_out(name, block, reason)),
    )


def _findings(name: str, root: _Element, lines: list[Line], readings: int) -> Iterator[Finding]:
    if not lines:
        yield Finding(name, None, f"{_why_empty(root)}; skipped")
    if readings:
        yield Finding(name, None, f"{readings} readings beside characters (ruby) are not part of the text")


def _why_empty(root: _Element) -> str:
    if root.find(".//frame") is not None or root.find(".//iframe") is not None:
        return "the page holds no text: it shows other pages in frames, save those"
    if root.find(".//script") is not None:
        return "the page holds no text: a script writes it, save the page from a browser once it is shown"
    return "the page holds no text"


def _left_out(name: str, block: Block, reason: LeftOutReason) -> Iterator[LeftOut]:
    for line in block.rows or (Line(block.number, block.text),):
        yield LeftOut(name, line.number, line.text, reason)


def _date(blocks: list[Block], text_blocks: Sequence[Block]) -> str:
    """The date nearest above the text, such as 发布时间:2023-05-06, or an empty text."""
    first = next((index for index, block in enumerate(blocks) if block.is_prose and block in text_blocks), 0)
    dates = (
        _DATE.regex.search(numerals.half_width(block.text))
        for block in blocks[:first]
        if len(block.text) < 160
    )
    # Farther above, pages show today's date.
    return next((date.group() for date in reversed([*dates]) if date), "")


def _title(root: _Element, blocks: Sequence[Block]) -> str:
    """The heading that `<title>` repeats, else the title given for sharing, else the one `<h1>` that opens the text.

    Else `<title>`, which often names the site or its column only.
    """
    shown = " ".join((root.findtext(".//title") or "").split())
    headings = [
        block
        for block in blocks
        if block.level in (1, 2) or "title" in str(block.element.get("class", "")).lower()
    ]
    for block in headings:
        if len(boilerplate.same(block.text)) >= 4 and boilerplate.same(block.text) in boilerplate.same(shown):
            return block.text
    shared = root.find(".//meta[@property='og:title']")
    given = str(shared.get("content") or "").strip() if shared is not None else ""
    outermost = [block for block in headings if block.level == 1]
    opens = len(outermost) == 1 and outermost[0] is blocks[0]
    return given or (outermost[0].text if outermost and (opens or not shown) else shown)


def _lines(block: Block) -> list[Line]:
    if block.rows:
        return [*block.rows]
    kind = LineKind.HEADING if block.level else LineKind.LIST_ITEM if block.item else LineKind.PARAGRAPH
    return [Line(block.number, block.text, kind, block.level)]
