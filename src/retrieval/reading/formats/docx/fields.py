"""Fields of a Word file: those that are open, and what the code of one shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from retrieval.language import Pattern

_CONTENTS_FIELD = Pattern(
    re.compile(r"^\s*(?:TOC|TOA|INDEX|RD)\b|^\s*PAGEREF\s+_Toc", re.IGNORECASE),
    ' TOC \\o "1-3"',
    "PAGEREF _Ref1",
)
_RUBY_FIELD = Pattern(
    re.compile(r"^\s*EQ\b.*\\o.*[,;]\s*(?P<base>[^,;()\\]+)\)\s*$", re.IGNORECASE | re.DOTALL),
    "EQ \\* jc2 \\o\\ad(\\s\\up 9(huà),桦)",
    "EQ \\f(1,2)",
)
"""A reading (ruby) above a base, or a ring around a number, as older programs write it; the base stands last."""
_FIELD_READING = Pattern(
    re.compile(r"\\o.*\\up\s*\d*\s*\((?P<reading>[^()]*)\)", re.IGNORECASE | re.DOTALL),
    "EQ \\* jc2 \\o\\ad(\\s\\up 9(huà),桦)",
    "EQ \\o\\ac(○,1)",
)
_FRACTION_FIELD = Pattern(
    re.compile(r"^\s*EQ\s*\\f\s*\(\s*(?P<over>[^,;()\\]+)[,;]\s*(?P<under>[^,;()\\]+)\)\s*$", re.IGNORECASE),
    "EQ \\f(1,2)",
    "EQ \\r(2)",
)


@dataclass(slots=True)
class Field:
    code: str = ""
    in_result: bool = False
    texts: int = 0
    """The number of texts in its result so far."""


@dataclass(slots=True)
class Fields:
    """The fields that are open where reading stands; a list of contents goes on over many paragraphs."""

    open: list[Field] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        """Whether what follows is the code of a field, which Word does not show."""
        return any(not item.in_result for item in self.open)

    @property
    def in_contents(self) -> bool:
        """Whether what follows is an entry of a list of contents."""
        return any(item.in_result and is_contents(item.code) for item in self.open)


def is_contents(code: str) -> bool:
    """Whether a field of this code is a list of contents or an entry of one."""
    return bool(_CONTENTS_FIELD.regex.match(code))


def reading_in(code: str) -> str:
    """The reading (ruby) above a base in the code of a field, or an empty text."""
    match = _FIELD_READING.regex.search(code)
    return match["reading"].strip() if match else ""


def coded_text(code: str) -> str:
    """The text that the code of an equation field shows: the base below a reading, or a fraction."""
    if ruby := _RUBY_FIELD.regex.match(code):
        return ruby["base"].strip()
    fraction = _FRACTION_FIELD.regex.match(code)
    return f"{fraction['over'].strip()}/{fraction['under'].strip()}" if fraction else ""
