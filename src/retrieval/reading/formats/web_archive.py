"""Reads web archives (MHT): the page inside, as a browser or Word has saved it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from retrieval.reading.formats.child_process import Reader
from retrieval.reading.formats.html import read_web_page
from retrieval.reading.formats.plain_text import read_text
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

# A label of one of these names what the program that wrote it did not know better; what is there may be any encoding.
_MEANINGLESS = frozenset({"ascii", "iso8859-1", "cp1252", "latin-1"})
# What is labelled as the one is often its superset.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "big5hkscs", "cp950": "big5hkscs"}


def read_web_archive(content: bytes, name: str) -> Document:
    """The document of the archive's page, else of its plain text; its pictures are not read, the text of frames is named.

    Of a page that is made of frames alone, the one with the most text is the page.
    """
    parts = [part for part in message_from_bytes(content.lstrip()).walk() if not part.is_multipart()]
    pages = [*_documents(parts, "text/html", read_web_page, name)] or [
        *_documents(parts, "text/plain", read_text, name)
    ][:1]
    if not pages:
        return unread(name, "a web archive without a page; skipped")
    page = (
        pages[0]
        if pages[0].lines
        else max(pages, key=lambda page: sum(len(line.text) for line in page.lines))
    )
    framed = [line.text for other in pages if other is not page for line in other.lines]
    if not framed:
        return page
    message = "the text of its frames is left out; save the page in the frame by itself to have it read"
    entries = tuple(LeftOut(name, None, text, LeftOutReason.BOILERPLATE) for text in framed)
    return replace(
        page, findings=(*page.findings, Finding(name, None, message)), left_out=(*page.left_out, *entries)
    )


def _documents(parts: Sequence[Message], kind: str, reader: Reader, name: str) -> Iterator[Document]:
    for part in parts:
        if part.get_content_type() == kind and (text := readable_content(part)).strip():
            yield reader(text, name)


def readable_content(part: Message) -> bytes:
    """The content of a part in UTF-8 where its label is right, else its bytes as they are.

    `get_content()` is no way: it puts U+FFFD for each character that gb2312 lacks in a part that holds GBK.
    """
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        encoding = codecs.lookup(part.get_content_charset() or "utf-8").name
        if encoding in _MEANINGLESS:
            return content
        return content.decode(_SUPERSETS.get(encoding, encoding)).encode()
    except (LookupError, UnicodeDecodeError):
        return content
