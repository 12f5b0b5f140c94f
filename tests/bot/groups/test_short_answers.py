"""Short answers: at most five lines whatever the bulletins hold, verbatim, with the answering words kept."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.groups import MOST_LINES, phone_lines, short_reply
from bot.groups.short_answers import excerpt
from bot.locales import EN, ZH_HANT, Texts
from bot.replies.answers import answer_reply
from bot.serving import Exchange
from retrieval.types import Answer, PlaceAnswer, PlaceShift, QuestionType, Quote
from tests.chatting import a_passage, answered, plain_link, refused

LONG = "各地" + "把好推薦、評選、發佈三道關口," * 12 + "每月發佈10名月榜人物,全年評出120名。"


def _short(answer: Answer, texts: Texts = ZH_HANT, notes: tuple[str, ...] = ()) -> str:
    whole = answer_reply(answer, (), texts, plain_link, answer_id="a")
    reply = short_reply(Exchange(answer, None, None), whole, texts, plain_link, notes=notes)
    (message,) = reply.messages
    return message


def _quote(text: str, mark: str = "") -> Quote:
    start = text.find(mark) if mark else -1
    marks = ((start, start + len(mark)),) if start >= 0 else ()
    return Quote(a_passage(text), 0, len(text), 1.0, marks)


@pytest.mark.parametrize("texts", [ZH_HANT, EN])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_a_comparison_is_its_count_and_a_line_or_two_a_place(texts: Texts, count: int) -> None:
    quotes = tuple(
        replace(_quote(LONG), passage=replace(a_passage(LONG), passage_id=f"{number:016x}"))
        for number in range(count)
    )
    places = tuple(PlaceAnswer(f"地方{number}", (quote,)) for number, quote in enumerate(quotes))
    answer = replace(answered(*quotes), question_type=QuestionType.COMPARISON, by_place=places)
    shown = _short(answer, texts)
    assert phone_lines.count_lines_of_markup(shown) <= MOST_LINES
    assert shown.count("<a ") == min(count, MOST_LINES - 1)


def test_a_long_quote_is_shown_around_the_figure_that_answers() -> None:
    shown = _short(answered(_quote(LONG, "10名")))
    assert "<b>10名</b>" in shown
    assert shown.startswith("…「")
    assert phone_lines.count_lines_of_markup(shown) <= MOST_LINES
    (words,) = re.findall("「(.*?)」", shown)
    assert re.sub("<.*?>", "", words) in LONG


def test_a_long_quote_without_a_figure_is_shown_around_the_clause_nearest_to_the_question() -> None:
    answer = replace(answered(_quote(LONG)), question="每个月发布多少名月榜人物?")
    assert "每月發佈10名月榜人物" in _short(answer)


def test_notes_and_the_shift_of_place_leave_room_for_the_quote_and_its_source() -> None:
    answer = replace(
        answered(_quote(LONG, "10名")), place_shift=PlaceShift("浙江", "浙江義烏", is_inside=True)
    )
    shown = _short(answer, notes=("注" * 50, "二"))
    assert phone_lines.count_lines_of_markup(shown) <= MOST_LINES
    assert "<b>10名</b>" in shown
    assert "〔1〕北京・篇3" in shown


def test_a_refusal_stays_as_it_is() -> None:
    answer = refused("not_found")
    assert _short(replace(answer, hits=answered(_quote(LONG)).hits)).startswith(ZH_HANT.not_found)


@given(st.text(min_size=1), st.integers(0, 60), st.integers(0, 12), st.floats(6, 70))
def test_an_excerpt_is_verbatim_and_fits_for_any_text(
    text: str, start: int, length: int, width: float
) -> None:
    left = min(start, len(text) - 1)
    quote = replace(_quote(text), marks=((left, min(left + length, len(text))),) if length else ())
    shown = re.sub("</?b>", "", excerpt(quote, width))
    plain = html.unescape(shown)
    assert phone_lines.width_of(plain) <= width
    assert plain.removeprefix("…").removeprefix("「").removesuffix("…").removesuffix("」") in text
