from __future__ import annotations

import re

import pytest

from bot.replies import callback_data
from bot.replies.callback_data import BasketStep, Choice, Example, View
from bot.state.conversations import Search, Verdict, new_answer_id
from bot.state.records import QuotedSpan

PASSAGE = "0123456789abcdef"


def test_what_is_made_is_read_back_and_fits_64_bytes() -> None:
    answer, search = new_answer_id(), Search("詞").search_id
    made = [
        *((callback_data.OPEN, callback_data.opens(view, PASSAGE, 99_999)) for view in View),
        (callback_data.PLACES, callback_data.lists_places(3)),
        (callback_data.BULLETINS, callback_data.lists_bulletins(3)),
        (callback_data.SET_LANGUAGE, callback_data.sets_language("zh-hans")),
        *((callback_data.EXAMPLE, callback_data.runs_example(kind, 2)) for kind in Example),
        (callback_data.MORE, callback_data.shows_more(answer)),
        (callback_data.CONVERT, callback_data.converts_answer(answer)),
        *((callback_data.FEEDBACK, callback_data.judges(verdict, answer)) for verdict in Verdict),
        (callback_data.RESULTS, callback_data.shows_results(search, 9)),
        *((callback_data.CHOOSE, callback_data.chooses_filter(choice, search, 9)) for choice in Choice),
        (callback_data.CHOSEN, callback_data.sets_filter(Choice.PLACE, search, PASSAGE)),
        (callback_data.CHOSEN, callback_data.sets_filter(Choice.BULLETIN, search, None)),
        (callback_data.COLLECT, callback_data.collects_answer(answer)),
        (callback_data.COLLECT, callback_data.collects_passage(PASSAGE)),
        *((callback_data.BASKET, callback_data.opens_basket(99_999, step)) for step in BasketStep),
        (callback_data.REMOVE, callback_data.removes_quote(QuotedSpan(PASSAGE, 0, 9_999_999), 99_999)),
        (callback_data.EXPORT, callback_data.exports("w", answer)),
        (callback_data.EXPORT, callback_data.exports("m")),
        *(
            (callback_data.PAGE_OF_HOME, page)
            for page in (callback_data.HOME, callback_data.HELP, callback_data.LANGUAGE)
        ),
    ]
    patterns = {pattern for pattern, _ in made}
    for pattern, data in made:
        assert pattern.match(data), data
        assert len(data.encode()) <= 64
        assert [other for other in patterns if other.match(data)] == [pattern]


def test_a_payload_may_say_where_the_quote_stands() -> None:
    payload = callback_data.payload(PASSAGE, (0, 9_999_999))
    assert len(payload) <= 64
    link = callback_data.PAYLOAD.match(payload)
    assert link is not None
    assert (link["id"], link["start"], link["end"]) == (PASSAGE, "0", "9999999")
    assert callback_data.PAYLOAD.match(callback_data.payload(PASSAGE))


@pytest.mark.parametrize(
    "data", ["", "p:", f"p_{PASSAGE}_1", f"p_{PASSAGE}_1_2\n", f"p_{PASSAGE}_1_99999999", "p_" + "f" * 17]
)
def test_other_payloads_are_not_taken_for_one(data: str) -> None:
    assert callback_data.PAYLOAD.match(data) is None


@pytest.mark.parametrize(("pattern", "example", "counterexample"), callback_data.PATTERN_EXAMPLES)
def test_each_pattern_matches_its_example_and_not_its_counterexample(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.match(example)
    assert not pattern.match(counterexample)


def test_every_pattern_has_an_example() -> None:
    patterns = [value for value in vars(callback_data).values() if isinstance(value, re.Pattern)]
    assert patterns == [pattern for pattern, _, _ in callback_data.PATTERN_EXAMPLES]
