from __future__ import annotations

from typing import Literal

import pytest

from bot.access import FirstContacts, Sender, is_admitted, is_limited
from bot.settings import Settings, load_settings

ADMIN, ALLOWED, STRANGER = 1, 2, 3
GROUP, OTHER_GROUP = -100, -200


def settings_with(mode: Literal["public", "private"], *allowed: int) -> Settings:
    return load_settings(bot_mode=mode, allowed_chats=frozenset(allowed), admin_ids=frozenset({ADMIN}))


def alone(person: int) -> Sender:
    return Sender(person, person, is_private=True)


def in_group(person: int, group: int) -> Sender:
    return Sender(person, group, is_private=False)


def inline(person: int) -> Sender:
    return Sender(person, None, is_private=True)


EVERYONE = [
    alone(STRANGER),
    in_group(STRANGER, OTHER_GROUP),
    inline(STRANGER),
    Sender(None, None, is_private=True),
]
SERVED = [alone(ADMIN), alone(ALLOWED), in_group(STRANGER, GROUP), inline(ALLOWED), inline(ADMIN)]
NOT_SERVED = [
    *EVERYONE,
    in_group(ADMIN, OTHER_GROUP),
    in_group(ALLOWED, OTHER_GROUP),
    Sender(None, OTHER_GROUP, is_private=False),
]


@pytest.mark.parametrize("visit", [*SERVED, *NOT_SERVED], ids=str)
def test_a_public_bot_without_a_list_serves_everyone(visit: Sender) -> None:
    assert is_admitted(visit, settings_with("public"))


@pytest.mark.parametrize("mode", ["public", "private"])
def test_with_a_list_those_on_it_and_admins_are_served_and_nobody_else(
    mode: Literal["public", "private"],
) -> None:
    settings = settings_with(mode, ALLOWED, GROUP)
    assert [visit for visit in SERVED if not is_admitted(visit, settings)] == []
    assert [visit for visit in NOT_SERVED if is_admitted(visit, settings)] == []


def test_a_private_bot_without_a_list_serves_admins_only() -> None:
    settings = settings_with("private")
    assert [visit for visit in [*SERVED, *NOT_SERVED] if is_admitted(visit, settings)] == [
        alone(ADMIN),
        inline(ADMIN),
    ]


@pytest.mark.parametrize(
    ("mode", "allowed", "expected"),
    [("public", (), False), ("public", (GROUP,), True), ("private", (), True), ("private", (GROUP,), True)],
)
def test_a_bot_is_limited_unless_it_is_public_without_a_list(
    mode: Literal["public", "private"], allowed: tuple[int, ...], expected: bool
) -> None:
    assert is_limited(settings_with(mode, *allowed)) is expected


def test_once_is_once_a_thing_and_memory_is_bounded() -> None:
    firsts = FirstContacts(most=2)
    assert [firsts.is_first(thing) for thing in "aabab"] == [True, False, True, False, False]
    assert firsts.is_first("c")  # and now a, the longest unseen, is forgotten
    assert not firsts.is_first("b")
    assert firsts.is_first("a")
