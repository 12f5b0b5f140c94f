"""An extraction of a file's visible characters that shares no rule with the readers, to hold theirs against.

Counted are Chinese characters, and digits in runs of three and more. Not counted: the words and numbers of section marks,
which a heading shows in a form of its own; and what no person sees: code, addresses, comments, attributes.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator

import pypdfium2
from lxml import etree, html
from pypdfium2 import raw

from retrieval.reading.formats.signatures import Format, format_of
from retrieval.reading.lines import encodings

_COUNTED = re.compile(r"[㐀-鿿]|\d{3,}")
_MARKS = frozenset(
    "〇零一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾貳參陸第篇期章节節条條部分编編是要其首先次再者最后後页頁"
)
_UNSEEN = "script style template iframe object embed audio video canvas head title datalist noscript map desc annotation"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Of a deleted part only the ledger tells; of a field only what it shows; a reading beside a character is named as a number.
_UNSEEN_IN_WORD = frozenset(
    (*(f"{_W}{name}" for name in ("instrText", "delInstrText", "rt", "fldData")), f"{_MC}Fallback")
)
_NOT_TEXT_IN_MARKDOWN = re.compile(
    r"<!--.*?(?:-->|\Z)|</?[a-z][^>]*(?:>|\Z)|<[^<>\n]*>|\]\([^)\n]*\)|!\[[^\]\n]*\]|^\s*\[[^\]\n]+\]:.*$|^```.*$|\A---\n.*?\n---\n|&#?\w{1,8};",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)


def counted(text: str) -> Counter[str]:
    """The characters of a text that are compared, with their numbers."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter(
        character
        for match in _COUNTED.finditer(plain)
        for character in match.group()
        if character not in _MARKS
    )


def visible_text(content: bytes, name: str) -> str | None:
    """All visible text of a file; None for a format or a damage of which no independent extraction can be had."""
    form = format_of(content, "." + name.rsplit(".", 1)[-1].lower())
    if form is Format.WORD:
        return _of_word(content)
    if form is Format.PDF:
        return _of_pdf(content)
    decoded = encodings.decode(content)
    if decoded is None or form not in (Format.TEXT, Format.MARKDOWN, Format.WEB_PAGE):
        return None
    if form is Format.WEB_PAGE:
        return "\n".join(_of_page(decoded.text))
    if form is Format.MARKDOWN:
        return _NOT_TEXT_IN_MARKDOWN.sub("\n", decoded.text)
    return decoded.text


def _of_page(text: str) -> Iterator[str]:
    source = text.replace("\x00", "").encode("utf-8", "replace")
    if not source.strip():
        return
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except etree.ParserError:  # it ends inside its first declaration
        return
    unseen = frozenset(_UNSEEN.split())
    for element in root.iter():
        if not any(parent.tag in unseen for parent in (element, *element.iterancestors())):
            yield element.text or ""
        if element is not root and not any(parent.tag in unseen for parent in element.iterancestors()):
            yield element.tail or ""


def _of_word(content: bytes) -> str | None:
    try:
        root = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    except (
        zipfile.BadZipFile,
        KeyError,
        etree.XMLSyntaxError,
        ValueError,
        OSError,
        EOFError,
        RuntimeError,
        NotImplementedError,
    ):
        return None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        return None
    return "\n".join(
        element.text or ""
        for element in root.iter(f"{_W}t", f"{_W}delText")
        if not any(parent.tag in _UNSEEN_IN_WORD for parent in element.iterancestors())
    )


def _of_pdf(content: bytes) -> str | None:
    try:
        with pypdfium2.PdfDocument(content) as document:
            return "\n".join(_drawn_once(page.get_textpage()) for page in document)
    except pypdfium2.PdfiumError:
        return None


def _drawn_once(page: pypdfium2.PdfTextPage) -> str:
    """The text of a page; a character that is drawn again on the same spot, as fake bold is, counts once."""
    drawn = {
        (raw.FPDFText_GetUnicode(page, index), *map(round, page.get_charbox(index, loose=True))): None
        for index in range(page.count_chars())
    }
    return "".join(chr(code) for code, *_ in drawn)
