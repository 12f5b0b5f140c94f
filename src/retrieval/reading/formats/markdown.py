"""Reads Markdown files: front matter, headings, lists with their numbers, pipe tables, notes, struck-out text, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from retrieval.reading.formats.markdown_html import HtmlText, html_lines, inline_tag
from retrieval.reading.lines import Document, Line, LineKind, encodings, line_joining, table_lines, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

_FRONT = re.compile(r"\A---[ \t]*\n(?P<fields>(?:[^\n]*\n){0,60}?)---[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"^(?P<key>[\w一-鿿-]{1,20})\s*[:\uff1a]\s*(?P<value>.+?)\s*$", re.MULTILINE)
_NO_FIELD = re.compile(r"^(?!\s*$|[\w一-鿿-]{1,20}\s*[:\uff1a]|\s+\S|- |#).+$", re.MULTILINE)
_TITLES = ("title", "标题", "標題")
_DEFINITION = re.compile(r"^ {0,3}\[(?P<label>[^\]\n]+)\]:[ \t]*(?P<target>[^\n]*)$", re.MULTILINE)
_TARGET = re.compile(
    r"<?(?:[a-z][a-z0-9+.-]*:|www\.|[#/.]|[\w./-]+\.[a-z]{2,5}(?:[?#]\S*)?>?(?:\s|$))\S*", re.IGNORECASE
)
_MARKERS = re.compile(r"^[ \t>]*(?:[-*+] |#{1,6} )?")
_NOTE = re.compile(r"\s*\[[^\]\n]{1,12}\]:")
# Python's stack holds some 200 of these; beyond 60 no office nests its lists.
_DEEPEST = 60


def read_markdown(content: bytes, name: str) -> Document:
    """The lines of a Markdown file, headings with their levels; front matter gives the title and `about`."""
    decoded = encodings.decode(content)
    if decoded is None:
        return unread(name, "this is not text in UTF-8, UTF-16, GB18030 or Big5; skipped")
    text, unshown = encodings.without_controls(decoded.text.replace("\r\n", "\n").replace("\r", "\n"), name)
    front = _front_matter(text)
    fields = {field["key"].lower(): field["value"].strip("\"'") for field in _FIELD.finditer(front)}
    reader = _MarkdownReader(name, text, front.count("\n"))
    lines = reader.read(text[len(front) :])
    title = next((fields[key] for key in _TITLES if key in fields), "")
    about = " ".join(value for key, value in fields.items() if key not in _TITLES)
    findings = (*encodings.decoding_findings(name, decoded.encoding), *reader.findings)
    left_out = sorted(
        (*unshown, *_front_lines(front, name), *reader.left_out), key=lambda entry: entry.line or 0
    )
    return Document(name, tuple(lines), findings, title, about, tuple(left_out))


def _front_matter(text: str) -> str:
    """The front matter with its rules, or an empty text: between two rules may be text as well."""
    front = _FRONT.match(text)
    return front.group() if front and not _NO_FIELD.search(front["fields"]) else ""


def _front_lines(front: str, name: str) -> Iterator[LeftOut]:
    """The fields of the front matter: they are data of the bulletin."""
    for number, line in enumerate(front.split("\n"), start=1):
        if line.strip("- \t"):
            yield LeftOut(name, number, line.strip(), LeftOutReason.HEAD)


class _MarkdownReader:
    """One pass over the tokens of a file, with what was left out on the way."""

    def __init__(self, name: str, text: str, offset: int) -> None:
        self._name = name
        self._parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
        self._source = text.split("\n")
        self._shown: list[str] = []
        self._offset = offset
        self._items: list[str] = []
        self._references: dict[str, dict[str, str]] = {}
        self.left_out: list[LeftOut] = []
        self.findings: list[Finding] = []

    def read(self, text: str) -> list[Line]:
        """The lines of the text below the front matter."""
        shown = _DEFINITION.sub(self._shown_definition, text)
        self._shown = shown.split("\n")
        tokens = self._parser.parse(shown, {"references": self._references})
        lines = [*self._lines(tokens)]
        return self._with_missing(lines, tokens)

    def _shown_definition(self, definition: re.Match[str]) -> str:
        """Nothing for the definition of a link, which is noted; a note that looks like one, [1]: 數據截至…, as text."""
        if _TARGET.match(definition["target"]):
            number = self._offset + definition.string.count("\n", 0, definition.start()) + 1
            self._leave_out(number, definition.group().strip(), LeftOutReason.HIDDEN)
            self._references.setdefault(normalizeReference(definition["label"]), {"href": "#", "title": ""})
            return ""
        return definition.group().replace("[", "\\[", 1)

    def _leave_out(self, number: int | None, text: str, reason: LeftOutReason) -> None:
        if text.strip():
            self.left_out.append(LeftOut(self._name, number, text.strip(), reason))

    def _lines(self, tokens: list[Token]) -> Iterator[Line]:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == "table_open":
                end = _closing(tokens, position)
                yield from self._table(tokens[position:end])
                position = end
                continue
            if token.type == "list_item_open":
                self._items.append(f"{token.info}{token.markup} " if token.info else "")
            elif token.type == "list_item_close":
                self._items.pop()
            elif token.type == "inline":
                yield from self._inline_lines(token, tokens[position - 1])
            elif token.type in ("code_block", "fence"):
                yield from self._raw_lines(token)
            elif token.type == "html_block":
                yield from self._html(html_lines(token.content), self._number(token))
            position += 1

    def _number(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._offset + 1

    def _inline_lines(self, token: Token, opening: Token) -> Iterator[Line]:
        """The paragraphs of one block: soft line breaks join, unless a sentence ends at them or a mark follows."""
        heading = opening.type == "heading_open"
        kind = LineKind.HEADING if heading else LineKind.LIST_ITEM if self._items else LineKind.PARAGRAPH
        level = int(opening.tag[1:]) if heading else 0
        for index, (text, skipped) in enumerate(self._paragraphs(token)):
            if self._items and index == 0:
                text, self._items[-1] = self._items[-1] + text, ""
            if text.strip():
                yield Line(self._number(token) + skipped, text.strip(), kind, level)

    def _paragraphs(self, token: Token) -> list[tuple[str, int]]:
        """(text, number of line breaks before it) of each paragraph."""
        pieces = ((text, hard or bool(_NOTE.match(text))) for text, hard in self._pieces(token))
        return line_joining.join_paragraphs([*pieces])

    def _pieces(self, token: Token) -> list[tuple[str, bool]]:
        """The text between line breaks, and whether the break before it is a hard one."""
        pieces: list[tuple[str, bool]] = [("", False)]
        struck = 0
        number = self._number(token)
        for child in token.children or []:
            tag = inline_tag(child.content) if child.type == "html_inline" else ""
            struck += (child.type == "s_open" or tag == "del") - (child.type == "s_close" or tag == "/del")
            if child.type in ("softbreak", "hardbreak") or tag == "br":
                pieces.append(("", child.type != "softbreak"))
            elif child.type == "image":
                self._leave_out(number, child.content, LeftOutReason.HIDDEN)
            elif child.type == "html_inline" and child.content.startswith("<!--"):
                self._leave_out(number, child.content.strip("<!->"), LeftOutReason.COMMENT)
            elif child.type in ("text", "code_inline", "text_special"):
                if struck > 0:
                    self._leave_out(number, child.content, LeftOutReason.STRUCK_OUT)
                else:
                    pieces[-1] = (pieces[-1][0] + child.content.replace("\xa0", " "), pieces[-1][1])
        return pieces

    def _raw_lines(self, token: Token) -> Iterator[Line]:
        """The lines of indented text and fences, joined where they were broken at a width."""
        first = self._number(token) + (token.type == "fence")
        if token.type == "fence":
            self._leave_out(first - 1, token.info, LeftOutReason.HIDDEN)
        for text, index in line_joining.join_broken_lines(token.content.split("\n")):
            yield Line(first + index, text)

    def _html(self, found: HtmlText, first: int) -> list[Line]:
        for text, reason in found.left_out:
            self._leave_out(first, text, reason)
        return [Line(first + (line.number or 0), line.text, line.kind) for line in found.lines]

    def _table(self, tokens: list[Token]) -> list[Line]:
        rows: list[list[str]] = []
        numbers: list[int | None] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
                numbers.append(self._number(token))
            elif token.type == "inline":
                rows[-1].append(self._cell(token))
            elif token.type == "tr_close":
                rows[-1] += self._excess_cells(numbers[-1], len(rows[0]))
        return table_lines(rows, numbers)

    def _cell(self, token: Token) -> str:
        return "\n".join(text.strip() for text, _ in self._pieces(token) if text.strip())

    def _excess_cells(self, number: int | None, columns: int) -> Iterator[str]:
        """The cells of a row beyond those of the heading row, which the parser ignores as GitHub's specification asks."""
        line = self._shown[number - self._offset - 1] if number else ""
        cells = escapedSplit(line.strip())
        for cell in filter(str.strip, cells[columns + (cells[0] == "") :]):
            for token in self._parser.parseInline(cell.strip(), {"references": self._references}):
                token.map = [(number or 1) - self._offset - 1, number or 1]
                yield self._cell(token)

    def _with_missing(self, lines: list[Line], tokens: list[Token]) -> list[Line]:
        """The lines, and as they are in the source those that no token holds: nested deeper than is read."""
        missing = [*self._missing(tokens)]
        if missing:
            first = missing[0].number
            self.findings.append(
                Finding(self._name, first, "nested deeper than is read; taken as plain text")
            )
            return sorted((*lines, *missing), key=lambda line: line.number or 0)
        return lines

    def _missing(self, tokens: list[Token]) -> Iterator[Line]:
        held = {
            number
            for token in tokens
            if token.map and token.type in ("inline", "code_block", "fence", "html_block", "table_open")
            for number in range(*token.map)
        }
        # Only a deeply nested file can lose lines: its own block has no content token.
        deepest = max((token.level for token in tokens), default=0)
        if deepest < _DEEPEST - 2:
            return
        for index, text in enumerate(self._source[self._offset :]):
            plain = _MARKERS.sub("", text).strip()
            if index not in held and re.search(r"\w", plain) and not _DEFINITION.match(text):
                yield Line(index + self._offset + 1, plain)


def _closing(tokens: list[Token], position: int) -> int:
    """The index behind the end of the table that begins at the position."""
    level = tokens[position].level
    for end in range(position, len(tokens)):
        if tokens[end].type == "table_close" and tokens[end].level == level:
            return end + 1
    return len(tokens)
