from __future__ import annotations

import re

import pytest

from bot.administration import callback_data
from bot.replies import callback_data as others


@pytest.mark.parametrize(("pattern", "example", "counterexample"), callback_data.PATTERN_EXAMPLES)
def test_each_pattern_matches_its_example_alone_and_not_its_counterexample(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    every = [known for known, _, _ in (*callback_data.PATTERN_EXAMPLES, *others.PATTERN_EXAMPLES)]
    assert [known for known in every if known.match(example)] == [pattern]
    assert not pattern.match(counterexample)


def test_what_is_made_is_read_back_and_fits_64_bytes() -> None:
    made = [
        (callback_data.ROLLBACK, callback_data.rolls_back("20260101T000000.000000Z")),
        (callback_data.ROLLBACK, callback_data.KEEPS_INDEX),
        (callback_data.PURGE_LIST, callback_data.lists_bulletins(99_999)),
        (callback_data.PURGE_SHOWN, callback_data.shows_removal("0" * 12)),
        (callback_data.PURGE_SURE, callback_data.takes_out("0" * 12, "f" * 8)),
        (callback_data.PURGE_NOT, callback_data.TAKES_NOTHING_OUT),
    ]
    for pattern, data in made:
        assert pattern.match(data), data
        assert len(data.encode()) <= 64
