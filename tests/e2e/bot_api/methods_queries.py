"""Pressed buttons and inline queries: the bot's answers to them."""

from __future__ import annotations

import re

from .limits import check_callback_answer, message_text
from .links import InvalidLinkError, checked_link
from .markup import inline_keyboard
from .state import State
from .wire import Json, JsonObject, Parameters, Refusal, bad_request, prefixed, required_text

MOST_RESULTS = 50
LONGEST_RESULT_ID_BYTES = 64
LONGEST_OFFSET_BYTES = 64
DEFAULT_CACHE_SECONDS = 300
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


def answer_callback_query(state: State, parameters: Parameters) -> Json:
    """Answer a pressed button: once, and in time."""
    question = state.unanswered(parameters.text("callback_query_id"))
    check_callback_answer(parameters.text("text"))
    url = parameters.text("url")
    # A URL other than a game's must be a deep link into this very bot.
    if url and not url.startswith(f"https://t.me/{state.bot.username}?start="):
        raise bad_request("URL_INVALID")
    shows = {"text": parameters.text("text"), "show_alert": parameters.flag("show_alert"), "url": url}
    question.answer = shows | {"cache_time": parameters.integer("cache_time")}
    return True


def answer_inline_query(state: State, parameters: Parameters) -> Json:
    """Answer an inline query with at most 50 results."""
    results = _results(parameters)
    button = _results_button(parameters)
    question = state.unanswered(parameters.text("inline_query_id"))
    if len(parameters.text("next_offset").encode()) > LONGEST_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    question.answer = {
        "results": results,
        "button": button,
        "next_offset": parameters.text("next_offset"),
        "cache_time": parameters.integer("cache_time", DEFAULT_CACHE_SECONDS),
        "is_personal": parameters.flag("is_personal"),
    }
    return True


def answer_guest_query(state: State, parameters: Parameters) -> Json:
    """Answer a guest message with one inline result, once (core.telegram.org/bots/api#answerguestquery)."""
    result = parameters.json("result", "inline query result")
    if not isinstance(result, dict):
        raise bad_request("can't parse inline query result: expected an Object")
    checked = _result(result)
    question = state.unanswered(parameters.text("guest_query_id"))
    question.answer = checked
    return {"inline_message_id": f"guest_{question.id}"}


def _results(parameters: Parameters) -> list[JsonObject]:
    results = parameters.json("results", "inline query results") or []
    if not isinstance(results, list):
        raise bad_request("expected an Array of inline query results")
    if len(results) > MOST_RESULTS:
        raise bad_request("too many inline query results specified")
    checked = [_result(result) for result in results]
    identifiers = [result["id"] for result in checked]
    if len(set(identifiers)) < len(identifiers):
        raise bad_request("RESULT_ID_DUPLICATE")
    return checked


def _result(result: Json) -> JsonObject:
    try:
        checked = _parsed_result(result)
    except Refusal as error:
        raise prefixed(error, "can't parse inline query result") from None
    if not 1 <= len(str(checked["id"]).encode()) <= LONGEST_RESULT_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not checked["title"].strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    markup = inline_keyboard(checked.get("reply_markup") or {})
    return checked | ({"reply_markup": markup} if markup else {})


def _parsed_result(result: Json) -> JsonObject:
    """Return an article with its message parsed into `message_text` and `entities`."""
    if not isinstance(result, dict):
        raise bad_request("Inline query result must be an object")
    if required_text(result, "type").lower() != "article":
        raise bad_request(f'type "{result["type"]}" is unsupported for the inline query result')
    shown = {"id": required_text(result, "id"), "title": required_text(result, "title")}
    content = result.get("input_message_content")
    if not isinstance(content, dict):
        raise bad_request('Can\'t find field "message_text"')
    text = message_text(
        required_text(content, "message_text"), str(content.get("parse_mode") or ""), content.get("entities")
    )
    parsed = {"message_text": text.text, "entities": text.entities_as_json()}
    _check_optional_url(result)
    return result | shown | {"input_message_content": content | parsed}


def _check_optional_url(result: JsonObject) -> None:
    for name in ("url", "thumbnail_url"):
        if result.get(name):
            try:
                checked_link(str(result[name]))
            except InvalidLinkError as error:
                raise bad_request(f"URL '{result[name]}' is invalid: {error}") from None


def _results_button(parameters: Parameters) -> JsonObject | None:
    button = parameters.json("button", "inline query results button")
    if button is None:
        return None
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse inline query results button: InlineQueryResultsButton must be an Object"
        )
    if not required_text(button, "text").strip():
        raise bad_request("SWITCH_PM_TEXT_EMPTY")
    if ("start_parameter" in button) == ("web_app" in button):
        reason = "InlineQueryResultsButton must have exactly one optional field"
        raise bad_request(f"can't parse inline query results button: {reason}")
    if "start_parameter" in button and not _START_PARAMETER.match(str(button["start_parameter"])):
        raise bad_request("START_PARAM_INVALID")
    return button
