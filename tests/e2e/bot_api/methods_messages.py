"""Messages: sending, editing, deleting, reacting."""

from __future__ import annotations

import time

from telegram.constants import ReactionEmoji

from .limits import CHAT_ACTIONS, LARGEST_UPLOAD, caption, message_text
from .markup import reply_markup
from .rich_messages import rich_text
from .state import Chat, Document, Message, State
from .texts import FormattedText, formatted_text
from .wire import Json, JsonObject, Parameters, Refusal, bad_request, refusal, required_text

_REACTIONS = frozenset(emoji.value for emoji in ReactionEmoji)
_GENERAL_THREAD = 1
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


def send_message(state: State, parameters: Parameters) -> Json:
    """Send a text."""
    text = _message_text(parameters)
    preview = _link_preview(parameters)
    message = _new_message(state, parameters, text)
    message.source, message.link_preview = parameters.text("text"), preview
    return message.as_json()


def send_rich_message(state: State, parameters: Parameters) -> Json:
    """Send a rich message; unknown to a server of an earlier version."""
    if not state.has_rich_messages:
        raise refusal(404, "Not Found")
    content = parameters.json("rich_message", "rich message")
    message = _new_message(state, parameters, rich_text(content))
    message.link_preview = {"is_disabled": True}
    message.is_rich = True
    return message.as_json()


def send_document(state: State, parameters: Parameters) -> Json:
    """Send a file, new or known by its identifier."""
    text = caption(parameters)
    document = _document(state, parameters)
    message = _new_message(state, parameters, text)
    message.source, message.document = parameters.text("caption"), document
    return message.as_json()


def send_photo(state: State, parameters: Parameters) -> Json:
    """Send a picture, new or known by its identifier."""
    text = caption(parameters)
    document = _document(state, parameters, "photo")
    message = _new_message(state, parameters, text)
    message.source, message.document = parameters.text("caption"), document
    return message.as_json()


def edit_message_text(state: State, parameters: Parameters) -> Json:
    """Replace the text and the keyboard of a message of the bot."""
    text = _message_text(parameters)
    keyboard = reply_markup(parameters, inline_only=True)
    message = _message_to_edit(state, parameters)
    if message.document is not None:
        raise bad_request("there is no text in the message to edit")
    if (message.text.text, message.text.entities) == (
        text.text,
        text.entities,
    ) and message.keyboard == keyboard:
        raise bad_request(_NOT_MODIFIED)
    message.text, message.source = text, parameters.text("text")
    return _edited(message, keyboard)


def edit_message_reply_markup(state: State, parameters: Parameters) -> Json:
    """Replace the keyboard of a message of the bot."""
    keyboard = reply_markup(parameters, inline_only=True)
    message = _message_to_edit(state, parameters)
    if message.keyboard == keyboard:
        raise bad_request(_NOT_MODIFIED)
    return _edited(message, keyboard)


def delete_message(state: State, parameters: Parameters) -> Json:
    """Delete a message: any in a private chat, others' in a group only as an administrator."""
    if not parameters.text("chat_id"):
        raise bad_request("chat identifier is not specified")
    if parameters.integer("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    message = _message(state, parameters, "message to delete")
    chat = message.chat
    if not (chat.is_private or chat.bot_is_admin or message.sender.is_bot):
        raise bad_request("message can't be deleted")
    del chat.messages[message.message_id]
    return True


def send_chat_action(state: State, parameters: Parameters) -> Json:
    """Show that the bot is busy."""
    if parameters.text("action").lower() not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    state.chat(parameters.text("chat_id"))
    return True


def set_message_reaction(state: State, parameters: Parameters) -> Json:
    """React to a message with one of the emoji Telegram allows."""
    reactions = parameters.json("reaction", "reaction types") or []
    if not isinstance(reactions, list):
        raise bad_request("expected an Array of ReactionType")
    checked = [_reaction(reaction) for reaction in reactions]
    message = _message(state, parameters, "message to react")
    if len(checked) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions = checked
    return True


def _message_text(parameters: Parameters) -> FormattedText:
    given = parameters.json("entities", "entities")
    return message_text(parameters.text("text"), parameters.text("parse_mode"), given)


def _link_preview(parameters: Parameters) -> JsonObject | None:
    options = parameters.json("link_preview_options", "link preview options")
    if options is None or isinstance(options, dict):
        return options
    raise bad_request("object expected as link preview options")


def _new_message(state: State, parameters: Parameters, text: FormattedText) -> Message:
    """Store a message of the bot once everything about it has been checked."""
    keyboard = reply_markup(parameters)
    chat = state.chat(parameters.text("chat_id"))
    thread_id = _thread_id(chat, parameters)
    reply_to = _reply_target(chat, parameters)
    message = state.new_message(chat, state.bot)
    message.text, message.keyboard, message.reply_to, message.thread_id = text, keyboard, reply_to, thread_id
    message.silent = parameters.flag("disable_notification")
    return message


def _thread_id(chat: Chat, parameters: Parameters) -> int:
    thread_id = max(parameters.integer("message_thread_id"), 0)
    if not thread_id or not (chat.is_forum or chat.is_private):
        return 0
    if thread_id == _GENERAL_THREAD or thread_id not in chat.threads:
        raise bad_request("message thread not found")
    return thread_id


def _reply_target(chat: Chat, parameters: Parameters) -> Message | None:
    reply = parameters.json("reply_parameters", "reply parameters")
    if not reply:
        return None
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    target = chat.messages.get(int(required_text(reply, "message_id")))
    if target is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if target is not None and reply.get("quote"):
        _check_quote(target, reply)
    return target


def _check_quote(target: Message, reply: JsonObject) -> None:
    quote = formatted_text(
        reply["quote"], str(reply.get("quote_parse_mode", "")), reply.get("quote_entities")
    )
    if quote.text not in target.text.text:
        raise bad_request("QUOTE_TEXT_INVALID")


def _message(state: State, parameters: Parameters, shown_as: str) -> Message:
    chat = state.chat(parameters.text("chat_id"))
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise bad_request(f"{shown_as} not found")
    return message


def _message_to_edit(state: State, parameters: Parameters) -> Message:
    if not parameters.text("chat_id") and not parameters.text("message_id"):
        inline_id = parameters.text("inline_message_id")
        raise bad_request("MESSAGE_ID_INVALID" if inline_id else "message identifier is not specified")
    message = _message(state, parameters, "message to edit")
    if message.sender.id != state.bot.id:
        raise bad_request("message can't be edited")
    return message


def _edited(message: Message, keyboard: JsonObject | None) -> JsonObject:
    message.keyboard, message.edit_date = keyboard, int(time.time())
    message.revisions.append(message.text.text)
    return message.as_json()


def _document(state: State, parameters: Parameters, field: str = "document") -> Document:
    value = parameters.text(field)
    upload = parameters.files.get(value.removeprefix("attach://")) or parameters.files.get(field)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > LARGEST_UPLOAD:
            raise Refusal(413, "Request Entity Too Large")
        return state.new_file(upload.name, upload.mime_type, upload.content)
    if not value:
        raise bad_request(f"there is no {field} in the request")
    if value not in state.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return state.files[value]


def _reaction(reaction: Json) -> JsonObject:
    if not isinstance(reaction, dict):
        raise bad_request("can't parse ReactionType: expected an Object")
    if reaction.get("type") != "emoji":
        raise bad_request("can't parse ReactionType: invalid reaction type specified")
    if required_text(reaction, "emoji") not in _REACTIONS:
        raise bad_request("REACTION_INVALID")
    return reaction
