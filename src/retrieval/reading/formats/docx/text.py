"""Text of a Word paragraph as Word shows it, and what is not part of it: deletions, hidden text, notes, contents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.reading.formats.docx.equations import MATH, math_text
from retrieval.reading.formats.docx.fields import Field, Fields, coded_text, is_contents, reading_in
from retrieval.reading.formats.docx.styles import Style, is_on, value_of
from retrieval.reading.lines import line_joining
from retrieval.types import LeftOutReason

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE, CHOICE, FALLBACK = (
    f"{_COMPATIBILITY}{name}" for name in ("AlternateContent", "Choice", "Fallback")
)
TEXT_BOX = qn("w:txbxContent")
DRAWN_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_SKIPPED = frozenset(map(qn, ("w:pPr", "w:rPr", "w:sdtPr", "w:sdtEndPr", "w:txbxContent", "w:rt"))) | {
    FALLBACK,
    DRAWN_PARAGRAPH,
}
_DELETED = frozenset(map(qn, ("w:del", "w:moveFrom")))
TEXTS = frozenset((qn("w:t"), qn("w:delText"), f"{MATH}t"))
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_SYMBOLS = {
    "F0FE": "☑",
    "F052": "☑",
    "F0FC": "✓",
    "F050": "✓",
    "F0FB": "✗",
    "F0A8": "☐",
    "F0A3": "☐",
    "F06F": "☐",
}
"""Characters of Wingdings fonts that forms use; others are ornaments."""
_PRIVATE = re.compile("[\uf020-\uf0ff]")
HARD_BREAK = "\n\n"


@dataclass(slots=True)
class ParagraphText:
    """The text of one paragraph and what was met in it."""

    text: str = ""
    is_contents: bool = False
    aside: list[tuple[LeftOutReason, str]] = field(default_factory=list)
    aside_end: int = 0
    """The number of pieces of text before the last of these."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """(kind, id) of the foot- and endnotes that it refers to."""
    readings: int = 0


class TextReader:
    """Reads the paragraphs of one story (body, notes, a header) in order."""

    def __init__(self, styles: dict[str, Style]) -> None:
        self.styles = styles
        self.fields = Fields()

    def read(self, paragraph: _Element, style: Style) -> ParagraphText:
        """The text of the paragraph; line breaks are `\\n`, breaks of page or column `HARD_BREAK`."""
        result = ParagraphText(is_contents=self.fields.in_contents)
        parts: list[str] = []
        stack: list[tuple[Iterator[_Element], LeftOutReason | None]] = [(iter(paragraph), None)]
        while stack:
            children, reason = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
            elif child.tag in _SKIPPED or not isinstance(child.tag, str):
                if child.tag == qn("w:rt"):
                    self._put_reading(
                        result, parts, "".join(text.text or "" for text in child.iter(*TEXTS)), reason
                    )
            elif child.tag in (f"{MATH}oMath", f"{MATH}oMathPara") and reason is None:
                self._put(result, parts, math_text(child), None)
            elif child.tag == ALTERNATE:
                stack.append((iter(alternative(child)), reason))
            elif child.tag in TEXTS:
                before = parts[-1] if parts else ""
                text = _with_symbols(child)
                text = line_joining.raised(text, before) if _is_raised(child) else text
                self._put(result, parts, text, reason)
            elif not self._mark(child, result, parts, reason):
                inner = self._reason(child, style)
                stack.append((iter(child), reason or inner))
        result.text = "".join(parts)
        return result

    def _put_reading(
        self, result: ParagraphText, parts: list[str], reading: str, reason: LeftOutReason | None
    ) -> None:
        """Set the sound of a character aside; what is deleted with its base is deleted."""
        result.readings += reason is None
        self._put(result, parts, reading, reason or LeftOutReason.READING)

    def _put(self, result: ParagraphText, parts: list[str], text: str, reason: LeftOutReason | None) -> None:
        if self.fields.in_code:
            return
        result.is_contents |= self.fields.in_contents
        for item in self.fields.open:
            item.texts += bool(text)
        if reason is None:
            parts.append(text)
        elif result.aside and result.aside[-1][0] is reason and result.aside_end == len(parts):
            result.aside[-1] = (reason, result.aside[-1][1] + text)
        elif text:
            result.aside.append((reason, text))
            result.aside_end = len(parts)

    def _mark(
        self, child: _Element, result: ParagraphText, parts: list[str], reason: LeftOutReason | None
    ) -> bool:
        """Whether the element is a mark without text of its own: a break, a tab, a field, a reference."""
        if child.tag == qn("w:br"):
            hard = child.get(qn("w:type")) in ("page", "column")
            self._put(result, parts, HARD_BREAK if hard else "\n", reason)
        elif child.tag == qn("w:cr"):
            self._put(result, parts, "\n", reason)
        elif child.tag in (qn("w:tab"), qn("w:ptab")):
            self._put(result, parts, " ", reason)
        elif child.tag == qn("w:noBreakHyphen"):
            self._put(result, parts, "-", reason)
        elif child.tag == qn("w:sym"):
            self._put(result, parts, _symbol(child), reason)
        elif child.tag == qn("w:instrText"):
            if self.fields.open and not self.fields.open[-1].in_result:
                self.fields.open[-1].code += child.text or ""
        elif child.tag == qn("w:fldChar"):
            self._field_mark(child, result, parts)
        elif child.tag in _NOTES:
            if reason is None:
                result.notes.append((_NOTES[child.tag], str(child.get(qn("w:id")))))
        else:
            code = str(child.get(qn("w:instr")) or "")
            result.is_contents |= child.tag == qn("w:fldSimple") and is_contents(code)
            return False
        return True

    def _field_mark(self, child: _Element, result: ParagraphText, parts: list[str]) -> None:
        kind = child.get(qn("w:fldCharType"))
        if kind == "begin":
            self.fields.open.append(Field())
        elif kind == "separate" and self.fields.open:
            self.fields.open[-1].in_result = True
            result.is_contents |= self.fields.in_contents
        elif kind == "end" and self.fields.open:
            closed = self.fields.open.pop()
            if not closed.texts:
                text = coded_text(closed.code)
                if text and (reading := reading_in(closed.code)):
                    self._put_reading(result, parts, reading, None)
                self._put(result, parts, text, None)

    def _reason(self, element: _Element, style: Style) -> LeftOutReason | None:
        """Why the text in the element is not part of the paragraph, or None if it is."""
        if element.tag in _DELETED:
            return LeftOutReason.STRUCK_OUT
        if element.tag == qn("w:sdt"):
            # A field of a form that nobody filled in shows a prompt: 单击此处输入文字.
            prompt = element.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
            return LeftOutReason.BOILERPLATE if prompt is not None else None
        if element.tag != qn("w:r"):
            return None
        properties = element.find(qn("w:rPr"))
        own = self.styles.get(value_of(properties, "w:rStyle")) if properties is not None else None
        hidden = is_on(properties, "w:vanish")
        if hidden if hidden is not None else style.is_hidden or (own is not None and own.is_hidden):
            return LeftOutReason.HIDDEN
        struck = is_on(properties, "w:strike", "w:dstrike")
        if struck if struck is not None else style.is_struck_out or (own is not None and own.is_struck_out):
            return LeftOutReason.STRUCK_OUT
        return None


def alternative(element: _Element) -> list[_Element]:
    """The version of an alternate content that is read: the first, unless only the fallback holds text."""
    choice, fallback = element.find(CHOICE), element.find(FALLBACK)
    if choice is None or (fallback is not None and not _has_text(choice) and _has_text(fallback)):
        return [*fallback] if fallback is not None else []
    return [*choice]


def _has_text(element: _Element) -> bool:
    return any(text.text for text in element.iter(qn("w:t"), f"{MATH}t", DRAWN_TEXT))


def _is_raised(text: _Element) -> bool:
    """Whether the text is set above the line."""
    run = text.getparent()
    properties = run.find(qn("w:rPr")) if run is not None else None
    return value_of(properties, "w:vertAlign") == "superscript"


def _with_symbols(text: _Element) -> str:
    """The text of a run with its characters of symbol fonts, which other programs write as F020 to F0FF, as signs."""
    written = text.text or ""
    if not _PRIVATE.search(written):
        return written
    run = text.getparent()
    fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") if run is not None else None
    if fonts is None or "wingdings" not in str(fonts.get(qn("w:ascii")) or "").lower():
        return written
    return _PRIVATE.sub(lambda match: _SYMBOLS.get(f"{ord(match[0]):04X}", ""), written)


def _symbol(element: _Element) -> str:
    code = str(element.get(qn("w:char")) or "").upper()
    return _SYMBOLS.get(code, "") if "wingdings" in str(element.get(qn("w:font")) or "").lower() else ""
