"""Candidates are the longest names at the beginnings of words, in order and without overlaps."""

from __future__ import annotations

import itertools

import pytest

from retrieval.language import fold
from retrieval.places.name_candidates import Candidate, find_candidates, may_name_places
from retrieval.places.word_boundaries import find_word_boundaries
from retrieval.types import Reading


def candidates(text: str) -> list[Candidate]:
    folded = fold(text)
    return list(find_candidates(folded, find_word_boundaries(folded)))


@pytest.mark.parametrize(
    ("text", "names", "are_aliases"),
    [
        ("江蘇南京市鼓樓區開展活動", ["江蘇", "南京市", "鼓樓區"], [False, False, False]),
        ("鵬城的志願者", ["鵬城"], [True]),
        ("Xi'an volunteers", ["Xi'an"], [True]),
        ("首都機場", [], []),
        ("發展中山區經濟", [], []),
    ],
)
def test_candidates_are_whole_words_that_divisions_bear(
    text: str, names: list[str], are_aliases: list[bool]
) -> None:
    assert [text[candidate.start : candidate.end] for candidate in candidates(text)] == names
    assert [candidate.is_alias for candidate in candidates(text)] == are_aliases


def test_candidates_do_not_overlap_and_only_a_text_that_may_name_places_has_some(
    seed_reading: Reading,
) -> None:
    for passage in seed_reading.passages:
        named = candidates(passage.text)
        assert all(before.end <= after.start for before, after in itertools.pairwise(named))
        assert may_name_places(fold(passage.text)) or not named
