"""The texts for admins and about the bot itself, in every language."""

from __future__ import annotations

import string
from dataclasses import fields

import opencc
import pytest

from bot.locales import LANGUAGES
from bot.locales.about import KEEPING_TEXTS, KeepingTexts
from bot.locales.admin import ADMIN_TEXTS, AdminTexts
from bot.locales.delivery import LINE_TEXTS, LineTexts

ALL = [(ADMIN_TEXTS, AdminTexts), (KEEPING_TEXTS, KeepingTexts), (LINE_TEXTS, LineTexts)]


def _strings(texts: object, form: type[AdminTexts | KeepingTexts | LineTexts]) -> dict[str, str]:
    found = {field.name: getattr(texts, field.name) for field in fields(form)}
    nested = {
        f"{name}.{key}": text
        for name, value in found.items()
        if isinstance(value, dict)
        for key, text in value.items()
    }
    return {name: value for name, value in found.items() if isinstance(value, str)} | nested


@pytest.mark.parametrize(("known", "form"), ALL)
def test_every_language_says_the_same_with_the_same_places_to_fill(
    known: dict[str, object], form: type[AdminTexts | KeepingTexts | LineTexts]
) -> None:
    assert list(known) == list(LANGUAGES)
    first, *others = (_strings(texts, form) for texts in known.values())
    for other in others:
        assert other.keys() == first.keys()
        for name, text in first.items():
            assert _places(other[name]) == _places(text), name
            assert other[name].strip()


@pytest.mark.parametrize(("known", "form"), ALL)
def test_the_simplified_texts_hold_no_traditional_character(
    known: dict[str, object], form: type[AdminTexts | KeepingTexts | LineTexts]
) -> None:
    convert = opencc.OpenCC("t2s").convert
    for text in _strings(known["zh-hans"], form).values():
        assert convert(text) == text


def test_notices_fit_the_toast_of_a_button() -> None:
    for texts in ADMIN_TEXTS.values():
        assert max(map(len, (texts.admins_only, texts.upload_gone, texts.upload_taken))) <= 200
    assert all(len(texts.too_many) <= 200 for texts in LINE_TEXTS.values())


def test_who_is_given_up_may_have_an_answer_and_is_not_told_that_there_is_none() -> None:
    for texts in LINE_TEXTS.values():
        assert any(word in texts.unanswered for word in ("如果", "If "))


def _places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
