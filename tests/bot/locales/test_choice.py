from __future__ import annotations

import pytest

from bot.locales import EN, ZH_HANS, ZH_HANT, Texts, texts_for


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
