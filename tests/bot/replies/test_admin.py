from __future__ import annotations

import pytest

from bot.locales import LANGUAGES
from bot.replies.admin import stage_text


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [
        ("zh-hant", 3.0, "▓▓▓▓▓░░░░░ 35/70　大約還要 5 秒\n"),
        ("zh-hant", 12_100.0, "大約還要 3 小時 22 分鐘\n"),
        ("zh-hans", 200.0, "大约还要 3 分钟\n"),
        ("en", 97.0, "35/70, about 95 s left\n"),
        ("en", 3599.0, ", about 1 h 0 min left\n"),
    ],
)
def test_the_time_left_is_said_as_one_plans_by_it_in_each_language(
    language: str, seconds: float, said: str
) -> None:
    assert said in stage_text("embedding", 35, 70, LANGUAGES[language].admin, seconds_left=seconds)


def test_nothing_is_said_of_time_that_is_not_known() -> None:
    assert stage_text("embedding", 35, 70, LANGUAGES["en"].admin).splitlines()[0].endswith("35/70")
