"""Annotated files of kinds that offices produce: the file as it is read, and what a reader of it expects of every part.

`offices/` holds the sources, in three parts. `⟦…⟧` ends a part of a line and says what it is: `h` a heading or the head of
a paper, `x` boilerplate, `-` nothing that is measured, otherwise body text, with `b=` its bulletin, `p=` its place (`/`
between areas, `~` before a name that may also be missing, `*` unchecked) and `s=` its section path (`~` before a step that
may be missing). `b` and `p` hold until they change. Text, Markdown and HTML are the sources without the marks; Word files
are built from theirs; the PDF files lie in `offices/pdf` and are built again, with a font of one's own, by
`python -m benchmarks.quality.office_files FONT.ttf`.
"""

from __future__ import annotations

import html
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FOLDER = Path(__file__).parent / "offices"
_NOTE = re.compile(r"⟦([^⟧]*)⟧")
_TAG = re.compile(r"<(?:style|title).*?</(?:style|title)>|<[^>]*>", re.DOTALL)
_MARKUP = re.compile(r"\]\([^)]*\)|[#*>|\[]|^- ", re.MULTILINE)
_PAGE_LINE = re.compile(r"^@(head|foot) (.*)\n", re.MULTILINE)
_MARGIN, _SIZE, _LEADING = 72, 12, 22


@dataclass(frozen=True, slots=True)
class Part:
    """One annotated part of a file: kind is `h`, `x` or `body`; None in bulletin, place and path is not checked."""

    kind: str
    text: str
    bulletin: str | None = None
    place: str | None = None
    path: tuple[str, ...] | None = None
    inside: bool = False
    """Whether other body text stands before it on its line."""


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """One file with the parts that it is made of, in order."""

    name: str
    content: bytes
    parts: tuple[Part, ...]


def office_files(half: str) -> list[OfficeFile]:
    """The files of a part by name: `studied`, `measured` (drawn at random) or `fresh` (written later).

    No rule is made for a file of the last two.
    """
    return [_office_file(path) for path in sorted((_FOLDER / half).iterdir())]


def _office_file(path: Path) -> OfficeFile:
    source = path.read_text("utf-8")
    name = path.name
    content = _NOTE.sub("", source).encode()
    if name.endswith(".docx.txt"):
        name, content = path.stem, _word_file(source)
    elif name.endswith(".pdf.txt"):
        name, content = path.stem, (_FOLDER / "pdf" / path.stem).read_bytes()
    page_lines = [Part("x", text) for _, text in _PAGE_LINE.findall(source) if text != "页码"]
    body = _PAGE_LINE.sub("", source)
    return OfficeFile(name, content, (*page_lines, *_parts(body, is_html=name.endswith(".html"))))


def _parts(source: str, *, is_html: bool) -> Iterator[Part]:
    bulletin: str | None = None
    place: str | None = None
    position, is_inside = 0, False
    for note in _NOTE.finditer(source):
        raw = source[position : note.start()]
        position = note.end()
        is_inside = is_inside and "\n" not in raw
        text = html.unescape(_TAG.sub("\n", raw)) if is_html else _MARKUP.sub(" ", raw)
        words = note[1].split()
        if words in (["h"], ["x"]):
            yield from (Part(words[0], line.strip()) for line in text.split("\n") if line.strip())
            continue
        if words == ["-"]:
            continue
        if words == ["*"]:
            yield Part("body", text.strip(), inside=is_inside)
            is_inside = True
            continue
        values = dict(word.split("=", 1) for word in words)
        bulletin, place = values.get("b", bulletin), values.get("p", place)
        path = tuple(step for step in values.get("s", "").split("/") if step)
        yield Part("body", text.strip(), bulletin, None if place == "*" else place, path, is_inside)
        is_inside = True


def _lines(source: str) -> Iterator[str]:
    """The lines of the source of a Word or PDF file, without notes."""
    yield from (line for line in _NOTE.sub("", _PAGE_LINE.sub("", source)).split("\n") if line.strip())


def _word_file(source: str) -> bytes:
    document = docx.Document()
    for kind, text in _PAGE_LINE.findall(source):
        section = document.sections[0]
        (section.header if kind == "head" else section.footer).paragraphs[0].text = text
    table = None
    for line in _lines(source):
        if line.startswith("| "):
            cells = [cell.strip() for cell in line.strip("| ").split("|")]
            table = table or document.add_table(0, len(cells), style="Table Grid")
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            continue
        table = None
        if heading := re.match(r"(#+) ", line):
            document.add_heading(line[heading.end() :], len(heading[1]))
        elif line.startswith("**"):
            document.add_paragraph().add_run(line.strip("*")).bold = True
        else:
            style = "List Number" if line.startswith("* ") else None
            document.add_paragraph(line.removeprefix("* "), style)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf_file(source: str, font: str) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, A4, invariant=True)
    page_lines = dict(_PAGE_LINE.findall(source))
    width, height = A4
    pages = _NOTE.sub("", _PAGE_LINE.sub("", source)).split("---\n")
    for number, page in enumerate(pages, 1):
        canvas.setFont(font, 9)
        if "head" in page_lines:
            canvas.drawString(_MARGIN, height - 40, page_lines["head"])
        if "foot" in page_lines:
            canvas.drawCentredString(width / 2, 36, f"- {number} -")
        y = height - _MARGIN
        for line in filter(None, page.split("\n")):
            y = _draw(canvas, line, (font, width, y))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw(canvas: Canvas, line: str, place: tuple[str, float, float]) -> float:
    """Draws a paragraph, wrapped, or a title in the middle; returns the height of the next line."""
    font, width, y = place
    level = len(line) - len(line.lstrip("#"))
    size = {1: 20, 2: 15}.get(level, _SIZE)
    canvas.setFont(font, size)
    if level == 1:
        canvas.drawCentredString(width / 2, y, line.lstrip("#"))
        return y - 2 * _LEADING
    text = line.lstrip("#") if level else "　　" + line
    while text:
        end = len(text)
        while pdfmetrics.stringWidth(text[:end], font, size) > width - 2 * _MARGIN:
            end -= 1
        end += text[end : end + 1] in tuple("，。；、：”")
        canvas.drawString(_MARGIN, y, text[:end])
        text, y = text[end:], y - _LEADING
    return y


def main() -> None:
    pdfmetrics.registerFont(TTFont("office", sys.argv[1]))
    for path in sorted(_FOLDER.glob("*/*.pdf.txt")):
        (_FOLDER / "pdf" / path.stem).write_bytes(_pdf_file(path.read_text("utf-8"), "office"))


if __name__ == "__main__":
    main()
