from __future__ import annotations

import re

import pytest

from bot.output.html_to_text import PATTERN_EXAMPLES, render

LINK = "https://t.me/terminal?start=p_00112233aabbccdd"


@pytest.mark.parametrize(("pattern", "example", "counterexample"), PATTERN_EXAMPLES)
def test_each_pattern_matches_its_example_and_not_its_counterexample(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.fullmatch(example)
    assert not pattern.fullmatch(counterexample)


def test_the_command_that_opens_a_link_follows_its_label_but_not_a_mere_number() -> None:
    assert render(f'「<b>甲</b>&amp;」<a href="{LINK}">〔1〕</a>').plain == "「甲&」〔1〕"
    assert render(f'<a href="{LINK}">〔1〕北京</a>').plain == "〔1〕北京  /start p_00112233aabbccdd"
