from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.romanization import romanized_place


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("重慶", "Chongqing"),
        ("廈門", "Xiamen"),
        ("陝西", "Shaanxi"),
        ("山西", "Shanxi"),
        ("內蒙古", "Inner Mongolia"),
        ("江蘇南京", "Jiangsu Nanjing"),
        ("安徽合肥包河區", "Anhui Hefei Baohe"),
        ("西安", "Xi'an"),
        ("長沙", "Changsha"),
        ("火星", ""),
    ],
)
def test_a_place_is_spelled_as_maps_spell_it(name: str, spelled: str) -> None:
    assert romanized_place(name) == spelled


@given(st.text(max_size=20))
def test_any_name_has_a_spelling_or_none(name: str) -> None:
    assert romanized_place(name).isprintable()
