"""Texts are converted between the scripts by words."""

from __future__ import annotations

from retrieval.language import scripts


def test_a_character_with_two_traditional_forms_is_converted_by_its_word() -> None:
    assert scripts.to_traditional("头发与发展") == "頭髮與發展"
    assert scripts.to_simplified("頭髮與發展") == "头发与发展"


def test_a_text_of_the_script_asked_for_stays_as_it_is() -> None:
    assert scripts.to_traditional("臺灣的發展, A1") == "臺灣的發展, A1"
    assert scripts.to_simplified("台湾的发展, A1") == "台湾的发展, A1"
