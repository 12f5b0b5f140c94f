"""A number as a number format of Excel shows it: digits, thousands, units, scaled values, sections for signs.

ECMA-376 part 1, 18.8.31. What has no meaning for text (colours, widths, padding) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_SECTION_END = re.compile(r'(?:"[^"]*"|\\.|!.|[^;"\\!])*')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|\[(?P<bracketed>[^\]]*)\]|[_*].|(?P<general>General)|(?P<other>.)',
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\s*$")
_CURRENCY = re.compile(r"\$([^-]*)")
_DIGITS = frozenset("0#?")
_COMPARISONS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format: its tokens (a placeholder of a digit, `.`, `,`, `%`, `E`, or text), and when it holds."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None

    @property
    def placeholders(self) -> list[str]:
        return [text for kind, text in self.tokens if kind == "digit"]


def shown_number(value: float, number_format: str) -> str:
    """The text of a number; empty where the format hides it (`;;;`)."""
    sections = [_section(text) for text in sections_of(number_format)]
    section, is_for_sign = _chosen(sections, value)
    if any(kind == "general" for kind, _ in section.tokens) or not sections:
        number = general(abs(value) if is_for_sign else value)
        return (
            "".join(number if kind == "general" else _literal(kind, text) for kind, text in section.tokens)
            or number
        )
    if not section.placeholders:
        if any(kind == "code" for kind, _ in section.tokens):
            return general(value)  # a code that is not known here, as of the days of a week
        return "".join(_literal(kind, text) for kind, text in section.tokens).strip()
    sign = "-" if value < 0 and not is_for_sign else ""
    text = _formatted(Decimal(repr(abs(value))), section)
    return (sign + text).strip() if re.search("[1-9]", text) else text.strip()


def shown_text(value: str, number_format: str) -> str:
    """A text by the section for texts, as in `"第"@"号"`."""
    sections = sections_of(number_format)
    holding = next((section for section in sections if "@" in section), "")
    if not holding:
        return value
    return "".join(
        value if text == "@" else _literal(kind, text) for kind, text in _section(holding).tokens
    ).strip()


def general(value: float) -> str:
    """Up to eleven digits, as a cell without a format shows them."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(value, ".11g")


def sections_of(number_format: str) -> list[str]:
    """The sections of a format, divided by semicolons outside of quotes."""
    sections, position = [], 0
    while position <= len(number_format):
        match = _SECTION_END.match(number_format, position)
        end = match.end() if match else len(number_format)
        sections.append(number_format[position:end])
        position = max(end, position) + 1
    return sections


def _section(text: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition = None
    for match in _TOKEN.finditer(text):
        bracketed, other = match["bracketed"], match["other"]
        if bracketed is not None:
            if compared := _CONDITION.match(bracketed):
                condition = (compared[1], float(compared[2]))
            elif currency := _CURRENCY.match(bracketed):
                tokens.append(("text", currency[1]))
        elif match["general"]:
            tokens.append(("general", ""))
        elif other is None:
            tokens.append(("text", match["quoted"] or match["escaped"] or ""))
        else:
            tokens.append((_kind(other), other))
    return _Section(tuple(tokens), condition)


def _kind(character: str) -> str:
    if character in _DIGITS:
        return "digit"
    if character in "eE/":
        return "exponent"
    return (
        character if character in ".,%" else "code" if character.isascii() and character.isalpha() else "text"
    )


def _chosen(sections: Sequence[_Section], value: float) -> tuple[_Section, bool]:
    """The section for this number, and whether it shows the sign itself."""
    if any(section.condition for section in sections[:2]):
        for section in sections:
            if section.condition is None or _COMPARISONS[section.condition[0]](value, section.condition[1]):
                return section, False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _literal(kind: str, text: str) -> str:
    return text if kind in ("text", "%", ".", "exponent", "code") else ""


def _formatted(value: Decimal, section: _Section) -> str:
    """The digits in the places of the format; a comma behind the last of them divides by a thousand."""
    tokens = [*section.tokens]
    last = max(index for index, (kind, _) in enumerate(tokens) if kind == "digit")
    point = next((index for index, (kind, _) in enumerate(tokens) if kind == "."), len(tokens))
    before = [index for index, (kind, _) in enumerate(tokens) if kind == "digit" and index < point]
    after = [index for index, (kind, _) in enumerate(tokens) if kind == "digit" and index > point]
    if any(kind == "exponent" for kind, _ in tokens):
        return general(float(value))  # exponents and fractions: the number itself
    end = before[-1] if before else last
    scale = _commas_behind(tokens, end) + (_commas_behind(tokens, last) if last != end else 0)
    percent = sum(kind == "%" for kind, _ in tokens)
    value = value * 100**percent / 1000**scale
    rounded = value.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    grouped = any(
        kind == "," and before and before[0] < index < end for index, (kind, _) in enumerate(tokens)
    )
    placed = {
        **dict(_whole_digits(whole, [tokens[index][1] for index in before], before, grouped=grouped)),
        **dict(_fraction_digits(fraction, [tokens[index][1] for index in after], after)),
    }
    has_fraction = any(placed.get(index) for index in after) or not after
    return "".join(
        placed.get(index, "")
        if kind == "digit"
        else ""
        if kind == "." and not has_fraction
        else _literal(kind, text)
        for index, (kind, text) in enumerate(tokens)
    )


def _commas_behind(tokens: Sequence[tuple[str, str]], index: int) -> int:
    count = 0
    while index + 1 + count < len(tokens) and tokens[index + 1 + count][0] == ",":
        count += 1
    return count


def _whole_digits(
    whole: str, places: Sequence[str], indices: Sequence[int], *, grouped: bool
) -> Iterator[tuple[int, str]]:
    """The digits at each place before the point; the first place takes all that are left."""
    fewest = len(places) - places.index("0") if "0" in places else 0
    digits = whole.lstrip("0").rjust(fewest, "0")
    if grouped and digits:
        yield indices[0], f"{int(digits):,}" if len(digits) > fewest or fewest < 4 else digits
        return
    for index in reversed(indices[1:]):
        yield index, digits[-1:]
        digits = digits[:-1]
    if indices:
        yield indices[0], digits


def _fraction_digits(
    fraction: str, places: Sequence[str], indices: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """The digits behind the point; `#` and `?` show no zeros at the end."""
    shown = len(fraction)
    while shown and fraction[shown - 1] == "0" and places[shown - 1] != "0":
        shown -= 1
    yield from ((index, digit) for index, digit in zip(indices, fraction[:shown], strict=False))
