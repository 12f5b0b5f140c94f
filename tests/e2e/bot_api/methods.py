"""The methods of the Bot API that the emulator knows, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import TypeAlias

from . import methods_bot as bot
from . import methods_messages as messages
from . import methods_queries as queries
from . import methods_updates as updates
from .state import State
from .wire import Json, Parameters, bad_request, refusal

Method: TypeAlias = Callable[[State, Parameters], "Json | Awaitable[Json]"]

METHODS: dict[str, Method] = {
    "getMe": bot.get_me,
    "sendMessage": messages.send_message,
    "sendRichMessage": messages.send_rich_message,
    "sendDocument": messages.send_document,
    "sendPhoto": messages.send_photo,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "setMessageReaction": messages.set_message_reaction,
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "answerGuestQuery": queries.answer_guest_query,
    "setMyCommands": bot.set_my_commands,
    "getMyCommands": bot.get_my_commands,
    "deleteMyCommands": bot.delete_my_commands,
    "setMyName": bot.set_my_name,
    "getMyName": bot.get_my_name,
    "setMyDescription": bot.set_my_description,
    "getMyDescription": bot.get_my_description,
    "setMyShortDescription": bot.set_my_short_description,
    "getMyShortDescription": bot.get_my_short_description,
    "getChat": bot.get_chat,
    "getChatMember": bot.get_chat_member,
    "getFile": bot.get_file,
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    "logOut": updates.log_out,
    "close": updates.close,
}
# Telegram does not mind the case of a method's name.
_BY_LOWER_NAME = {name.lower(): method for name, method in METHODS.items()}


async def carry_out(state: State, name: str, parameters: Parameters) -> Json:
    """Return the result of a method; raises Refusal."""
    if state.logged_out:
        raise bad_request("logged out")
    method = _BY_LOWER_NAME.get(name.lower())
    if method is None:
        raise refusal(404, "method not found")
    try:
        result = method(state, parameters)
        return await result if isawaitable(result) else result
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        # A parameter of the wrong shape that no check above names; the server's own wordings differ.
        raise bad_request(f"wrong parameter in request: {error!r}") from error
