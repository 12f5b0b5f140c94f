"""Parses and writes numerals of bulletins: Arabic, full width, Chinese, circled, Roman."""

from __future__ import annotations

import re
import unicodedata

FORMAL = "壹贰貳叁參参肆伍陆陸柒捌玖拾"
_PLAIN_OF_FORMAL = str.maketrans(FORMAL, "一二二三三三四五六六七八九十")
CHINESE = "零〇一二三四五六七八九十百两兩廿卅"
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4}
_DIGITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ROMAN = {"I": 1, "V": 5, "X": 10}


def half_width(text: str) -> str:
    """The text with full-width digits, letters and spaces at half width, character for character."""
    return _WIDE.sub(_half_width_of, text)


def _half_width_of(character: re.Match[str]) -> str:
    wide = character.group()
    return " " if wide == "\u3000" else chr(ord(wide) - 0xFEE0)


def parse_numeral(written: str) -> int | None:
    """The value of a numeral in any of the notations, or None: 十二 → 12, 12 → 12, ③ → 3, IV → 4."""
    plain = unicodedata.normalize("NFKC", written).strip("().、 ").translate(_PLAIN_OF_FORMAL)
    if plain.isdecimal():
        return int(plain) if len(plain) <= 9 else None
    if plain and all(character in _ROMAN for character in plain):
        return _roman(plain)
    if plain and all(character in CHINESE for character in plain):
        return _chinese(plain)
    return None


def _chinese(written: str) -> int:
    if not any(unit in written for unit in "十百廿卅"):
        return int("".join(str(_DIGITS[digit]) for digit in written[:9]))
    total = current = 0
    for character in written.replace("廿", "二十").replace("卅", "三十"):
        if character in "十百":
            total += max(current, 1) * (100 if character == "百" else 10)
            current = 0
        else:
            current = _DIGITS[character]
    return total + current


def _roman(written: str) -> int:
    values = [_ROMAN[character] for character in written]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def to_chinese_numeral(number: int) -> str:
    """The number in Chinese up to 99, beyond that in digits: 12 → 十二."""
    digits = "〇一二三四五六七八九"
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens] + "十"
    return head + (digits[ones] if ones else "")
