"""Bytes to text: the encoding is decided by what the bytes say, not by what a header claims."""

from __future__ import annotations

import codecs
import functools
import re
from dataclasses import dataclass

from retrieval.types import Finding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "utf-8")
# What a wrong decoding shows of itself is clear long before this many bytes.
_SAMPLE = 60_000
# Below this share of common characters, nothing that was tried reads as text.
_READABLE = 0.6
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\ud800-\udfff\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    """utf-8 for what needs no mention."""


def decode(content: bytes) -> Decoded | None:
    """The text of the bytes, or None when they are not text in any encoding that is read."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            name = "utf-8" if encoding == "utf-8-sig" else encoding
            return Decoded(content.decode(encoding, "replace").lstrip("\ufeff"), name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_by_content(content)
    return Decoded(text, "utf-8") if text.count("\x00") * 100 <= len(text) else _decode_by_content(content)


def _decode_by_content(content: bytes) -> Decoded | None:
    sample = content[:_SAMPLE]
    scored = [(readability(sample.decode(name, "replace")), name) for name in _CANDIDATES]
    score, encoding = max(scored, key=lambda pair: pair[0])
    if score < _READABLE:
        return None
    text = content.decode(encoding, "replace")
    return Decoded(text, "utf-8 with damaged bytes" if encoding == "utf-8" else encoding)


def readability(text: str) -> float:
    """The share of characters that Chinese prose uses, from 0 to 1; control characters count against it."""
    if not text:
        return 0.0
    common = _common_characters()
    # A two-byte code read in the wrong frame shows as rare characters and replacements.
    spaces = sum(map(str.isspace, text))
    wrong = 3 * len(_CONTROLS.findall(text))
    return (sum(character in common for character in text) - wrong) / max(len(text) - spaces, 1)


@functools.lru_cache(maxsize=1)
def _common_characters() -> frozenset[str]:
    """The frequent halves of GB2312 and of Big5, which between them hold both scripts, and punctuation."""
    simplified = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    low_bytes = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((high, low)) for high in range(0xA4, 0xC7) for low in low_bytes)
    characters = "".join(pair.decode("gb2312", "ignore") for pair in simplified)
    characters += "".join(pair.decode("big5", "ignore") for pair in traditional)
    ascii_and_marks = "".join(map(chr, range(0x21, 0x7F))) + ",。、;:?!“”‘’()《》【】「」『』…—·%〔〕①②③④⑤⑥"
    return frozenset(characters + ascii_and_marks)


def decoding_findings(name: str, encoding: str) -> tuple[Finding, ...]:
    """What the outline says of a file in another encoding than UTF-8."""
    return () if encoding == "utf-8" else (Finding(name, None, f"decoded as {encoding}"),)
