from __future__ import annotations

from bot.conversations import Conversations
from retrieval.follow_ups import Turn


def test_the_last_turn_of_each_chat_is_kept_for_itself() -> None:
    conversations = Conversations()
    conversations.remember((1, 1), Turn("first"))
    conversations.remember((2, 1), Turn("other"))
    conversations.remember((1, 1), Turn("second"))
    assert conversations.last_turn((1, 1)) == Turn("second")
    assert conversations.last_turn((2, 1)) == Turn("other")
    assert conversations.last_turn((1, 2)) is None


def test_a_turn_is_forgotten_after_its_time() -> None:
    now = [0.0]
    conversations = Conversations(seconds_kept=60.0, clock=lambda: now[0])
    conversations.remember((1, 1), Turn("question"))
    now[0] = 60.0
    assert conversations.last_turn((1, 1)) is not None
    now[0] = 60.1
    assert conversations.last_turn((1, 1)) is None


def test_the_chat_silent_for_longest_is_forgotten_first() -> None:
    conversations = Conversations(most=2)
    for chat in (1, 2, 1, 3):
        conversations.remember((chat, 0), Turn(str(chat)))
    assert [conversations.last_turn((chat, 0)) for chat in (1, 2, 3)] == [Turn("1"), None, Turn("3")]
