from __future__ import annotations

from typing import Any

import pytest

from tests.chatting import Chat


async def _results(chat: Chat, query: str, offset: str = "") -> dict[str, Any]:
    question = await chat.person.inline(query, offset)
    assert question.answer is not None
    return question.answer


@pytest.mark.parametrize("query", ["志願服務", "志愿服务"])
async def test_words_in_either_script_offer_quoted_cited_paragraphs(chat: Chat, query: str) -> None:
    answer = await _results(chat, query)
    first = answer["results"][0]
    message = first["input_message_content"]
    assert message["message_text"].startswith("「")
    assert "\n\n〔1〕" in message["message_text"]
    assert "志願服務" in message["message_text"]
    assert any("?start=p_" in entity.get("url", "") for entity in message["entities"])
    assert message["link_preview_options"] == {"is_disabled": True}
    assert answer["is_personal"] is False
    assert answer["cache_time"] > 0
    assert answer["button"]["start_parameter"]


async def test_ids_carry_the_generation(chat: Chat) -> None:
    index = chat.answerer.index.name
    assert all(result["id"].startswith(f"{index}:") for result in (await _results(chat, "好人"))["results"])


async def test_without_words_there_are_suggestions(chat: Chat) -> None:
    answer = await _results(chat, "  ")
    assert len(answer["results"]) == 16
    assert answer["next_offset"] == ""


async def test_more_results_come_by_offset_without_repeating(chat: Chat) -> None:
    first = await _results(chat, "文明")
    second = await _results(chat, "文明", first["next_offset"])
    assert len(first["results"]) == 20
    assert not {result["id"] for result in first["results"]} & {result["id"] for result in second["results"]}


@pytest.mark.parametrize("offset", ["x", "-1", "9" * 60, "\u0663"])
async def test_an_offset_that_is_none_is_the_beginning(chat: Chat, offset: str) -> None:
    assert (await _results(chat, "志願服務", offset))["results"]


@pytest.mark.parametrize("query", ["量子糾纏光譜", "???", "\u202e", "x" * 256, "<b>"])
async def test_what_nobody_wrote_of_offers_nothing_but_is_answered(chat: Chat, query: str) -> None:
    assert (await _results(chat, query))["results"] == []


async def test_no_model_is_asked(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat.answerer, "encoder", None)
    assert (await _results(chat, "志願服務"))["results"]


@pytest.mark.parametrize("via", ["this bot", "another bot"])
async def test_only_what_was_chosen_of_this_bot_in_its_private_chat_is_no_question(
    chat: Chat, via: str
) -> None:
    await chat.person.asks("/lang")
    bot = {"id": chat.application.bot.id + (via != "this bot"), "is_bot": True, "first_name": "Bot"}
    message = {"message_id": 99, "date": 1, "chat": chat.person.chat.as_json(), "text": "「志願服務」"}
    await chat.person.acts("message", {**message, "from": chat.person.user.as_json(), "via_bot": bot})
    assert len(chat.person.shown()) == (1 if via == "this bot" else 2)
