from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import opencc
import pytest

from bot.locales import EN, LANGUAGES, ZH_HANS, ZH_HANT, Texts, texts_by_command_language
from retrieval.types import LeftOutReason


def strings_in(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of every string of the texts, also in nested texts and dictionaries; not in tuples."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, text in value.items():
            yield from strings_in(text, f"{path}.{key}")
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_in(getattr(value, field.name), f"{path}.{field.name}")


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_strings_of_nested_texts_are_compared_too() -> None:
    paths = dict(strings_in(ZH_HANT))
    assert {".name", ".admin.add", ".admin.stages.reading", ".about.button", ".delivery.wait"} <= paths.keys()


@pytest.mark.parametrize("texts", [ZH_HANS, EN])
def test_every_language_says_the_same_with_the_same_places_to_fill(texts: Texts) -> None:
    expected, actual = dict(strings_in(ZH_HANT)), dict(strings_in(texts))
    assert actual.keys() == expected.keys()
    for path, text in expected.items():
        assert placeholders(actual[path]) == placeholders(text), path
        assert actual[path].strip()


def test_the_simplified_texts_hold_no_traditional_character() -> None:
    convert = opencc.OpenCC("t2s").convert
    for path, text in strings_in(ZH_HANS):
        assert convert(text) == text, path


def test_command_descriptions_fit_telegram() -> None:
    for texts in texts_by_command_language().values():
        assert [name for name, _ in texts.commands] == [name for name, _ in ZH_HANT.commands]
        assert all(1 <= len(description) <= 256 for _, description in texts.commands)


def test_notices_fit_the_toast_of_a_button() -> None:
    for texts in LANGUAGES.values():
        admin = texts.admin
        assert max(map(len, (admin.admins_only, admin.upload_gone, admin.upload_taken))) <= 200
        assert len(texts.delivery.too_many) <= 200


def test_who_is_given_up_may_have_an_answer_and_is_not_told_that_there_is_none() -> None:
    for texts in LANGUAGES.values():
        assert any(word in texts.delivery.unanswered for word in ("如果", "If "))


@pytest.mark.parametrize("texts", [EN, ZH_HANS, ZH_HANT])
def test_every_reason_for_leaving_a_line_out_has_a_name(texts: Texts) -> None:
    assert texts.admin.left_out_reasons.keys() == {reason.value for reason in LeftOutReason}
