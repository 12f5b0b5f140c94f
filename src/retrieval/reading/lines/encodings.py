"""Decodes bytes to text: by byte order mark, else by which encoding gives readable Chinese."""

from __future__ import annotations

import codecs
import contextlib
import functools
import re
from dataclasses import dataclass

from retrieval.types import Finding, LeftOut, LeftOutReason

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "utf-8")
# Bytes that are scored; a wrong decoding shows long before.
_SAMPLE = 60_000
# A share of common characters below this is not text.
_READABLE = 0.6
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd\ud800-\udfff\ue000-\uf8ff]")
# Characters that are not shown and not text: controls but those that end a line, marks of order and of joining.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and the encoding as findings name it: `utf-8` needs none."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded | None:
    """The text of the bytes, or None if they are not text in UTF-8, UTF-16, GB18030 or Big5."""
    for mark, encoding in _BYTE_ORDER_MARKS:
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
    """The share of characters that are common in Chinese prose, at most 1; a control character counts minus three."""
    if not text:
        return 0.0
    common = _common_characters()
    # A two-byte code read in the wrong frame shows as rare characters and replacements.
    spaces = sum(map(str.isspace, text))
    wrong = 3 * len(_CONTROLS.findall(text))
    return (sum(character in common for character in text) - wrong) / max(len(text) - spaces, 1)


@functools.lru_cache(maxsize=1)
def _common_characters() -> frozenset[str]:
    """The frequent halves of GB2312 and of Big5, which together cover both scripts, and punctuation."""
    simplified = (bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF))
    low_bytes = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    traditional = (bytes((high, low)) for high in range(0xA4, 0xC7) for low in low_bytes)
    characters = "".join(pair.decode("gb2312", "ignore") for pair in simplified)
    characters += "".join(pair.decode("big5", "ignore") for pair in traditional)
    ascii_and_marks = "".join(map(chr, range(0x21, 0x7F))) + ",。、;:?!“”‘’()《》【】「」『』…—·%〔〕①②③④⑤⑥"
    return frozenset(characters + ascii_and_marks)


def decoding_findings(name: str, encoding: str) -> tuple[Finding, ...]:
    """One finding for a file in another encoding than UTF-8, else none."""
    return () if encoding == "utf-8" else (Finding(name, None, f"decoded as {encoding}"),)


def without_controls(text: str, file: str) -> tuple[str, tuple[LeftOut, ...]]:
    """The text without characters that are not shown, and an entry for each line that held some."""
    if not _UNSHOWN.search(text):
        return text, ()
    left_out = tuple(
        LeftOut(
            file,
            number,
            " ".join(f"U+{ord(character):04X}" for character in characters),
            LeftOutReason.HIDDEN,
        )
        for number, line in enumerate(text.split("\n"), start=1)
        if (characters := dict.fromkeys(_UNSHOWN.findall(line)))
    )
    return _UNSHOWN.sub("", text), left_out


def readable_name(name: str) -> str:
    """The name of a file as text; one in another encoding than the system's is decoded by its bytes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")
        for encoding in ("utf-8", "gb18030", "big5"):
            with contextlib.suppress(UnicodeDecodeError):
                return raw.decode(encoding)
        return raw.decode("utf-8", "backslashreplace")  # two such names differ as the files do
    return name
