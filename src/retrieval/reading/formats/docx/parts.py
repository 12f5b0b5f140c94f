"""Parts of a Word file beside its body: notes, comments, heads and feet of pages, embedded files, pictures."""

from __future__ import annotations

import email
import email.policy
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from docx.document import Document as WordDocument
from docx.opc.part import Part, PartFactory
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml.etree import XMLSyntaxError, _Element

from retrieval.reading.formats import read_text
from retrieval.reading.formats.docx.text import DRAWN_TEXT
from retrieval.reading.formats.html import read_web_page
from retrieval.reading.lines import Document
from retrieval.types import Finding, LeftOut, LeftOutReason

_WATERMARK = "{urn:schemas-microsoft-com:vml}textpath"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_WEB_ENDINGS, _TEXT_ENDINGS, _ARCHIVE_ENDINGS = (
    (".html", ".htm", ".xhtml", ".xml"),
    (".txt",),
    (".mht", ".mhtml", ".eml"),
)
# With so little text beside pictures, the text of the file is most likely in the pictures.
_LITTLE_TEXT = 40

# The content types of .docm, .dotm and .dotx.
_KINDS = (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)


def open_word_file(content: bytes) -> WordDocument | None:
    """The Word file; python-docx itself refuses those with macros, which do nothing here, and templates."""
    for kind in _KINDS:
        PartFactory.part_type_for.setdefault(kind, DocumentPart)
    main = Package.open(io.BytesIO(content)).main_document_part
    return main.document if isinstance(main, DocumentPart) else None


class Parts:
    """The parts to which the body of a file refers."""

    def __init__(self, word: WordDocument) -> None:
        self._related = {
            relation: related.target_part
            for relation, related in word.part.rels.items()
            if not related.is_external
        }
        self._parts = [*dict.fromkeys(self._related.values())]

    def root(self, name: str) -> _Element | None:
        """The root element of the first part of this name (numbering, footnotes), or None."""
        return next(iter(self._roots(name)), None)

    def _roots(self, name: str) -> Iterator[_Element]:
        for part in self._parts:
            if re.fullmatch(rf"{name}\d*\.xml", PurePosixPath(str(part.partname)).name):
                element = _element(part)
                if element is not None:
                    yield element

    def notes(self) -> dict[tuple[str, str], _Element]:
        """The foot- and endnotes by (kind, id), without the rules that divide them from the text."""
        roots = [(kind, self.root(kind)) for kind in ("footnotes", "endnotes")]
        return {
            (kind, str(note.get(qn("w:id")))): note
            for kind, root in roots
            for note in (root if root is not None else ())
            if note.get(qn("w:type")) in (None, "normal")
        }

    def left_out(self, name: str) -> Iterator[LeftOut]:
        """The text beside the body: comments, heads and feet of pages, watermarks."""
        for part, reason in (
            ("comments", LeftOutReason.COMMENT),
            ("header", LeftOutReason.PAGE_HEAD),
            ("footer", LeftOutReason.PAGE_HEAD),
        ):
            texts = [text for root in self._roots(part) for text in _paragraph_texts(root)]
            yield from (LeftOut(name, None, text, reason) for text in dict.fromkeys(texts))
            marks = [mark.get("string") for root in self._roots(part) for mark in root.iter(_WATERMARK)]
            yield from (
                LeftOut(name, None, str(text), LeftOutReason.WATERMARK)
                for text in dict.fromkeys(marks)
                if text
            )

    def embedded(self, relation: str, name: str) -> Document:
        """The document in an embedded file, or one without lines whose finding says why it is not read."""
        part = self._related.get(relation)
        if part is None:
            return Document(name, (), (Finding(name, None, "an embedded part is missing in the file"),))
        ending = PurePosixPath(str(part.partname)).suffix.lower()
        kind = str(part.content_type).lower()
        if "html" in kind or ending in _WEB_ENDINGS:
            return read_web_page(part.blob, name)
        if kind.startswith("text/plain") or ending in _TEXT_ENDINGS:
            return read_text(part.blob, name)
        if ending in _ARCHIVE_ENDINGS and (page := _page_in(part.blob)) is not None:
            return read_web_page(page, name)
        return Document(name, (), (Finding(name, None, f"the embedded part {part.partname} is not read"),))

    def drawn(self, relation: str) -> list[str]:
        """The texts of a diagram (SmartArt), one a box."""
        part = self._related.get(relation)
        root = _element(part) if part is not None else None
        paragraphs = (
            root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p") if root is not None else ()
        )
        texts = ("".join(text.text or "" for text in paragraph.iter(DRAWN_TEXT)) for paragraph in paragraphs)
        return [text.strip() for text in texts if text.strip()]

    def findings(self, name: str, body: _Element, texts: Iterable[str]) -> Iterator[Finding]:
        """Findings for parts that are not read: charts, embedded files, pictures where there is little text."""
        for part in self._parts:
            path = str(part.partname)
            if "/charts/" in path or "/embeddings/" in path:
                kind = "chart" if "/charts/" in path else "file"
                yield Finding(name, None, f"the embedded {kind} {path.removeprefix('/')} is not read")
        pictures = sum(1 for _ in body.iter(*_PICTURES))
        length = sum(map(len, texts))
        if not length and pictures:
            yield Finding(
                name, None, f"no text, {pictures} picture(s) only: a scan, which needs OCR; skipped"
            )
        elif pictures and length <= _LITTLE_TEXT:
            yield Finding(name, None, f"little text beside {pictures} picture(s), which are not read")


def _element(part: Part) -> _Element | None:
    element: _Element | None = getattr(part, "element", None)
    if element is not None:
        return element
    try:
        parsed: _Element = parse_xml(part.blob)
    except XMLSyntaxError:
        return None
    return parsed


def _paragraph_texts(root: _Element) -> Iterator[str]:
    for paragraph in root.iter(qn("w:p")):
        own = (text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph)
        if text := "".join(part.text or "" for part in own).strip():
            yield text


def _page_in(content: bytes) -> bytes | None:
    """The web page in a web archive (MHT), or None."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        page = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(page, bytes):
            return page
    return None


def title_of(word: WordDocument) -> str:
    """The title among the file's properties, where it is not what Word itself put there."""
    title = (word.core_properties.title or "").strip()
    return title if re.search("[一-鿿]{4}", title) and len(title) <= 60 else ""
