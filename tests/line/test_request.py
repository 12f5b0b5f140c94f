from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.line.request import TelegramRequest, whole_answer

SENT = json.dumps(
    {"ok": True, "result": {"message_id": 41, "date": 1, "chat": {"id": 7}, "text": "答"}}
).encode()
ASKED = RequestData([RequestParameter.from_input("chat_id", 7)])


@given(st.integers(0, len(SENT)))
def test_wherever_the_answer_to_a_message_breaks_off_it_is_known_as_taken_or_as_unknown(end: int) -> None:
    try:
        answer = json.loads(whole_answer("sendMessage", ASKED, SENT[:end]))
    except NetworkError:
        assert end < len(b'{"ok": true')
        return
    number = answer["result"]["message_id"]
    assert answer["ok"] is True
    assert answer["result"]["chat"]["id"] == 7
    assert number == (41 if end > SENT.index(b"41") + 2 else 0)


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"[]", b"{}", b'{"ok": false', b'{"ok": fal'])
def test_what_says_nothing_of_success_is_a_fault_of_the_line(body: bytes) -> None:
    with pytest.raises(NetworkError):
        whole_answer("sendMessage", ASKED, body)


@pytest.mark.parametrize("endpoint", ["getUpdates", "getMe", "getFile"])
def test_what_was_asked_for_is_not_made_up(endpoint: str) -> None:
    with pytest.raises(NetworkError):
        whole_answer(endpoint, ASKED, b'{"ok":true,"result":[{"update_id":1')


def test_a_whole_answer_is_passed_on_as_it_is() -> None:
    assert whole_answer("sendMessage", ASKED, SENT) is SENT
    assert json.loads(whole_answer("editMessageText", ASKED, b'{"ok":true,"resu'))["result"] is True


def test_an_unreadable_body_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    for payload in (b"private words", b"[1]", b"\xff"):
        with pytest.raises(TelegramError) as fault:
            TelegramRequest.parse_json_payload(payload)
        assert "private" not in str(fault.value)
    assert caplog.records == []
