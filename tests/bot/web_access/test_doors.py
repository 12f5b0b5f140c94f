"""Signed links, Mini App data, hosts and bounds: each accepts what it should and nothing that was changed."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web_access import HostCheck, LinkSigner, RequestLimiter, person_of_init_data

TOKEN = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"
NOW = 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def test_a_token_names_its_subject_until_it_expires() -> None:
    clock = Clock()
    signer = LinkSigner.of_secret(TOKEN, 3600, clock)
    token = signer.token("c-1001")
    clock.now += 3599
    assert signer.subject_of(token) == "c-1001"
    clock.now += 1
    assert signer.subject_of(token) is None


@given(position=st.integers(0, 80), character=st.characters())
def test_a_token_with_any_character_changed_names_nobody(position: int, character: str) -> None:
    signer = LinkSigner.of_secret(TOKEN, 3600, Clock())
    token = signer.token("c42")
    position %= len(token)
    changed = token[:position] + character + token[position + 1 :]
    assert signer.subject_of(changed) == ("c42" if changed == token else None)


def test_a_token_of_another_secret_names_nobody() -> None:
    assert (
        LinkSigner.of_secret("x", 60, Clock()).subject_of(LinkSigner.of_secret("y", 60, Clock()).token("c1"))
        is None
    )


def init_data(token: str = TOKEN, **changed: str) -> str:
    """Init data as Telegram signs it; the changes are made before the signature."""
    fields = {
        "auth_date": str(int(NOW)),
        "query_id": "AA",
        "user": json.dumps({"id": 7, "first_name": "林"}),
    } | changed
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode(fields | {"hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})


def test_init_data_signed_by_the_bot_s_token_names_the_person() -> None:
    assert person_of_init_data(init_data(), TOKEN, NOW + 3600) == 7


@pytest.mark.parametrize(
    ("data", "now"),
    [
        (init_data(), NOW + 3601),
        (init_data(), NOW - 61),
        (init_data(token="987654321:AAF_abcdefghijklmnopqrstuvwxyz-01234"), NOW),
        (init_data().replace("id%22%3A+7", "id%22%3A+8"), NOW),
        (init_data() + "&user=%7B%22id%22%3A1%7D", NOW),
        (init_data(auth_date="now"), NOW),
        (init_data(user="[7]"), NOW),
        (init_data(user='{"id": true}'), NOW),
        (init_data(user='{"id": "7"}'), NOW),
        (init_data().replace("hash", "hush"), NOW),
        ("hash=%ff%fe", NOW),
        ("", NOW),
        ("a" * 10_000, NOW),
    ],
)
def test_init_data_that_is_old_forged_or_malformed_names_nobody(data: str, now: float) -> None:
    assert person_of_init_data(data, TOKEN, now) is None


@pytest.mark.parametrize(
    "host", ["bulletins.example", "BULLETINS.example:8080", "localhost:1", "127.0.0.1", "[::1]:80"]
)
def test_own_names_and_addresses_are_accepted(host: str) -> None:
    assert HostCheck(frozenset({"bulletins.example"})).accepts(host)


@pytest.mark.parametrize(
    "host", [None, "", "evil.example", "bulletins.example.evil", "a@evil.example", "[::1", "127.0.0.1.nip.io"]
)
def test_other_names_are_not_accepted(host: str | None) -> None:
    assert not HostCheck(frozenset({"bulletins.example"})).accepts(host)


def test_a_caller_beyond_the_burst_waits_and_others_do_not() -> None:
    clock = Clock()
    limiter = RequestLimiter(burst=2, per_minute=60, clock=clock)
    assert [limiter.seconds_to_wait("a") for _ in range(3)] == [0.0, 0.0, 1.0]
    assert limiter.seconds_to_wait("b") == 0.0
    clock.now += 1
    assert limiter.seconds_to_wait("a") == 0.0
