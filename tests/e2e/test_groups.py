"""The real process in groups: it answers messages addressed to it, in their topic, and no others."""

from __future__ import annotations

import itertools

import pytest

from tests.e2e.bot_api import Emulator, Group, Person
from tests.e2e.test_conversation import ANSWER, FIRST_REPLY_SECONDS

QUESTION = "北京榜樣每個月評出多少人?"
_NUMBERS = itertools.count(1001)


@pytest.fixture
def person(conversation: Emulator) -> Person:
    return conversation.person(next(_NUMBERS))


@pytest.fixture
def group(conversation: Emulator) -> Group:
    return conversation.group(-next(_NUMBERS), bot_is_admin=True)


@pytest.mark.parametrize(
    "said", ["@{bot} {question}", "{question} @{bot}", "/ask@{bot} {question}", "/ask {question}"]
)
def test_a_mention_or_a_command_is_answered_in_reply_to_the_question(
    conversation: Emulator, person: Person, group: Group, said: str
) -> None:
    asked = person.says(said.format(bot=conversation.username, question=QUESTION), chat=group)
    answer = person.waits_for_message(chat=group, timeout=FIRST_REPLY_SECONDS)
    assert ANSWER in answer.text.splitlines()[0]
    assert answer.reply_to_message_id == asked.message_id
    assert conversation.refused == []


def test_talk_among_people_is_left_alone(conversation: Emulator, person: Person, group: Group) -> None:
    said = person.says(QUESTION, chat=group)
    person.replies(said, "我也想知道")
    person.says("@somebody_else 你好", chat=group)
    person.says("/ask@other_bot 好", chat=group)
    person.says("/unknown", chat=group)
    person.hears_nothing(seconds=1.0, chat=group)


def test_a_reply_to_an_answer_goes_on_from_that_answer(
    conversation: Emulator, person: Person, group: Group
) -> None:
    person.says(f"@{conversation.username} 重慶有多少志願者?", chat=group)
    answer = person.waits_for_message(chat=group, timeout=FIRST_REPLY_SECONDS)
    other = conversation.person(next(_NUMBERS))
    other.replies(answer, "那江蘇呢?")
    assert "理解為\uff1a江蘇・多少志願者" in other.waits_for_message(chat=group).text


def test_a_mention_alone_in_reply_to_a_question_answers_that_question(
    conversation: Emulator, person: Person, group: Group
) -> None:
    asked = person.says(QUESTION, chat=group)
    person.replies(asked, f"@{conversation.username}")
    assert ANSWER in person.waits_for_message(chat=group, timeout=FIRST_REPLY_SECONDS).text


def test_a_topic_is_kept(conversation: Emulator, person: Person) -> None:
    forum = conversation.group(-next(_NUMBERS), is_forum=True)
    person.says(f"/ask@{conversation.username} {QUESTION}", chat=forum, thread=42)
    answer = person.waits_for_message(chat=forum, timeout=FIRST_REPLY_SECONDS)
    assert answer.thread_id == 42
    person.replies(answer, "那大連呢?")
    assert person.waits_for_message(chat=forum).thread_id == 42
    assert conversation.refused == []


def test_an_edited_question_changes_its_answer(conversation: Emulator, person: Person, group: Group) -> None:
    asked = person.says(f"@{conversation.username} {QUESTION}", chat=group)
    answer = person.waits_for_message(chat=group, timeout=FIRST_REPLY_SECONDS)
    person.edits(asked, f"@{conversation.username} 大連推出了多少個公益項目?")
    assert "112項公益項目" in person.waits_for_edit(answer).text
    person.hears_nothing(chat=group)


def test_links_in_a_group_say_where_the_quote_stands_for_everyone_there(
    conversation: Emulator, person: Person, group: Group
) -> None:
    person.says(f"@{conversation.username} {QUESTION}", chat=group)
    answer = person.waits_for_message(chat=group, timeout=FIRST_REPLY_SECONDS)
    other = conversation.person(next(_NUMBERS))
    (source,) = [address for label, address in answer.links if label.startswith("〔1〕")]
    other.opens(source)
    assert ANSWER in other.waits_for_message().spans("underline")[0]
