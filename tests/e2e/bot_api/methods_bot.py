"""Methods about the bot itself: its name, commands and texts, and what it may read of chats and files."""

from __future__ import annotations

import json
from collections.abc import Callable

from .limits import (
    LARGEST_DOWNLOAD,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_SHORT_DESCRIPTION,
    check_language_code,
    check_length,
    commands,
)
from .state import Chat, State
from .wire import Json, JsonObject, Parameters, bad_request, required_text

_SIMPLE_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_me(state: State, _: Parameters) -> Json:
    """Return the bot."""
    abilities = dict.fromkeys(("can_join_groups", "supports_inline_queries", "supports_guest_queries"), True)
    lacks = ("can_read_all_group_messages", "can_connect_to_business", "has_main_web_app")
    return state.bot.as_json() | abilities | dict.fromkeys(lacks, False)


def set_my_commands(state: State, parameters: Parameters) -> Json:
    """Store the commands of one scope and language."""
    listed = commands(parameters)
    state.commands[_command_key(state, parameters)] = listed
    return True


def get_my_commands(state: State, parameters: Parameters) -> Json:
    """Return the commands of exactly this scope and language."""
    found: list[Json] = list(state.commands.get(_command_key(state, parameters), []))
    return found


def delete_my_commands(state: State, parameters: Parameters) -> Json:
    """Forget the commands of one scope and language."""
    state.commands.pop(_command_key(state, parameters), None)
    return True


def setter(name: str, longest: int, code: str) -> Callable[[State, Parameters], Json]:
    """Return the method that stores a text of the bot, per language."""

    def set_text(state: State, parameters: Parameters) -> Json:
        check_language_code(parameters.text("language_code"))
        check_length(parameters.text(name), longest, code)
        state.profile[name, parameters.text("language_code")] = parameters.text(name)
        return True

    return set_text


def getter(name: str) -> Callable[[State, Parameters], Json]:
    """Return the method that reads a text of the bot, falling back to the text for all languages."""

    def get_text(state: State, parameters: Parameters) -> Json:
        code = parameters.text("language_code")
        fallback = state.profile.get((name, ""), state.bot.first_name if name == "name" else "")
        return {name: state.profile.get((name, code)) or fallback}

    return get_text


# The codes are those of the servers for a text that is too long; no source lists them for these methods.
set_my_name = setter("name", LONGEST_NAME, "TITLE_INVALID")
set_my_description = setter("description", LONGEST_DESCRIPTION, "DESCRIPTION_TOO_LONG")
set_my_short_description = setter("short_description", LONGEST_SHORT_DESCRIPTION, "ABOUT_TOO_LONG")
get_my_name = getter("name")
get_my_description = getter("description")
get_my_short_description = getter("short_description")


def get_chat(state: State, parameters: Parameters) -> Json:
    """Return a chat in full."""
    chat = state.chat(parameters.text("chat_id"))
    full: JsonObject = {"accent_color_id": 0, "max_reaction_count": 11}
    return chat.as_json() | full | {"accepted_gift_types": dict.fromkeys(_GIFTS, True)}


def get_chat_member(state: State, parameters: Parameters) -> Json:
    """Return what a user is in a chat."""
    chat = state.chat(parameters.text("chat_id"))
    user_id = parameters.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if user_id == state.bot.id:
        return _member(chat, "administrator" if chat.bot_is_admin else "member") | {
            "user": state.bot.as_json()
        }
    if user_id not in state.users or (user_id not in chat.members and user_id != chat.id):
        raise bad_request("member not found")
    return _member(chat, chat.members.get(user_id, "member")) | {"user": state.users[user_id].as_json()}


def get_file(state: State, parameters: Parameters) -> Json:
    """Return where a file of at most 20 MB can be downloaded."""
    file_id = parameters.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    document = state.files.get(file_id)
    if document is None:
        raise bad_request("invalid file_id")
    if document.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    unique = f"unique_{file_id}"
    return {
        "file_id": file_id,
        "file_unique_id": unique,
        "file_size": document.size,
        "file_path": document.path,
    }


def _command_key(state: State, parameters: Parameters) -> tuple[str, str]:
    check_language_code(parameters.text("language_code"))
    return json.dumps(_scope(state, parameters), sort_keys=True), parameters.text("language_code")


def _scope(state: State, parameters: Parameters) -> JsonObject:
    scope = parameters.json("scope", "BotCommandScope")
    if scope is None:
        return {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = required_text(scope, "type")
    if kind in _SIMPLE_SCOPES:
        return {"type": kind}
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = state.chat(required_text(scope, "chat_id"))
    member = {"user_id": int(required_text(scope, "user_id"))} if kind == "chat_member" else {}
    return {"type": kind, "chat_id": chat.id} | member


def _member(chat: Chat, status: str) -> JsonObject:
    if status == "creator":
        return {"status": "creator", "is_anonymous": False}
    if status != "administrator":
        return {"status": status}
    rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
        "can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories "
        "can_edit_stories can_delete_stories"
    )
    topics = {"can_manage_topics": True} if chat.is_forum else {}
    return {"status": "administrator"} | dict.fromkeys(rights.split(), True) | topics
