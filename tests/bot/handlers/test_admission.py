"""Access: senders who are served, the notice to others, and the check for an admin in every admin handler."""

from __future__ import annotations

import inspect
import logging
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import hypothesis
import hypothesis.strategies
import pytest
from telegram.error import NetworkError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler

from bot.handlers.admission import GUARDED
from bot.locales import EN, ZH_HANT
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from tests.admins import SAID, talking
from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import Button
from tests.e2e.bot_api.state import Chat as EmulatedChat

TOLD = ZH_HANT.about.not_admitted
GROUP = -1001


@asynccontextmanager
async def meeting(answerer: Answerer, **given: object) -> AsyncIterator[Chat]:
    """Person 7 with a bot of these settings, which must say nothing that Telegram refuses."""
    chat = new_chat(answerer, settings=load_settings(**given))
    async with chat.application:
        yield chat
    assert chat.request.refused == []


async def test_who_is_not_on_the_list_of_a_public_bot_is_told_so_once_with_the_number_to_ask_with(
    answerer: Answerer,
) -> None:
    async with meeting(answerer, allowed_chats={8}) as chat:
        (first,) = await chat.person.says("北京榜樣每個月評出多少人?")
        assert first.text == TOLD.format(chat=7)
        assert await chat.person.says("/start") == []
        sent = await chat.person.asks("/help")
        await chat.person.edits(sent, "北京有多少志願者?")
        assert await chat.person.sends_file("new.txt", b"words") == []
        assert chat.person.shown() == [first]


async def test_a_private_bot_is_silent_to_all_others_and_keeps_nothing_of_them(answerer: Answerer) -> None:
    async with meeting(answerer, bot_mode="private", admin_ids={8}) as chat:
        for said in ("/start", "北京榜樣每個月評出多少人?", "/rebuild", "/start p_0123456789abcdef"):
            assert await chat.person.says(said) == []
        assert chat.person.shown() == []
        database = chat.services.database
        assert database.number("SELECT (SELECT count(*) FROM turns) + (SELECT count(*) FROM sent)") == 0


@pytest.mark.parametrize("given", [{"bot_mode": "private"}, {"allowed_chats": {8}}])
async def test_a_refused_press_gets_an_alert_and_an_inline_query_an_empty_result_of_its_own(
    answerer: Answerer, given: dict[str, object]
) -> None:
    async with meeting(answerer, **given) as chat:
        sent = await chat.person.asks("/help")
        question, shown = await chat.person.presses(
            chat.person.stored(sent), Button("x", callback_data="home")
        )
        assert question.answer is not None
        assert question.answer["show_alert"] is True
        assert question.answer["text"] == TOLD.format(chat=7)
        assert [message for message in shown if message.text != TOLD.format(chat=7)] == []
        results = (await chat.person.inline("志願服務")).answer
        assert results is not None
        assert (results["results"], results["is_personal"]) == ([], True)


@pytest.mark.parametrize("given", [{"admin_ids": {7}}, {"allowed_chats": {7}}])
async def test_admins_and_those_on_the_list_are_served_in_private_mode_and_nothing_of_it_is_cached_for_others(
    answerer: Answerer, given: dict[str, object]
) -> None:
    async with meeting(answerer, bot_mode="private", **given) as chat:
        (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
        assert "10名月榜人物" in answer.text
        results = (await chat.person.inline("志願服務")).answer
        assert results is not None
        assert results["results"]
        assert results["is_personal"] is True


async def test_in_a_group_on_the_list_everybody_is_served_and_in_another_nobody(answerer: Answerer) -> None:
    async with meeting(answerer, bot_mode="private", allowed_chats={GROUP}, admin_ids={7}) as chat:
        (answer,) = await chat.person.says_in(
            EmulatedChat(GROUP, title="ours"), "/ask 北京榜樣每個月評出多少人?"
        )
        assert "10名月榜人物" in answer.text
        assert await chat.person.says_in(EmulatedChat(-1002, title="theirs"), "/ask 北京有多少志願者?") == []


async def test_another_group_of_a_public_bot_is_told_once_and_only_where_the_bot_is_meant(
    answerer: Answerer,
) -> None:
    async with meeting(answerer, allowed_chats={GROUP}) as chat:
        theirs = EmulatedChat(-1002, title="theirs", bot_is_admin=True)
        assert await chat.person.says_in(theirs, "大家早") == []
        (told,) = await chat.person.says_in(theirs, "/ask 北京有多少志願者?")
        assert told.text == TOLD.format(chat=-1002)
        assert await chat.person.says_in(theirs, "/ask 北京有多少志願者?") == []


async def test_who_cannot_even_be_told_is_not_served_either(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with meeting(answerer, allowed_chats={8}) as chat:

        async def broken(*_: object, **__: object) -> None:
            raise NetworkError("down")

        asked: list[str] = []
        monkeypatch.setattr(chat.request, "do_request", broken)
        monkeypatch.setattr(answerer, "reply_now", asked.append)
        monkeypatch.setattr(answerer, "covers", asked.append)
        await chat.person.says("北京榜樣每個月評出多少人?")
        await chat.person.says("/start")
        assert asked == []
    assert "turned away without a word" in caplog.text


async def test_a_stranger_among_admin_commands_is_logged_once_without_a_number_to_know_them_by(
    stranger: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    for command in ("/rebuild", "/rollback", "/stats", "/rebuild"):
        await stranger.says(command)
    (record,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert record.getMessage() == "Refused what only admins may do"
    assert re.fullmatch(r"[0-9a-f]{12}", vars(record)["person"])


# What only admins may do is done by this package: a module that imports it must look who is there.
_FOR_ADMINS = "from bot.operations import"


def handlers_of(chat: Chat) -> list[BaseHandler]:  # type: ignore[type-arg]
    return chat.application.handlers[0]


def test_every_registered_handler_of_a_module_for_admins_looks_who_is_there(chat: Chat) -> None:
    unguarded = []
    for handler in handlers_of(chat):
        imported = inspect.getsource(sys.modules[handler.callback.__module__])
        if _FOR_ADMINS in imported:
            unguarded += [handler.callback.__name__] if handler.callback not in GUARDED else []
    assert unguarded == []
    assert len([handler for handler in handlers_of(chat) if handler.callback in GUARDED]) >= 6


def test_every_command_offered_to_admins_looks_who_is_there(chat: Chat) -> None:
    guarded = {
        command
        for handler in handlers_of(chat)
        if isinstance(handler, CommandHandler) and handler.callback in GUARDED
        for command in handler.commands
    }
    assert guarded == {name for name, _ in EN.admin.commands}


async def test_a_stranger_who_presses_any_button_for_admins_is_refused(
    answerer: Answerer,
) -> None:
    async with talking(load_settings(), answerer, admin=8) as stranger:
        (message,) = await stranger.says("/help")
        pressed = 0
        for handler in stranger.application.handlers[0]:
            if not isinstance(handler, CallbackQueryHandler) or handler.callback not in GUARDED:
                continue
            assert isinstance(handler.pattern, re.Pattern)
            strategy = hypothesis.strategies.from_regex(handler.pattern, fullmatch=True)
            data = hypothesis.find(strategy, lambda _: True)
            question, sent = await stranger.presses(stranger.stored(message), Button("x", callback_data=data))
            assert question.answer is not None
            assert (question.answer["text"], question.answer["show_alert"]) == (SAID.admins_only, True)
            assert sent == []
            pressed += 1
        assert pressed >= 2
