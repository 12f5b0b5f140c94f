"""Lines on a phone: counted as screens are measured, and cut to fit for any text."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from bot.groups import phone_lines
from bot.groups.phone_lines import count_lines, cut_to_lines, first_lines_of_markup, prefix_within, width_of


def test_a_line_holds_21_chinese_characters_or_42_latin_ones() -> None:
    assert count_lines("好" * 21) == count_lines("a" * 42) == 1
    assert count_lines("好" * 22) == count_lines("a" * 43) == 2
    assert count_lines("甲\n\n乙") == 3


@given(st.text(), st.integers(1, 5))
def test_a_text_cut_to_lines_fits_them_and_is_its_beginning(text: str, lines: int) -> None:
    cut = cut_to_lines(text, lines)
    assert count_lines(cut) <= lines
    assert " ".join(text.split()).startswith(cut.removesuffix("…").rstrip())


@given(st.text(), st.floats(0, 100))
def test_a_prefix_is_as_wide_as_it_may_be(text: str, width: float) -> None:
    prefix = prefix_within(text, width)
    assert text.startswith(prefix)
    assert width_of(prefix) <= width
    assert prefix == text or width_of(text[: len(prefix) + 1]) > width


@given(st.lists(st.text(alphabet="好a<&\"'", max_size=120), min_size=1), st.integers(1, 5))
def test_the_first_lines_of_markup_fit_and_stay_markup(lines: list[str], most: int) -> None:
    markup = "\n".join(f"<b>{html.escape(line, quote=False)}</b>" for line in lines)
    shown = first_lines_of_markup(markup, most)
    assert phone_lines.count_lines_of_markup(shown) <= most
    assert shown.count("<b>") == shown.count("</b>")
