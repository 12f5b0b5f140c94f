"""Captions of photos and files, and albums; only the network is replaced."""

from __future__ import annotations

import asyncio

import pytest

from bot.handlers import attachments
from bot.locales import ZH_HANT
from tests.chatting import Chat, a_group
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage
from tests.e2e.bot_api.wire import JsonObject

QUESTION, ANSWER = "北京榜樣每個月評出多少人?", "每月發佈10名月榜人物"
NAME = "@bulletin_test_bot"
GROUP = {"id": -1001, "type": "supergroup", "title": "群組"}
PHOTO = {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}
DOCUMENT = {"document": {"file_id": "a", "file_unique_id": "b", "file_name": "a.txt", "file_size": 9}}


@pytest.fixture(autouse=True)
def _albums_are_waited_for_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "ALBUM_SECONDS", 0.1)


async def _shows(person: Telegram, content: JsonObject, kind: str = "message") -> None:
    """A message with something else than text, in private unless another chat is given."""
    if person.chat.last_message_id == 0:
        await person.asks("/lang")
    person.chat.last_message_id += 1
    message = {"message_id": person.chat.last_message_id, "date": 1, "from": person.user.as_json()}
    await person.acts(kind, {**message, "chat": person.chat.as_json(), **content})


def _answers(person: Telegram) -> list[SentMessage]:
    return person.shown()[1:]


def _caption(words: str) -> JsonObject:
    start = words.find(NAME)
    mention = [{"type": "mention", "offset": start, "length": len(NAME)}] if start >= 0 else []
    return {"caption": words, "caption_entities": mention}


@pytest.mark.parametrize(
    "content", [PHOTO, DOCUMENT, {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}}]
)
async def test_what_has_no_caption_is_answered_with_a_request_for_words(
    chat: Chat, content: JsonObject
) -> None:
    await _shows(chat.person, content)
    assert [answer.text for answer in _answers(chat.person)] == [ZH_HANT.only_text]


@pytest.mark.parametrize(
    ("content", "note"), [(PHOTO, ZH_HANT.picture_not_read), (DOCUMENT, ZH_HANT.attachment_not_read)]
)
async def test_a_caption_is_a_question_whose_answer_says_that_nothing_else_was_read(
    chat: Chat, content: JsonObject, note: str
) -> None:
    await _shows(chat.person, {**content, **_caption(f"{NAME} {QUESTION}")})
    (answer,) = _answers(chat.person)
    assert answer.text.startswith(f"{note}\n")
    assert ANSWER in answer.text


async def test_an_edited_caption_changes_its_answer(chat: Chat) -> None:
    await _shows(chat.person, {**PHOTO, **_caption("你好")})
    (greeting,) = _answers(chat.person)
    message_id = chat.person.chat.last_message_id - 1
    await _shows(chat.person, {**PHOTO, **_caption(QUESTION), "message_id": message_id}, "edited_message")
    (answer,) = _answers(chat.person)
    assert answer.message_id == greeting.message_id
    assert ANSWER in answer.text


async def test_what_an_admin_writes_below_a_file_is_no_question_neither_new_nor_edited(
    admin: Telegram,
) -> None:
    for kind in ("message", "edited_message"):
        await _shows(
            admin, {"document": {**DOCUMENT["document"], "file_name": "a.exe"}, **_caption(QUESTION)}, kind
        )
    (refusal,) = _answers(admin)
    assert ANSWER not in refusal.text
    await _shows(admin, {**PHOTO, **_caption(QUESTION)})
    assert ANSWER in _answers(admin)[-1].text


@pytest.mark.parametrize("captioned", [0, 3, 9])
async def test_an_album_is_answered_by_its_caption_alone_wherever_it_stands(
    chat: Chat, captioned: int
) -> None:
    for number in range(10):
        caption = _caption(QUESTION) if number == captioned else {}
        await _shows(chat.person, {**PHOTO, **caption, "media_group_id": "1"})
    await asyncio.sleep(2 * attachments.ALBUM_SECONDS)
    (answer,) = _answers(chat.person)
    assert ANSWER in answer.text


async def test_of_an_album_with_a_caption_below_every_photo_the_first_is_answered(chat: Chat) -> None:
    for words in (QUESTION, "你好", "謝謝"):
        await _shows(chat.person, {**PHOTO, **_caption(words), "media_group_id": "1"})
    (answer,) = _answers(chat.person)
    assert ANSWER in answer.text


async def test_an_album_without_a_caption_is_answered_once_and_each_anew(chat: Chat) -> None:
    for album in ("1", "2"):
        for _ in range(10):
            await _shows(chat.person, {**PHOTO, "media_group_id": album})
        await asyncio.sleep(2 * attachments.ALBUM_SECONDS)
    assert [answer.text for answer in _answers(chat.person)] == [ZH_HANT.only_text] * 2


@pytest.mark.parametrize(
    ("words", "is_answered"),
    [(f"{NAME} {QUESTION}", True), (f"😀 {QUESTION} {NAME}", True), (QUESTION, False)],
)
async def test_in_a_group_a_caption_is_answered_where_it_names_the_bot(
    chat: Chat, words: str, is_answered: bool
) -> None:
    caption = _caption(words)
    for mention in caption["caption_entities"]:
        mention["offset"] += words.count("😀")
    sent = await _in_group(chat, {**PHOTO, **caption})
    assert [ANSWER in text for text in sent] == [True] * is_answered


async def test_in_a_group_a_caption_is_answered_where_it_replies_to_the_bot(chat: Chat) -> None:
    bot = {"id": chat.application.bot.id, "is_bot": True, "first_name": "Bot"}
    answered = {"message_id": 1, "date": 1, "chat": GROUP, "from": bot, "text": "「…」"}
    (answer,) = await _in_group(chat, {**PHOTO, **_caption(QUESTION), "reply_to_message": answered})
    assert ANSWER in answer


async def test_in_a_group_a_photo_without_a_caption_is_left_alone(chat: Chat) -> None:
    assert await _in_group(chat, PHOTO) == []


async def test_a_mention_in_reply_to_a_photo_puts_its_caption_to_the_bot(chat: Chat) -> None:
    person = {"id": 8, "is_bot": False, "first_name": "Other"}
    photo = {"message_id": 1, "date": 1, "chat": GROUP, "from": person, **PHOTO, **_caption(QUESTION)}
    mention = [{"type": "mention", "offset": 0, "length": len(NAME)}]
    (answer,) = await _in_group(chat, {"text": NAME, "entities": mention, "reply_to_message": photo})
    assert ANSWER in answer


async def _in_group(chat: Chat, content: JsonObject) -> list[str]:
    """What the bot says in a group to a message there."""
    chat.person.state.chats[-1001] = a_group()
    await _shows(chat.person, {**content, "chat": GROUP})
    said = chat.person.state.chats[-1001].messages.values()
    return [message.text.text for message in said if message.sender.is_bot]
