"""Rich text (.rtf): what LibreOffice 7.4 itself writes wrong, mended; and its text where LibreOffice is missing."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.reading import sandbox
from retrieval.reading.formats import read_text
from retrieval.reading.lines import Document

_LIST_TEXT = re.compile(rb"\{\\listtext[^{}]*\}")
_LAST_CODE = re.compile(rb"\\u(\d+)\s?\\'3f(?:\s*\\tab)?\s*\}")
_LEVEL_TEXT = re.compile(rb"(\{\\leveltext[^{}]*?\\'0[0-8])(\\'3f)(;?\})")
_DELETED = re.compile(r"\{[^{}]*\\deleted\b[^{}]*\}")
_CELL_ENDS = re.compile(r"\|\s*$", re.MULTILINE)


def mended(content: bytes) -> bytes:
    """The file with the marks of its numbered lists as `\\listtext` has them.

    LibreOffice 7.4 writes the mark behind a number (一、) as a question mark into `\\leveltext`, from which it makes
    the number again; the text beside it, `\\listtext`, is right.
    """
    codes = Counter(
        match[1] for text in _LIST_TEXT.findall(content) if (match := _LAST_CODE.search(text)) is not None
    )
    if not codes:
        return content
    code = codes.most_common(1)[0][0]
    return _LEVEL_TEXT.sub(rb"\1\\u" + code + rb"\2\3", content)


def read_rich_text(content: bytes, name: str) -> Document:
    """The text without LibreOffice: numbers are kept, tracked deletions cut out; readings lose their base."""
    from striprtf.striprtf import rtf_to_text

    source = _DELETED.sub("", content.decode("latin1"))
    try:
        text = str(rtf_to_text(source))  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        raise sandbox.UnreadableFileError("damaged RTF") from error
    rows = _CELL_ENDS.sub("", text.replace("\t", " "))
    return read_text(rows.encode("utf-8", "replace"), name)
