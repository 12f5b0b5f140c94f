from __future__ import annotations

import pytest

from bot.replies import callback_data as callbacks
from bot.replies.callback_data import Choice, Example, View
from bot.state.conversations import Search, Verdict, new_answer_id

PASSAGE = "0123456789abcdef"


def test_what_is_made_is_read_back_and_fits_64_bytes() -> None:
    answer, search = new_answer_id(), Search("詞").search_id
    made = [
        *((callbacks.OPEN, callbacks.opens(view, PASSAGE, 99_999)) for view in View),
        (callbacks.PLACES, callbacks.lists_places(3)),
        (callbacks.BULLETINS, callbacks.lists_bulletins(3)),
        (callbacks.SET_LANGUAGE, callbacks.sets_language("zh-hans")),
        *((callbacks.EXAMPLE, callbacks.runs_example(kind, 2)) for kind in Example),
        (callbacks.MORE, callbacks.shows_more(answer)),
        (callbacks.CONVERT, callbacks.converts_answer(answer)),
        *((callbacks.FEEDBACK, callbacks.judges(verdict, answer)) for verdict in Verdict),
        (callbacks.RESULTS, callbacks.shows_results(search, 9)),
        *((callbacks.CHOOSE, callbacks.chooses_filter(choice, search, 9)) for choice in Choice),
        (callbacks.CHOSEN, callbacks.sets_filter(Choice.PLACE, search, PASSAGE)),
        (callbacks.CHOSEN, callbacks.sets_filter(Choice.BULLETIN, search, None)),
        *((callbacks.PAGE_OF_HOME, page) for page in (callbacks.HOME, callbacks.HELP, callbacks.LANGUAGE)),
    ]
    patterns = {pattern for pattern, _ in made}
    for pattern, data in made:
        assert pattern.match(data), data
        assert len(data.encode()) <= 64
        assert [other for other in patterns if other.match(data)] == [pattern]


def test_a_payload_may_say_where_the_quote_stands() -> None:
    payload = callbacks.payload(PASSAGE, (0, 9_999_999))
    assert len(payload) <= 64
    found = callbacks.PAYLOAD.match(payload)
    assert found is not None
    assert (found["id"], found["start"], found["end"]) == (PASSAGE, "0", "9999999")
    assert callbacks.PAYLOAD.match(callbacks.payload(PASSAGE))


@pytest.mark.parametrize(
    "data", ["", "p:", f"p_{PASSAGE}_1", f"p_{PASSAGE}_1_2\n", f"p_{PASSAGE}_1_99999999", "p_" + "f" * 17]
)
def test_other_payloads_are_not_taken_for_one(data: str) -> None:
    assert callbacks.PAYLOAD.match(data) is None
