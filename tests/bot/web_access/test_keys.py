from __future__ import annotations

import re

import pytest

from bot.settings import load_settings
from bot.web_access import AccessKeys, hash_of_key, keys, new_key, signed_links
from retrieval.errors import BulletinBotError

KEY = "a-key-of-somebody"
KEYS = AccessKeys({"press": hash_of_key(KEY), "other": hash_of_key("another")})


@pytest.mark.parametrize(
    ("pattern", "example", "counterexample"), [*keys.PATTERN_EXAMPLES, *signed_links.PATTERN_EXAMPLES]
)
def test_each_pattern_matches_its_example_only(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.fullmatch(example)
    assert not pattern.fullmatch(counterexample)


def test_a_key_is_known_by_its_hash_and_names_its_owner() -> None:
    assert KEYS.name_of(KEY) == "press"
    assert KEYS.name_of("another") == "other"


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "x", hash_of_key(KEY), "é\udc80", "x" * 100_000])
def test_no_other_key_is_known(key: str) -> None:
    assert KEYS.name_of(key) is None


@pytest.mark.parametrize("header", [None, "", KEY, f"Basic {KEY}", f"Bearer {KEY} {KEY}", "Bearer "])
def test_a_header_without_a_known_bearer_key_names_nobody(header: str | None) -> None:
    assert KEYS.name_of_header(header) is None


def test_a_bearer_header_names_the_owner_of_its_key() -> None:
    assert KEYS.name_of_header(f"Bearer {KEY}") == "press"


def test_new_keys_differ_and_are_long() -> None:
    assert len({new_key() for _ in range(20)}) == 20
    assert len(new_key()) >= 43


def test_the_settings_hold_hashes_by_name_and_print_none() -> None:
    settings = load_settings(access_keys=f"press:{hash_of_key(KEY)}, other:{hash_of_key('another')}")
    assert AccessKeys.of(settings).name_of(KEY) == "press"
    assert hash_of_key(KEY) not in repr(settings)


@pytest.mark.parametrize("given", [KEY, f"press:{KEY}", f"a:{hash_of_key(KEY)},a:{hash_of_key(KEY)}"])
def test_a_key_that_is_not_hashed_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(BulletinBotError, match="ACCESS_KEYS") as refusal:
        load_settings(access_keys=given)
    assert given not in str(refusal.value)
