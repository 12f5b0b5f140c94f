"""Reads Markdown files: front matter, headings, lists with their numbers, pipe tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.reading.lines import Document, Line, LineKind, encodings, line_joining, table_lines, unread

_FRONT = re.compile(r"\A---[ \t]*\r?\n(?P<fields>(?:[^\n]*\n){0,60}?)---[ \t]*\r?\n")
_FIELD = re.compile(r"^(?P<key>[\w一-鿿-]{1,20})\s*[:\uff1a]\s*(?P<value>.+?)\s*$", re.MULTILINE)
_TITLES = ("title", "标题", "標題")
_SENTENCE = re.compile(r"[。!?;\uff01\uff1f\uff1b]")
_TAG = re.compile(r"<[^<>]{0,400}>")


def read_markdown(content: bytes, name: str) -> Document:
    """The lines of a Markdown file, headings with their levels; front matter gives the title and `about`."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    fields = (
        {field["key"].lower(): field["value"].strip("\"'") for field in _FIELD.finditer(front["fields"])}
        if front
        else {}
    )
    offset = front.group().count("\n") if front else 0
    parser = MarkdownIt("commonmark").enable("table")
    lines = _lines(parser.parse(text[front.end() :] if front else text), offset)
    title = next((fields[key] for key in _TITLES if key in fields), "")
    about = " ".join(value for key, value in fields.items() if key not in _TITLES)
    return Document(name, tuple(lines), encodings.decoding_findings(name, decoded.encoding), title, about)


def _lines(tokens: list[Token], offset: int) -> Iterator[Line]:
    position = 0
    items: list[str] = []
    while position < len(tokens):
        token = tokens[position]
        if token.type == "table_open":
            end = _closing(tokens, position)
            yield from _table(tokens[position:end], offset)
            position = end
            continue
        if token.type == "list_item_open":
            items.append(f"{token.info}{token.markup} " if token.info else "")
        elif token.type == "list_item_close":
            items.pop()
        elif token.type == "inline":
            yield from _inline_lines(token, tokens, position, items, offset)
        elif token.type in ("code_block", "fence", "html_block"):
            yield from _raw_lines(token, offset)
        position += 1


def _closing(tokens: list[Token], position: int) -> int:
    level = tokens[position].level
    return (
        next(
            (
                end
                for end in range(position, len(tokens))
                if tokens[end].type == "table_close" and tokens[end].level == level
            ),
            len(tokens) - 1,
        )
        + 1
    )


def _inline_lines(
    token: Token, tokens: list[Token], position: int, items: list[str], offset: int
) -> Iterator[Line]:
    """The paragraphs of one block: soft line breaks join, unless a sentence ends at them or a mark follows."""
    opening = tokens[position - 1]
    number = (token.map[0] if token.map else 0) + offset + 1
    heading = opening.type == "heading_open"
    kind = LineKind.HEADING if heading else LineKind.LIST_ITEM if items else LineKind.PARAGRAPH
    level = int(opening.tag[1:]) if heading else 0
    for index, (text, skipped) in enumerate(_paragraphs(token)):
        if items and index == 0:
            text, items[-1] = items[-1] + text, ""
        if text.strip():
            yield Line(number + skipped, text.strip(), kind, level)


def _paragraphs(token: Token) -> list[tuple[str, int]]:
    """(text, number of line breaks before it) of each paragraph; one that consists of links is left out."""
    children = token.children or []
    if _is_only_links(children):
        return []
    pieces: list[tuple[str, bool]] = [("", False)]
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            pieces.append(("", child.type == "hardbreak"))
        elif child.type in ("text", "code_inline", "text_special"):
            pieces[-1] = (pieces[-1][0] + child.content, pieces[-1][1])
    return line_joining.join_paragraphs(pieces)


def _is_only_links(children: list[Token]) -> bool:
    depth, inside, outside = 0, 0, 0
    for child in children:
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type == "text":
            letters = len(re.sub(r"[\W_]", "", child.content))
            inside, outside = (inside + letters, outside) if depth else (inside, outside + letters)
    return inside > 0 and outside == 0 and not any(_SENTENCE.search(child.content) for child in children)


def _raw_lines(token: Token, offset: int) -> Iterator[Line]:
    """The lines of indented text and fences unchanged, of HTML without its tags."""
    first = (token.map[0] if token.map else 0) + offset + 1 + (token.type == "fence")
    content = _TAG.sub("", token.content) if token.type == "html_block" else token.content
    for number, text in enumerate(content.split("\n"), start=first):
        if text.strip():
            yield Line(number, text.strip())


def _table(tokens: list[Token], offset: int) -> list[Line]:
    rows: list[list[str]] = []
    numbers: list[int | None] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
            numbers.append((token.map[0] if token.map else 0) + offset + 1)
        elif token.type == "inline":
            rows[-1].append("".join(text for text, _ in _paragraphs(token)))
    return table_lines(rows, numbers)
