"""Reply markup: which keyboards Telegram takes, and which it refuses."""

from __future__ import annotations

import json

from .entities import utf16_length
from .links import InvalidLinkError, checked_link, mentioned_user_id
from .wire import Json, JsonObject, Parameters, Refusal, bad_request, prefixed, required_text

MOST_BUTTONS = 100
# The servers refuse a markup of about 10 kB, however many its buttons (found by bot authors, undocumented).
LARGEST_MARKUP_BYTES = 10_000
LARGEST_CALLBACK_DATA_BYTES = 64
LONGEST_COPY_TEXT = 256
_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "callback_game",
        "pay",
        "switch_inline_query",
        "switch_inline_query_chosen_chat",
        "switch_inline_query_current_chat",
        "login_url",
        "web_app",
        "copy_text",
    ]
)
_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
_STYLES = frozenset({"", "default", "primary", "success", "danger"})
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")


def reply_markup(parameters: Parameters, *, inline_only: bool = False) -> JsonObject | None:
    """Return the inline keyboard of a call, None without one; other markups are taken but not kept."""
    markup = parameters.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if inline_only and any(markup.get(name) for name in _OTHER_MARKUPS):
        raise bad_request("inline keyboard expected")
    return inline_keyboard(markup)


def inline_keyboard(markup: JsonObject) -> JsonObject | None:
    """Return a checked inline keyboard as Telegram shows it, None if it holds no button."""
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    shown = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, shown)) > MOST_BUTTONS or _size(shown) > LARGEST_MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": shown} if shown else None


def _size(rows: list[list[JsonObject]]) -> int:
    return len(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def _button(button: Json) -> JsonObject:
    try:
        checked = _parsed_button(button)
    except Refusal as error:
        raise prefixed(error, "can't parse inline keyboard button") from None
    if not checked["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    _check_sizes(checked)
    _check_app(checked)
    return _with_checked_url(checked)


def _parsed_button(button: Json) -> JsonObject:
    if not isinstance(button, dict):
        raise bad_request("InlineKeyboardButton must be an Object")
    required_text(button, "text")
    if str(button.get("style", "")).lower() not in _STYLES:
        raise bad_request("invalid button style specified")
    unknown = set(button) - _ACTIONS - _LOOKS
    actions = [name for name in _ACTIONS if name in button and (name.startswith("switch") or button[name])]
    # Telegram takes the first action it knows and forgets the others; a second or an unknown one is a slip.
    if len(actions) > 1 or unknown:
        raise bad_request("BUTTON_TYPE_INVALID")
    if not actions:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    return button


def _check_sizes(button: JsonObject) -> None:
    if len(str(button.get("callback_data", "")).encode()) > LARGEST_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button:
        copied = button["copy_text"]
        text = required_text(copied if isinstance(copied, dict) else {}, "text")
        if not 1 <= utf16_length(text) <= LONGEST_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_app(button: JsonObject) -> None:
    """A Mini App has an https address: https://core.telegram.org/bots/api#webappinfo."""
    if "web_app" in button:
        app = button["web_app"]
        url = required_text(app if isinstance(app, dict) else {}, "url")
        if not url.startswith("https://"):
            raise bad_request(
                f"inline keyboard button Web App URL '{url}' is invalid: only HTTPS links are allowed"
            )


def _with_checked_url(button: JsonObject) -> JsonObject:
    if "url" not in button or mentioned_user_id(button["url"]):
        return button
    try:
        return button | {"url": checked_link(button["url"])}
    except InvalidLinkError as error:
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: {error}") from None
