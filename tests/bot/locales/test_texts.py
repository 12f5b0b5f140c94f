from __future__ import annotations

import string
from dataclasses import fields

import opencc
import pytest

from bot.locales import EN, ZH_HANS, ZH_HANT, Texts, texts_by_command_language, texts_for


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (None, ZH_HANT),
        ("zh-hant", ZH_HANT),
        ("zh-TW", ZH_HANT),
        ("zh-HK", ZH_HANT),
        ("zh-hans", ZH_HANS),
        ("zh-CN", ZH_HANS),
        ("zh-hans-cn", ZH_HANS),
        ("zh", ZH_HANS),
        ("en", EN),
        ("fr", EN),
    ],
)
def test_a_person_gets_the_interface_of_their_language(code: str | None, expected: Texts) -> None:
    assert texts_for(code) is expected


@pytest.mark.parametrize("texts", [ZH_HANS, EN])
def test_every_language_fills_the_same_places(texts: Texts) -> None:
    for field in fields(Texts):
        here, there = getattr(ZH_HANT, field.name), getattr(texts, field.name)
        if isinstance(here, str):
            assert _places(here) == _places(there), field.name
            assert there.strip()


def test_the_simplified_texts_hold_no_traditional_character() -> None:
    convert = opencc.OpenCC("t2s").convert
    for field in fields(Texts):
        text = getattr(ZH_HANS, field.name)
        if isinstance(text, str):
            assert convert(text) == text


def test_command_descriptions_fit_telegram() -> None:
    for texts in texts_by_command_language().values():
        assert [name for name, _ in texts.commands] == [name for name, _ in ZH_HANT.commands]
        assert all(1 <= len(description) <= 256 for _, description in texts.commands)


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
