"""Writes an export document as a Word file, its sources as real footnotes.

python-docx 1.2 has no footnotes: the part that holds them, its two separators and its styles are written here
(ECMA-376 part 1, 17.11).
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, cast

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml import etree

from bot.export.cited_quotes import ExportDocument

if TYPE_CHECKING:
    from docx.styles.style import ParagraphStyle

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets); lxml raises ValueError for it.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLACK = RGBColor(0, 0, 0)
_LATIN = "Times New Roman"
_FONTS = {True: ("SimSun", "zh-CN"), False: ("PMingLiU", "zh-TW")}
"""The font and the language of Chinese text, by whether it is Simplified."""
_TITLE_POINTS, _HEADING_POINTS, _TEXT_POINTS, _NOTE_POINTS = 18, 14, 12, 9
_NOTE_TEXT, _NOTE_REFERENCE = "footnote text", "footnote reference"


def write_docx(document: ExportDocument) -> bytes:
    """The bytes of a .docx file; characters that XML cannot hold become U+FFFD."""
    word = docx.Document()
    _set_page(word, document)
    notes = _Footnotes(word)
    word.add_paragraph(_clean(document.title), style="Title")
    for group in document.groups:
        if group.heading:
            word.add_paragraph(_clean(group.heading), style="Heading 2")
        for quote in group.quotes:
            paragraph = word.add_paragraph(_clean(f"「{quote.text}」"))
            notes.add(paragraph, _clean(quote.source))
    for remark in document.remarks:
        run = word.add_paragraph().add_run(_clean(remark))
        run.font.size = Pt(_NOTE_POINTS)
    notes.finish()
    _remove_preview(word)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def _remove_preview(word: WordDocument) -> None:
    """Drop the picture of an empty page that the template carries, which file managers would show."""
    relations = word.part.package.rels if word.part.package else {}
    for name in [name for name, each in relations.items() if each.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _set_page(word: WordDocument, document: ExportDocument) -> None:
    """A4 with plain black text in fonts of the script, and the properties of the file."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.54)
    sizes = {"Normal": _TEXT_POINTS, "Title": _TITLE_POINTS, "Heading 2": _HEADING_POINTS}
    for name, points in sizes.items():
        _set_font(cast("ParagraphStyle", word.styles[name]), points, is_simplified=document.is_simplified)
    border = word.styles["Title"].element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    normal = cast("ParagraphStyle", word.styles["Normal"])
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.5
    properties = word.core_properties
    properties.title, properties.author, properties.comments = _clean(document.title), "bulletin-bot", ""
    properties.created = properties.modified = datetime.combine(document.made_on, time(), UTC)


def _set_font(style: ParagraphStyle, points: int, *, is_simplified: bool) -> None:
    """Set Latin and Chinese fonts and the language; a theme's fonts, which the template names, would win over them."""
    style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(points), _BLACK
    chinese, language = _FONTS[is_simplified]
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), chinese)
    fonts.set(qn("w:hAnsi"), _LATIN)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(_element("w:lang", {"w:eastAsia": language}))


class _Footnotes:
    """The notes of a file: `add` them in the order of the text, then `finish`."""

    def __init__(self, word: WordDocument) -> None:
        self._word = word
        # docx2python and others need the namespace of relations to be declared, also where none is used.
        self._root = etree.Element(qn("w:footnotes"), nsmap={name: nsmap[name] for name in ("w", "r")})
        for number, (kind, mark) in enumerate(
            [("separator", "w:separator"), ("continuationSeparator", "w:continuationSeparator")], start=-1
        ):
            run = _element("w:r")
            run.append(_element(mark))
            self._append(number, [run], kind)
        self._count = 0
        _add_note_styles(word)

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Put the number of a new note behind the paragraph, and the text into the note."""
        self._count += 1
        reference = paragraph.add_run(style=_NOTE_REFERENCE)
        reference._r.append(_element("w:footnoteReference", {"w:id": str(self._count)}))
        mark, written = _element("w:r"), _element("w:r")
        properties = _element("w:rPr")
        properties.append(_element("w:rStyle", {"w:val": "FootnoteReference"}))
        mark.extend([properties, _element("w:footnoteRef")])
        shown = _element("w:t", {qn("xml:space"): "preserve"})
        shown.text = f" {text}"
        written.append(shown)
        self._append(self._count, [mark, written])

    def _append(self, number: int, runs: list[etree._Element], kind: str = "") -> None:
        note = _element("w:footnote", {"w:id": str(number), **({"w:type": kind} if kind else {})})
        paragraph, properties = _element("w:p"), _element("w:pPr")
        if not kind:
            properties.append(_element("w:pStyle", {"w:val": "FootnoteText"}))
        paragraph.extend([properties, *runs])
        note.append(paragraph)
        self._root.append(note)

    def finish(self) -> None:
        """Put the part into the file, and name the separators in its settings as Word does."""
        main = self._word.part
        xml = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        part = Part(PackURI("/word/footnotes.xml"), _CONTENT_TYPE, xml, main.package)
        main.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        separators = _element("w:footnotePr")
        separators.extend(_element("w:footnote", {"w:id": str(number)}) for number in (-1, 0))
        settings = self._word.settings.element
        before = settings.find(qn("w:compat"))  # the schema fixes the order
        if before is not None:
            before.addprevious(separators)


def _add_note_styles(word: WordDocument) -> None:
    text = cast("ParagraphStyle", word.styles.add_style(_NOTE_TEXT, WD_STYLE_TYPE.PARAGRAPH))
    text.base_style = word.styles["Normal"]
    text.font.size = Pt(_NOTE_POINTS)
    text.paragraph_format.line_spacing = 1.0
    text.paragraph_format.space_after = Pt(2)
    reference = word.styles.add_style(_NOTE_REFERENCE, WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    text.element.set(qn("w:styleId"), "FootnoteText")
    reference.element.set(qn("w:styleId"), "FootnoteReference")


def _element(name: str, attributes: dict[str, str] | None = None) -> etree._Element:
    element: etree._Element = OxmlElement(name)
    for key, value in (attributes or {}).items():
        element.set(key if key.startswith("{") else qn(key), value)
    return element
