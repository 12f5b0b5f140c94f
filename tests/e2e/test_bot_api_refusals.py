"""The emulator refuses what Telegram refuses: one test per rule, beside its nearest accepted neighbour."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from tests.e2e.bot_api import Emulator, Group, Person, SentMessage

PERSON = 7
GROUP = -1001234567890
Api = Callable[..., httpx.Response]


@pytest.fixture
def telegram() -> Iterator[Emulator]:
    with Emulator(webhook_retry_seconds=0.02) as emulator:
        yield emulator


@pytest.fixture
def person(telegram: Emulator) -> Person:
    """Someone who has started the bot."""
    person = telegram.person(PERSON, username="reader", language_code="zh-hant")
    person.opens()
    return person


@pytest.fixture
def group(telegram: Emulator) -> Group:
    return telegram.group(GROUP, title="文明辦", is_forum=True)


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """One client for all tests: making one reads the machine's certificates, which takes its time."""
    with httpx.Client(timeout=10) as client:
        yield client


@pytest.fixture
def api(telegram: Emulator, client: httpx.Client) -> Api:
    """Call a method of the Bot API over HTTP; anything but text is sent as JSON."""

    def call(method: str, **parameters: Any) -> httpx.Response:
        files, token = parameters.pop("files", None), parameters.pop("token", telegram.token)
        data = {name: as_text(value) for name, value in parameters.items()}
        return client.post(f"{telegram.base_url}{token}/{method}", data=data, files=files)

    return call


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def refused(response: httpx.Response, reason: str, status: int = 400) -> None:
    body = response.json()
    assert (response.status_code, body["ok"], body["error_code"]) == (status, False, status), body
    assert reason in body["description"]


def accepted(response: httpx.Response) -> Any:
    body = response.json()
    assert (response.status_code, body["ok"]) == (200, True), body
    return body["result"]


def send(api: Api, text: str, **parameters: Any) -> httpx.Response:
    return api("sendMessage", chat_id=PERSON, text=text, **parameters)


def send_html(api: Api, html: str) -> httpx.Response:
    return send(api, html, parse_mode="HTML")


def formatted(api: Api, html: str) -> list[tuple[str, int, int]]:
    entities = accepted(send_html(api, html)).get("entities", [])
    return [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


def send_buttons(api: Api, *buttons: dict[str, Any]) -> httpx.Response:
    return send(api, "x", reply_markup={"inline_keyboard": [[button] for button in buttons]})


def article(identifier: str, **changes: Any) -> dict[str, Any]:
    content = {"message_text": "<b>x</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": identifier, "title": "t", "input_message_content": content} | changes


# --- tokens, paths, methods -------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "nonsense", "0:abc", "12:", "12:" + "a" * 90])
def test_a_malformed_token_is_refused_with_401(api: Api, token: str) -> None:
    refused(api("getMe", token=token), "Unauthorized: invalid token specified", 401)


def test_a_token_of_81_characters_is_malformed(api: Api) -> None:
    refused(api("getMe", token="12:" + "a" * 78), "Unauthorized: invalid token specified", 401)
    assert api("getMe", token="12:" + "a" * 77).json()["description"] == "Unauthorized"


def test_another_bots_token_is_refused_with_401(api: Api) -> None:
    refused(api("getMe", token="987:other"), "Unauthorized", 401)


def test_the_right_token_is_accepted_and_names_the_bot(api: Api, telegram: Emulator) -> None:
    assert accepted(api("getMe"))["username"] == telegram.username


def test_an_unknown_method_is_refused_with_404(api: Api) -> None:
    refused(api("sendMesage"), "Not Found: method not found", 404)


def test_a_method_is_known_in_any_case_of_its_letters(api: Api) -> None:
    accepted(api("GETME"))


def test_any_other_path_is_refused_with_404(telegram: Emulator, client: httpx.Client) -> None:
    refused(client.get(f"http://127.0.0.1:{telegram.port}/nothing"), "Not Found", 404)


def test_parameters_are_taken_from_query_form_and_json(
    telegram: Emulator, person: Person, client: httpx.Client
) -> None:
    address = f"{telegram.base_url}{telegram.token}/sendMessage"
    parameters: dict[str, Any] = {"chat_id": PERSON, "text": "x"}
    accepted(client.get(address, params=parameters))
    accepted(client.post(address, data=parameters))
    accepted(client.post(address, json=parameters))


@pytest.mark.parametrize("body", ["[1]", "{", "1"])
def test_a_json_body_that_is_no_object_is_refused(
    telegram: Emulator, client: httpx.Client, body: str
) -> None:
    address, headers = f"{telegram.base_url}{telegram.token}/getMe", {"Content-Type": "application/json"}
    refused(
        client.post(address, content=body, headers=headers), "can't parse request: expected a JSON object"
    )
    accepted(client.post(address, content="{}", headers=headers))


def test_text_that_is_not_utf8_is_refused(telegram: Emulator, person: Person, client: httpx.Client) -> None:
    address = f"{telegram.base_url}{telegram.token}/sendMessage"
    refused(client.post(f"{address}?chat_id={PERSON}&text=%ff"), "strings must be encoded in UTF-8")


def test_after_log_out_every_call_is_refused(api: Api) -> None:
    accepted(api("close"))
    accepted(api("getMe"))
    accepted(api("logOut"))
    refused(api("getMe"), "logged out")


# --- chats ------------------------------------------------------------------------------------------------


def test_an_unknown_chat_is_refused(api: Api, person: Person) -> None:
    refused(api("sendMessage", chat_id=8, text="x"), "Bad Request: chat not found")
    accepted(send(api, "x"))


def test_a_person_who_never_wrote_to_the_bot_is_an_unknown_chat(api: Api, telegram: Emulator) -> None:
    stranger = telegram.person(9)
    refused(api("sendMessage", chat_id=9, text="x"), "chat not found")
    stranger.opens()
    accepted(api("sendMessage", chat_id=9, text="x"))


def test_a_person_known_only_from_a_group_cannot_be_written_to(
    api: Api, telegram: Emulator, group: Group
) -> None:
    telegram.person(9).says("hello", chat=group)
    reason = "Forbidden: bot can't initiate conversation with a user"
    refused(api("sendMessage", chat_id=9, text="x"), reason, 403)


def test_a_missing_chat_is_refused(api: Api) -> None:
    refused(api("sendMessage", text="x"), "chat_id is empty")


def test_a_person_who_blocked_the_bot_cannot_be_written_to(api: Api, person: Person) -> None:
    person.blocks()
    refused(send(api, "x"), "Forbidden: bot was blocked by the user", 403)
    person.unblocks()
    accepted(send(api, "x"))


def test_a_thread_that_does_not_exist_is_refused(api: Api, person: Person, group: Group) -> None:
    person.says("/ask@bulletin_test_bot x", chat=group, thread=5)
    refused(api("sendMessage", chat_id=GROUP, text="x", message_thread_id=6), "message thread not found")
    assert (
        accepted(api("sendMessage", chat_id=GROUP, text="x", message_thread_id=5))["message_thread_id"] == 5
    )


def test_a_thread_in_a_private_chat_is_refused(api: Api, person: Person) -> None:
    refused(send(api, "x", message_thread_id=5), "message thread not found")


def test_only_a_member_is_found_in_a_chat(api: Api, telegram: Emulator, person: Person, group: Group) -> None:
    refused(api("getChatMember", chat_id=GROUP, user_id=PERSON), "member not found")
    refused(api("getChatMember", chat_id=GROUP, user_id=0), "invalid user_id specified")
    telegram.set_member(group, person, "administrator")
    assert accepted(api("getChatMember", chat_id=GROUP, user_id=PERSON))["status"] == "administrator"


def test_an_unknown_chat_action_is_refused(api: Api, person: Person) -> None:
    refused(api("sendChatAction", chat_id=PERSON, action="thinking"), "wrong parameter action in request")
    accepted(api("sendChatAction", chat_id=PERSON, action="typing"))


# --- the length of texts ----------------------------------------------------------------------------------


def test_a_text_of_4097_utf16_units_after_parsing_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, "<b>" + "字" * 4097 + "</b>"), "Bad Request: message is too long")


def test_a_text_of_4096_utf16_units_after_parsing_is_accepted(api: Api, person: Person) -> None:
    accepted(send_html(api, "<b>" + "字" * 4096 + "</b>"))


def test_an_emoji_counts_as_two_units(api: Api, person: Person) -> None:
    accepted(send(api, "😀" * 2048))
    refused(send(api, "😀" * 2048 + "x"), "message is too long")


def test_markup_and_blanks_at_the_ends_do_not_count(api: Api, person: Person) -> None:
    accepted(send_html(api, "  \n<i>" + "&lt;" * 4096 + "</i>\n  "))


def test_a_source_of_more_than_32768_bytes_is_refused_before_it_is_parsed(api: Api, person: Person) -> None:
    refused(send_html(api, "<b></b>" * 4682), "text is too long")


def test_an_empty_text_is_refused(api: Api, person: Person) -> None:
    refused(send(api, ""), "Bad Request: message text is empty")


@pytest.mark.parametrize("text", ["   ", "\n", "\u200b", "\u3000", "<b></b>", "<i> </i>"])
def test_a_text_with_nothing_to_see_is_refused(api: Api, person: Person, text: str) -> None:
    refused(send_html(api, text), "Bad Request: text must be non-empty")


def test_a_text_of_one_character_is_accepted(api: Api, person: Person) -> None:
    assert accepted(send(api, "  。\n"))["text"] == "。"


def test_a_caption_of_1025_units_is_refused(api: Api, person: Person) -> None:
    def send_file(caption: str) -> httpx.Response:
        files = {"document": ("a.txt", b"x")}
        return api("sendDocument", chat_id=PERSON, caption=caption, parse_mode="HTML", files=files)

    refused(send_file("<b>" + "字" * 1025 + "</b>"), "message caption is too long")
    accepted(send_file("<b>" + "字" * 1024 + "</b>"))


# --- formatting -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["MarkdownV2", "Markdown", "html5"])
def test_any_parse_mode_but_html_is_refused(api: Api, person: Person, mode: str) -> None:
    refused(send(api, "x", parse_mode=mode), "Bad Request: unsupported parse_mode")


@pytest.mark.parametrize("mode", ["HTML", "html", ""])
def test_html_in_any_case_and_no_parse_mode_are_accepted(api: Api, person: Person, mode: str) -> None:
    accepted(send(api, "x", parse_mode=mode))


@pytest.mark.parametrize("tag", ["p", "br", "div", "h1", "ul", "font", "spoiler", "quote"])
def test_an_unsupported_tag_is_refused(api: Api, person: Person, tag: str) -> None:
    reason = f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset 3'
    refused(send_html(api, f"字<{tag}>x</{tag}>"), reason)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<STRONG>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ('<a href="https://a.cn">x</a>', "text_link"),
        ('<a href="tg://user?id=7">x</a>', "text_mention"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', "custom_emoji"),
    ],
)
def test_a_supported_tag_is_accepted(api: Api, person: Person, html: str, kind: str) -> None:
    assert formatted(api, html) == [(kind, 0, 1)]


def test_tags_that_cross_are_refused(api: Api, person: Person) -> None:
    reason = 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'
    refused(send_html(api, "<b><i>x</b></i>"), reason)


def test_tags_that_nest_are_accepted(api: Api, person: Person) -> None:
    assert formatted(api, "<b><i>x</i></b>") == [("bold", 0, 1), ("italic", 0, 1)]


def test_an_unclosed_tag_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, "<b>x"), 'Can\'t find end tag corresponding to start tag "b"')


def test_an_end_tag_without_its_start_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, "x</b>"), "Unexpected end tag at byte offset 1")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
        ("a <3 b", 'Unsupported start tag "3" at byte offset 2'),
        ("<>", 'Unsupported start tag "" at byte offset 0'),
        ("字<", "Unclosed start tag at byte offset 3"),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</", "Unclosed end tag at byte offset 4"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_a_bare_angle_bracket_is_refused(api: Api, person: Person, html: str, reason: str) -> None:
    refused(send_html(api, html), f"Bad Request: can't parse entities: {reason}")


def test_an_escaped_angle_bracket_and_a_bare_closing_one_are_accepted(api: Api, person: Person) -> None:
    assert accepted(send_html(api, "5 &lt; 6 > 4"))["text"] == "5 < 6 > 4"


def test_an_unclosed_attribute_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, '<a href="https://a.cn>x</a>'), "Unclosed start tag at byte offset 0")


def test_an_attribute_without_a_name_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, '<a ="x">x</a>'), 'Empty attribute name in the tag "a" at byte offset 0')


def test_an_attribute_cut_off_at_the_end_is_refused(api: Api, person: Person) -> None:
    refused(send_html(api, "<a href="), 'Unclosed start tag "a" at byte offset 0')
    refused(send_html(api, "<blockquote expandable"), 'Unclosed start tag "blockquote" at byte offset 0')


def test_an_attribute_without_quotes_must_be_a_name_token(api: Api, person: Person) -> None:
    refused(send_html(api, "<a href=https://a.cn>x</a>"), "Unexpected end of name token at byte offset 8")
    assert formatted(api, "<a href=a.cn>x</a>") == [("text_link", 0, 1)]


def test_a_span_must_be_a_spoiler(api: Api, person: Person) -> None:
    refused(send_html(api, '<span class="red">x</span>'), 'Tag "span" must have class "tg-spoiler"')


def test_a_custom_emoji_needs_its_number(api: Api, person: Person) -> None:
    refused(send_html(api, "<tg-emoji>x</tg-emoji>"), "Invalid custom emoji identifier specified")


def test_half_a_surrogate_pair_is_refused(api: Api, person: Person) -> None:
    refused(
        send_html(api, "&#xD83D;"), "Text contains invalid Unicode characters after decoding HTML entities"
    )
    assert accepted(send_html(api, "&#128512;"))["text"] == "😀"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&lt b", "< b"),
        ("&#65;&#x42;", "AB"),
        ("&nbsp;&copy;", "&nbsp;&copy;"),
        ("R&D &", "R&D &"),
        ("&#0;x", "&#0;x"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_character_references_are_read_as_telegram_reads_them(
    api: Api, person: Person, html: str, text: str
) -> None:
    assert accepted(send_html(api, html))["text"] == text


@pytest.mark.parametrize(
    "link", ["nowhere", "https://", "ftp://a.cn", "https://a b.cn", "javascript:alert(1)"]
)
def test_a_link_to_no_valid_address_is_dropped(api: Api, person: Person, link: str) -> None:
    assert formatted(api, f'<a href="{link}">x</a>') == []
    assert [entity.type for entity in person.waits_for_message().dropped] == ["text_link"]


def test_a_link_to_a_valid_address_is_kept_and_normalised(api: Api, person: Person) -> None:
    send_html(api, '<a href="T.me/bulletin_test_bot?start=p_1&amp;x=1">[1]</a>')
    message = person.waits_for_message()
    assert message.links == [("[1]", "http://t.me/bulletin_test_bot?start=p_1&x=1")]
    assert not message.dropped


def test_a_quotation_inside_a_quotation_is_dropped(api: Api, person: Person) -> None:
    assert formatted(api, "<blockquote>a<blockquote>b</blockquote></blockquote>") == [("blockquote", 0, 2)]
    assert len(person.waits_for_message().dropped) == 1


def test_two_quotations_side_by_side_are_kept(api: Api, person: Person) -> None:
    html = "<blockquote>a</blockquote>\n<blockquote>b</blockquote>"
    assert formatted(api, html) == [("blockquote", 0, 1), ("blockquote", 2, 1)]


@pytest.mark.parametrize("tag", ["pre", "code"])
def test_formatting_inside_code_is_dropped(api: Api, person: Person, tag: str) -> None:
    assert formatted(api, f"<{tag}>a<b>b</b><a href='a.cn'>c</a></{tag}>") == [(tag, 0, 3)]
    assert len(person.waits_for_message().dropped) == 2


def test_a_link_around_code_is_dropped(api: Api, person: Person) -> None:
    assert formatted(api, "<a href='https://a.cn'><code>1</code></a>") == [("code", 0, 1)]


def test_code_with_a_language_inside_pre_is_one_block(api: Api, person: Person) -> None:
    result = accepted(send_html(api, '<pre><code class="language-python">x</code></pre>'))
    assert result["entities"] == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_a_style_around_a_link_is_cut_at_its_edges(api: Api, person: Person) -> None:
    expected = [("bold", 0, 2), ("text_link", 2, 1), ("bold", 2, 1), ("bold", 3, 1)]
    assert formatted(api, "<b>ab<a href='a.cn'>c</a>d</b>") == expected


def test_offsets_count_utf16_units_of_the_trimmed_text(api: Api, person: Person) -> None:
    assert formatted(api, "\n 😀字<b>粗</b> \n") == [("bold", 3, 1)]


def test_an_entity_ends_where_the_text_is_trimmed(api: Api, person: Person) -> None:
    assert formatted(api, "<b>a  </b>\n") == [("bold", 0, 1)]


def test_explicit_entities_must_lie_within_the_text(api: Api, person: Person) -> None:
    refused(
        send(api, "ab", entities=[{"type": "bold", "offset": 1, "length": 2}]),
        "ends after the end of the text",
    )
    accepted(send(api, "ab", entities=[{"type": "bold", "offset": 1, "length": 1}]))


def test_commands_mentions_hashtags_and_urls_are_found_by_telegram_itself(api: Api, person: Person) -> None:
    text = "/ask @reader #北京 https://a.cn/b?c=1。"
    expected = [("bot_command", 0, 4), ("mention", 5, 7), ("hashtag", 13, 3), ("url", 17, 18)]
    assert formatted(api, text) == expected


# --- keyboards --------------------------------------------------------------------------------------------


def test_callback_data_of_65_bytes_is_refused(api: Api, person: Person) -> None:
    refused(send_buttons(api, {"text": "x", "callback_data": "字" * 21 + "ab"}), "BUTTON_DATA_INVALID")


def test_callback_data_of_64_bytes_is_accepted(api: Api, person: Person) -> None:
    accepted(send_buttons(api, {"text": "x", "callback_data": "字" * 21 + "a"}))


def test_a_button_without_an_action_is_refused(api: Api, person: Person) -> None:
    reason = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    refused(send_buttons(api, {"text": "x"}), reason)


def test_a_button_with_empty_callback_data_is_refused(api: Api, person: Person) -> None:
    reason = "Text buttons are unallowed in the inline keyboard"
    refused(send_buttons(api, {"text": "x", "callback_data": ""}), reason)


def test_a_button_with_two_actions_is_refused(api: Api, person: Person) -> None:
    refused(
        send_buttons(api, {"text": "x", "callback_data": "a", "url": "https://a.cn"}), "BUTTON_TYPE_INVALID"
    )
    accepted(send_buttons(api, {"text": "x", "callback_data": "a"}, {"text": "y", "url": "https://a.cn"}))


def test_a_button_with_an_unknown_field_is_refused(api: Api, person: Person) -> None:
    refused(send_buttons(api, {"text": "x", "callbackdata": "a"}), "BUTTON_TYPE_INVALID")


def test_a_button_without_text_is_refused(api: Api, person: Person) -> None:
    refused(
        send_buttons(api, {"callback_data": "a"}),
        "can't parse inline keyboard button: Can't find field \"text\"",
    )
    refused(
        send_buttons(api, {"text": "", "callback_data": "a"}), "inline keyboard button text must be non-empty"
    )


def test_a_url_button_needs_a_valid_url(api: Api, person: Person) -> None:
    reason = "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"
    refused(send_buttons(api, {"text": "x", "url": "nowhere"}), reason)
    accepted(send_buttons(api, {"text": "x", "url": "https://t.me/bulletin_test_bot?start=p_1"}))


@pytest.mark.parametrize(("length", "passes"), [(0, False), (1, True), (256, True), (257, False)])
def test_copied_text_has_1_to_256_characters(api: Api, person: Person, length: int, passes: bool) -> None:
    response = send_buttons(api, {"text": "x", "copy_text": {"text": "字" * length}})
    accepted(response) if passes else refused(response, "BUTTON_COPY_TEXT_INVALID")


def test_101_buttons_are_refused(api: Api, person: Person) -> None:
    button = {"text": "x", "callback_data": "a"}
    refused(send_buttons(api, *[button] * 101), "reply markup is too long")
    accepted(send_buttons(api, *[button] * 100))


def test_a_markup_of_more_than_10000_bytes_is_refused(api: Api, person: Person) -> None:
    frame = len(b'[[{"text":"","callback_data":"a"}]]')
    longest = "x" * (10_000 - frame)
    refused(send_buttons(api, {"text": longest + "x", "callback_data": "a"}), "reply markup is too long")
    accepted(send_buttons(api, {"text": longest, "callback_data": "a"}))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://", "URL host is empty"),
        ("https://.", "Host is invalid"),
        ("https://localhost/x", "Wrong HTTP URL"),
        ("https://a.cn:99999/", "Wrong port number specified in the URL"),
        ("ftp://a.cn", "Unsupported URL protocol"),
        ("https://a b.cn", "Disallowed character in URL host"),
    ],
)
def test_a_broken_url_is_refused_with_its_reason(api: Api, person: Person, url: str, reason: str) -> None:
    expected = f"inline keyboard button URL '{url}' is invalid: {reason}"
    refused(send_buttons(api, {"text": "x", "url": url}), expected)


def test_an_unknown_button_style_is_refused(api: Api, person: Person) -> None:
    button = {"text": "x", "callback_data": "a"}
    refused(send_buttons(api, button | {"style": "loud"}), "button: invalid button style specified")
    accepted(send_buttons(api, button | {"style": "primary"}))


def test_a_keyboard_must_be_rows_of_buttons(api: Api, person: Person) -> None:
    flat = {"inline_keyboard": [{"text": "x", "callback_data": "a"}]}
    refused(send(api, "x", reply_markup=flat), "must be an Array of Arrays")


def test_a_markup_that_is_not_json_is_refused(api: Api, person: Person) -> None:
    refused(send(api, "x", reply_markup="{'a'"), "can't parse reply keyboard markup JSON object")


# --- replies, edits, deletions, reactions -----------------------------------------------------------------


def test_a_reply_to_a_message_that_does_not_exist_is_refused(api: Api, person: Person) -> None:
    refused(send(api, "x", reply_parameters={"message_id": 99}), "message to be replied not found")
    accepted(send(api, "x", reply_parameters={"message_id": 99, "allow_sending_without_reply": True}))
    accepted(send(api, "x", reply_parameters={"message_id": 1}))


def test_a_reply_without_a_message_identifier_is_refused(api: Api, person: Person) -> None:
    refused(send(api, "x", reply_parameters={"quote": "x"}), 'can\'t find field "message_id"')


def test_a_quote_that_is_not_in_the_message_is_refused(api: Api, person: Person) -> None:
    asked = person.says("北京的榜樣")
    refused(
        send(api, "x", reply_parameters={"message_id": asked.message_id, "quote": "上海"}),
        "QUOTE_TEXT_INVALID",
    )
    accepted(send(api, "x", reply_parameters={"message_id": asked.message_id, "quote": "榜樣"}))


def test_link_preview_options_must_be_an_object(api: Api, person: Person) -> None:
    refused(send(api, "x", link_preview_options="{"), "can't parse link preview options JSON object")
    accepted(send(api, "x", link_preview_options={"is_disabled": True}))


def test_an_edit_that_changes_nothing_is_refused(api: Api, person: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "a"}]]}
    sent = accepted(send(api, "<b>x</b>", parse_mode="HTML", reply_markup=markup))
    where = {"chat_id": PERSON, "message_id": sent["message_id"]}
    same = api("editMessageText", **where, text="<b>x</b> ", parse_mode="HTML", reply_markup=markup)
    refused(same, "Bad Request: message is not modified: specified new message content and reply markup")
    refused(api("editMessageReplyMarkup", **where, reply_markup=markup), "message is not modified")
    accepted(api("editMessageText", **where, text="x", reply_markup=markup))
    accepted(api("editMessageReplyMarkup", **where))


def test_an_edit_of_a_message_that_does_not_exist_is_refused(api: Api, person: Person) -> None:
    refused(api("editMessageText", chat_id=PERSON, message_id=99, text="x"), "message to edit not found")
    refused(api("editMessageReplyMarkup", chat_id=PERSON, message_id=99), "message to edit not found")


def test_an_edit_without_a_message_identifier_is_refused(api: Api) -> None:
    refused(api("editMessageText", text="x"), "message identifier is not specified")


def test_an_edit_of_a_persons_message_is_refused(api: Api, person: Person) -> None:
    asked = person.says("x")
    edit = {"chat_id": PERSON, "message_id": asked.message_id, "text": "y"}
    refused(api("editMessageText", **edit), "message can't be edited")


def test_an_edit_to_too_long_a_text_is_refused(api: Api, person: Person) -> None:
    sent = accepted(send(api, "x"))
    where = {"chat_id": PERSON, "message_id": sent["message_id"]}
    refused(api("editMessageText", **where, text="x" * 4097), "message is too long")
    accepted(api("editMessageText", **where, text="x" * 4096))


def test_an_edit_of_a_files_text_is_refused(api: Api, person: Person) -> None:
    sent = accepted(api("sendDocument", chat_id=PERSON, files={"document": ("a.txt", b"x")}))
    edit = {"chat_id": PERSON, "message_id": sent["message_id"], "text": "y"}
    refused(api("editMessageText", **edit), "there is no text in the message to edit")


def test_an_edit_takes_inline_keyboards_only(api: Api, person: Person) -> None:
    sent = accepted(send(api, "x"))
    where = {"chat_id": PERSON, "message_id": sent["message_id"], "text": "y"}
    refused(
        api("editMessageText", **where, reply_markup={"remove_keyboard": True}), "inline keyboard expected"
    )


def test_a_message_can_be_deleted_once(api: Api, person: Person) -> None:
    sent = accepted(send(api, "x"))
    where = {"chat_id": PERSON, "message_id": sent["message_id"]}
    accepted(api("deleteMessage", **where))
    refused(api("deleteMessage", **where), "message to delete not found")
    refused(api("deleteMessage", chat_id=PERSON), "message identifier is not specified")


def test_others_messages_in_a_group_are_deleted_by_administrators_only(
    api: Api, telegram: Emulator, person: Person, group: Group
) -> None:
    said = person.says("x", chat=group)
    refused(api("deleteMessage", chat_id=GROUP, message_id=said.message_id), "message can't be deleted")
    led = telegram.group(-2, bot_is_admin=True)
    said = person.says("x", chat=led)
    accepted(api("deleteMessage", chat_id=led.id, message_id=said.message_id))


def test_a_reaction_must_be_one_allowed_emoji(api: Api, person: Person) -> None:
    where = {"chat_id": PERSON, "message_id": 1}
    thumb, cabbage = {"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🥬"}
    refused(api("setMessageReaction", **where, reaction=[cabbage]), "REACTION_INVALID")
    refused(api("setMessageReaction", **where, reaction=[thumb, thumb]), "REACTIONS_TOO_MANY")
    accepted(api("setMessageReaction", **where, reaction=[thumb]))
    assert person.history()[0].reactions == ("👍",)


def test_a_reaction_to_a_message_that_does_not_exist_is_refused(api: Api, person: Person) -> None:
    refused(
        api("setMessageReaction", chat_id=PERSON, message_id=99, reaction=[]), "message to react not found"
    )


# --- files ------------------------------------------------------------------------------------------------


def test_a_file_of_more_than_20_megabytes_cannot_be_downloaded(
    api: Api, telegram: Emulator, person: Person, client: httpx.Client
) -> None:
    def file_id(size: int) -> str:
        person.sends_file("a.docx", b"content", size=size)
        document = accepted(api("getUpdates", offset=-1))[0]["message"]["document"]
        return str(document["file_id"])

    refused(api("getFile", file_id=file_id(20 * 1024 * 1024 + 1)), "Bad Request: file is too big")
    path = accepted(api("getFile", file_id=file_id(20 * 1024 * 1024)))["file_path"]
    assert client.get(f"{telegram.base_file_url}{telegram.token}/{path}").content == b"content"


def test_an_unknown_file_is_refused(api: Api, telegram: Emulator, client: httpx.Client) -> None:
    refused(api("getFile", file_id="x"), "invalid file_id")
    refused(api("getFile"), "file_id not specified")
    refused(client.get(f"{telegram.base_file_url}{telegram.token}/documents/x"), "Not Found", 404)


def test_a_document_must_be_a_file_with_content(api: Api, person: Person) -> None:
    refused(api("sendDocument", chat_id=PERSON), "there is no document in the request")
    refused(api("sendDocument", chat_id=PERSON, document="x"), "wrong file identifier/HTTP URL specified")
    refused(api("sendDocument", chat_id=PERSON, files={"document": ("a.txt", b"")}), "file must be non-empty")
    sent = accepted(api("sendDocument", chat_id=PERSON, files={"document": ("a.txt", b"x")}))
    accepted(api("sendDocument", chat_id=PERSON, document=sent["document"]["file_id"]))


def test_a_document_of_more_than_50_megabytes_is_refused(api: Api, person: Person) -> None:
    content = bytes(50 * 1024 * 1024 + 1)
    files = {"document": ("a.txt", content)}
    refused(api("sendDocument", chat_id=PERSON, files=files), "Request Entity Too Large", 413)


# --- buttons and inline queries ---------------------------------------------------------------------------


@pytest.fixture
def question(api: Api, person: Person) -> str:
    """The identifier of a button press that awaits its answer."""
    send_buttons(api, {"text": "x", "callback_data": "a"})
    person.taps(person.waits_for_message(), "x")
    return str(accepted(api("getUpdates", offset=-1))[0]["callback_query"]["id"])


def test_a_guest_message_is_answered_once_with_one_result_and_its_chat_takes_no_message(
    api: Api, person: Person
) -> None:
    with pytest.raises(AssertionError):
        person.calls_guest("北京", timeout=0)
    message = accepted(api("getUpdates", offset=-1))[0]["guest_message"]
    article = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "好"}}
    query = {"guest_query_id": message["guest_query_id"]}
    refused(api("sendMessage", chat_id=message["chat"]["id"], text="x"), "chat not found")
    refused(api("answerGuestQuery", **query, result=[article]), "can't parse inline query result")
    refused(api("answerGuestQuery", **query, result={**article, "title": " "}), "ARTICLE_TITLE_EMPTY")
    refused(api("answerGuestQuery", guest_query_id="1", result=article), "query ID is invalid")
    assert accepted(api("answerGuestQuery", **query, result=article))["inline_message_id"]
    refused(api("answerGuestQuery", **query, result=article), "query is too old")


@pytest.fixture
def inline_query(api: Api, person: Person) -> str:
    """The identifier of an inline query that awaits its answer."""
    with pytest.raises(AssertionError):
        person.inline("北京", timeout=0)
    return str(accepted(api("getUpdates", offset=-1))[0]["inline_query"]["id"])


def test_an_unknown_press_cannot_be_answered(api: Api) -> None:
    refused(
        api("answerCallbackQuery", callback_query_id="1"), "query is too old and response timeout expired"
    )


def test_a_press_is_answered_once(api: Api, question: str) -> None:
    accepted(api("answerCallbackQuery", callback_query_id=question))
    refused(
        api("answerCallbackQuery", callback_query_id=question),
        "query is too old and response timeout expired",
    )


def test_an_answer_to_a_press_has_at_most_200_characters(api: Api, question: str) -> None:
    refused(api("answerCallbackQuery", callback_query_id=question, text="字" * 201), "MESSAGE_TOO_LONG")
    accepted(api("answerCallbackQuery", callback_query_id=question, text="字" * 200))


def test_an_answer_to_a_press_opens_deep_links_of_the_bot_only(api: Api, question: str) -> None:
    refused(api("answerCallbackQuery", callback_query_id=question, url="https://a.cn"), "URL_INVALID")
    link = "https://t.me/bulletin_test_bot?start=p_1"
    accepted(api("answerCallbackQuery", callback_query_id=question, url=link))


def test_an_unknown_inline_query_cannot_be_answered(api: Api) -> None:
    refused(api("answerInlineQuery", inline_query_id="1", results=[]), "query ID is invalid")


def test_51_inline_results_are_refused(api: Api, inline_query: str) -> None:
    results = [article(str(number)) for number in range(51)]
    refused(
        api("answerInlineQuery", inline_query_id=inline_query, results=results),
        "too many inline query results",
    )
    accepted(api("answerInlineQuery", inline_query_id=inline_query, results=results[:50]))


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article("1"), article("1")], "RESULT_ID_DUPLICATE"),
        ([article("")], "RESULT_ID_INVALID"),
        ([article("字" * 21 + "ab")], "RESULT_ID_INVALID"),
        ([article("1", title="")], "ARTICLE_TITLE_EMPTY"),
        ([{"type": "article", "id": "1", "title": "t"}], 'Can\'t find field "message_text"'),
        ([article("1", input_message_content={"message_text": ""})], "result: Message text is empty"),
        ([article("1", input_message_content={"message_text": "x" * 4097})], "result: Message is too long"),
        (
            [article("1", input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
            "can't parse inline query result: Can't parse entities",
        ),
        ([article("1", type="photo")], 'type "photo" is unsupported'),
        ([article("1", thumbnail_url="nowhere")], "URL 'nowhere' is invalid"),
        (
            [article("1", reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "a" * 65}]]})],
            "BUTTON_DATA_INVALID",
        ),
    ],
)
def test_a_broken_inline_result_is_refused(
    api: Api, inline_query: str, results: list[Any], reason: str
) -> None:
    refused(api("answerInlineQuery", inline_query_id=inline_query, results=results), reason)


def test_an_inline_result_with_an_identifier_of_64_bytes_is_accepted(api: Api, inline_query: str) -> None:
    accepted(
        api(
            "answerInlineQuery",
            inline_query_id=inline_query,
            results=[article("字" * 21 + "a"), article("b")],
        )
    )


def test_an_inline_query_is_answered_once(api: Api, inline_query: str) -> None:
    accepted(api("answerInlineQuery", inline_query_id=inline_query, results=[], cache_time=0))
    refused(api("answerInlineQuery", inline_query_id=inline_query, results=[]), "query is too old")


def test_an_offset_of_65_bytes_is_refused(api: Api, inline_query: str) -> None:
    answer = {"inline_query_id": inline_query, "results": []}
    refused(api("answerInlineQuery", **answer, next_offset="1" * 65), "NEXT_OFFSET_INVALID")
    accepted(api("answerInlineQuery", **answer, next_offset="1" * 64))


def test_the_button_over_inline_results_needs_a_valid_start_parameter(api: Api, inline_query: str) -> None:
    answer = {"inline_query_id": inline_query, "results": []}
    refused(
        api("answerInlineQuery", **answer, button={"text": "x", "start_parameter": "a b"}),
        "START_PARAM_INVALID",
    )
    refused(api("answerInlineQuery", **answer, button={"text": "x"}), "must have exactly one optional field")
    accepted(api("answerInlineQuery", **answer, button={"text": "x", "start_parameter": "help"}))


# --- the bot's own texts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Ask", "x", "BOT_COMMAND_INVALID"),
        ("問", "x", "BOT_COMMAND_INVALID"),
        ("a-b", "x", "BOT_COMMAND_INVALID"),
        ("", "x", "command must be non-empty"),
        ("a" * 33, "x", "command length must not exceed 32"),
        ("ask", "", "command description must be non-empty"),
        ("ask", "字" * 257, "command description length must not exceed 256"),
    ],
)
def test_a_broken_command_is_refused(api: Api, command: str, description: str, reason: str) -> None:
    refused(api("setMyCommands", commands=[{"command": command, "description": description}]), reason)


def test_a_command_needs_its_description(api: Api) -> None:
    refused(api("setMyCommands", commands=[{"command": "ask"}]), "can't parse BotCommand: Can't find field")


def test_the_longest_command_and_description_are_accepted(api: Api) -> None:
    accepted(api("setMyCommands", commands=[{"command": "a" * 32, "description": "字" * 256}]))


def test_101_commands_are_refused(api: Api) -> None:
    commands = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    refused(api("setMyCommands", commands=commands), "BOT_COMMANDS_TOO_MUCH")
    accepted(api("setMyCommands", commands=commands[:100]))


def test_commands_are_kept_by_scope_and_language(api: Api, telegram: Emulator) -> None:
    english, chinese = [{"command": "ask", "description": "Ask"}], [{"command": "ask", "description": "問"}]
    accepted(api("setMyCommands", commands=english))
    accepted(api("setMyCommands", commands=chinese, language_code="zh"))
    accepted(api("setMyCommands", commands=[], scope={"type": "all_group_chats"}))
    assert accepted(api("getMyCommands", language_code="zh")) == chinese == telegram.commands("zh")
    accepted(api("deleteMyCommands", language_code="zh"))
    assert accepted(api("getMyCommands", language_code="zh")) == []
    assert accepted(api("getMyCommands")) == english


def test_an_unknown_scope_is_refused(api: Api) -> None:
    refused(api("setMyCommands", commands=[], scope={"type": "everyone"}), "Unsupported type specified")
    refused(api("setMyCommands", commands=[], scope={"type": "chat", "chat_id": 99}), "chat not found")


@pytest.mark.parametrize("code", ["zh-hant", "ZH", "z", "zho"])
def test_a_language_code_of_commands_has_two_letters(api: Api, code: str) -> None:
    refused(api("setMyCommands", commands=[], language_code=code), "invalid language code specified")
    accepted(api("setMyCommands", commands=[], language_code="zh"))


@pytest.mark.parametrize(
    ("method", "name", "longest"),
    [
        ("setMyName", "name", 64),
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
    ],
)
def test_a_text_of_the_bot_that_is_too_long_is_refused(
    api: Api, method: str, name: str, longest: int
) -> None:
    refused(api(method, **{name: "字" * (longest + 1)}), "Bad Request")
    accepted(api(method, **{name: "字" * longest}))
    assert accepted(api(method.replace("set", "get"))) == {name: "字" * longest}


# --- updates ----------------------------------------------------------------------------------------------


def test_updates_come_again_until_they_are_confirmed(api: Api, person: Person) -> None:
    first = accepted(api("getUpdates"))
    assert accepted(api("getUpdates")) == first
    person.says("x")
    assert len(accepted(api("getUpdates", offset=first[0]["update_id"] + 1))) == 1


def test_a_negative_offset_keeps_only_the_last_updates(api: Api, person: Person) -> None:
    person.says("a")
    person.says("b")
    assert [update["message"]["text"] for update in accepted(api("getUpdates", offset=-1))] == ["b"]
    assert len(accepted(api("getUpdates"))) == 1


def test_a_long_poll_ends_with_the_first_update(api: Api, telegram: Emulator) -> None:
    person = telegram.person(PERSON)
    timer = threading.Timer(0.1, person.opens)
    timer.start()
    started = time.monotonic()
    assert len(accepted(api("getUpdates", timeout=5))) == 1
    assert time.monotonic() - started < 2


def test_a_long_poll_ends_empty_after_its_timeout(api: Api) -> None:
    started = time.monotonic()
    assert accepted(api("getUpdates", timeout=1)) == []
    assert 0.9 < time.monotonic() - started < 2


def poll_in_background(telegram: Emulator) -> tuple[threading.Thread, list[httpx.Response]]:
    """Start a long poll and return once the emulator holds it."""
    answers: list[httpx.Response] = []
    address = f"{telegram.base_url}{telegram.token}/getUpdates?timeout=5"
    thread = threading.Thread(target=lambda: answers.append(httpx.get(address, timeout=10)))
    thread.start()
    time.sleep(0.2)
    return thread, answers


def test_a_second_poller_ends_the_first_with_409(api: Api, telegram: Emulator) -> None:
    thread, answers = poll_in_background(telegram)
    assert accepted(api("getUpdates", timeout=1)) == []
    thread.join()
    refused(answers[0], "Conflict: terminated by other getUpdates request; make sure that only one bot", 409)


def test_setting_a_web_hook_ends_a_poll_with_409(api: Api, telegram: Emulator) -> None:
    thread, answers = poll_in_background(telegram)
    accepted(api("setWebhook", url="http://127.0.0.1:9/hook"))
    thread.join()
    refused(answers[0], "Conflict: terminated by setWebhook request", 409)


def test_polling_while_a_web_hook_is_set_is_refused_with_409(api: Api) -> None:
    accepted(api("setWebhook", url="http://127.0.0.1:9/hook"))
    refused(api("getUpdates"), "Conflict: can't use getUpdates method while webhook is active", 409)
    accepted(api("deleteWebhook"))
    accepted(api("getUpdates"))


def test_only_allowed_updates_are_sent(api: Api, telegram: Emulator, person: Person) -> None:
    accepted(api("getUpdates", allowed_updates=["callback_query"]))
    person.says("x")
    assert telegram.withheld == ["message 'x': not among the allowed_updates"]
    accepted(api("getUpdates", allowed_updates=[]))
    person.says("y")
    assert [update["message"]["text"] for update in accepted(api("getUpdates"))] == ["/start", "y"]


def test_in_a_group_only_what_concerns_the_bot_reaches_it(
    api: Api, telegram: Emulator, person: Person, group: Group
) -> None:
    accepted(api("getUpdates", offset=-1))
    reached = ["/ask x", "/ask@bulletin_test_bot x", "@bulletin_test_bot x"]
    for text in ["hello", "/ask@other_bot x", *reached]:
        person.says(text, chat=group)
    texts = [update["message"]["text"] for update in accepted(api("getUpdates"))]
    assert texts == ["/start", *reached]
    assert len(telegram.withheld) == 2


def test_an_update_carries_language_thread_and_commands(api: Api, person: Person, group: Group) -> None:
    person.says("/ask 北京", chat=group, thread=5)
    message = accepted(api("getUpdates", offset=-1))[0]["message"]
    assert message["from"]["language_code"] == "zh-hant"
    assert (message["message_thread_id"], message["is_topic_message"]) == (5, True)
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 4}]


# --- web hooks --------------------------------------------------------------------------------------------


class WebhookHandler:
    """A web hook that answers with the given statuses, then with 200, and remembers what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.statuses = list(statuses)
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                hook.received.append((self.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), body))
                self.send_response(hook.statuses.pop(0) if hook.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def texts(self, count: int) -> list[str]:
        """Return the texts received once there are that many."""
        deadline = time.monotonic() + 5
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return [body["message"]["text"] for _, body in self.received]


@pytest.fixture
def hooks() -> Iterator[Callable[..., WebhookHandler]]:
    opened: list[WebhookHandler] = []

    def open_hook(*statuses: int) -> WebhookHandler:
        opened.append(WebhookHandler(*statuses))
        return opened[-1]

    yield open_hook
    for hook in opened:
        hook.server.shutdown()
        hook.server.server_close()


def test_a_web_hook_gets_updates_with_its_secret(
    api: Api, person: Person, hooks: Callable[..., WebhookHandler]
) -> None:
    hook = hooks()
    accepted(api("setWebhook", url=hook.url, secret_token="s3cret_-"))
    person.says("北京")
    assert hook.texts(2) == ["/start", "北京"]
    assert {secret for secret, _ in hook.received} == {"s3cret_-"}


def test_a_web_hook_that_fails_gets_the_update_again_and_later_ones_wait(
    api: Api, person: Person, hooks: Callable[..., WebhookHandler]
) -> None:
    hook = hooks(500, 502, 503)
    accepted(api("setWebhook", url=hook.url))
    person.says("x")
    assert hook.texts(5) == ["/start"] * 4 + ["x"]
    info = accepted(api("getWebhookInfo"))
    assert "Wrong response from the webhook: 503" in info["last_error_message"]


def test_what_a_web_hook_has_taken_is_no_longer_pending(
    api: Api, person: Person, hooks: Callable[..., WebhookHandler]
) -> None:
    assert accepted(api("getWebhookInfo")) == {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": 1,
    }
    hook = hooks()
    accepted(api("setWebhook", url=hook.url))
    hook.texts(1)
    time.sleep(0.05)
    assert accepted(api("getWebhookInfo"))["pending_update_count"] == 0


def test_pending_updates_are_dropped_on_request(api: Api, person: Person) -> None:
    accepted(api("deleteWebhook", drop_pending_updates=True))
    assert accepted(api("getUpdates")) == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bot.example.org/hook", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://bot.example.org:9000/hook", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("nonsense", "invalid webhook URL specified"),
        ("https://bot.example.org:99999/hook", "invalid webhook URL specified"),
    ],
)
def test_a_web_hook_off_loopback_needs_https_and_a_known_port(api: Api, url: str, reason: str) -> None:
    refused(api("setWebhook", url=url), reason)


def test_a_web_hook_on_port_8443_is_accepted(api: Api) -> None:
    accepted(api("setWebhook", url="https://bot.example.org:8443/hook"))


@pytest.mark.parametrize(
    ("asked", "kept"), [({}, 40), ({"max_connections": 100}, 100), ({"max_connections": 101}, 100)]
)
def test_a_web_hook_has_40_connections_unless_told_and_100_at_most(
    api: Api, asked: dict[str, int], kept: int
) -> None:
    accepted(api("setWebhook", url="http://127.0.0.1:9/hook", **asked))
    assert accepted(api("getWebhookInfo"))["max_connections"] == kept


def test_a_secret_has_only_letters_digits_underscores_and_hyphens(api: Api) -> None:
    hook = {"url": "http://127.0.0.1:9/hook"}
    refused(api("setWebhook", **hook, secret_token="a b"), "secret token contains unallowed characters")
    refused(api("setWebhook", **hook, secret_token="a" * 257), "secret token is too long")
    accepted(api("setWebhook", **hook, secret_token="a" * 256))


# --- faults and flood control -----------------------------------------------------------------------------


def test_faults_strike_as_often_as_asked_and_are_not_refusals(
    api: Api, telegram: Emulator, person: Person
) -> None:
    telegram.fault("sendMessage", status=429, retry_after=1, times=2)
    for _ in range(2):
        response = send(api, "x")
        refused(response, "Too Many Requests: retry after 1", 429)
        assert response.json()["parameters"] == {"retry_after": 1}
    accepted(send(api, "x"))
    assert telegram.refused == []


@pytest.mark.parametrize("status", [500, 502])
def test_a_fault_can_be_a_failure_of_the_server(
    api: Api, telegram: Emulator, person: Person, status: int
) -> None:
    telegram.fault(status=status)
    assert send(api, "x").status_code == status
    assert len(person.history()) == 1


@pytest.mark.parametrize(("reset", "messages"), [("before", 1), ("after", 2)])
def test_a_connection_can_be_lost_before_or_after_the_message_was_taken(
    api: Api, telegram: Emulator, person: Person, reset: Any, messages: int
) -> None:
    telegram.fault("sendMessage", reset=reset)
    with pytest.raises(httpx.TransportError):
        send(api, "x")
    assert len(person.history()) == messages


def test_a_call_can_be_delayed(api: Api, telegram: Emulator) -> None:
    telegram.fault("getMe", delay=0.3)
    started = time.monotonic()
    accepted(api("getMe"))
    assert time.monotonic() - started > 0.3


def test_flood_control_refuses_the_fourth_message_in_a_burst(client: httpx.Client) -> None:
    with Emulator(flood_control=True) as telegram:
        telegram.person(PERSON).opens()
        address = f"{telegram.base_url}{telegram.token}/sendMessage?chat_id={PERSON}&text=x"
        answers = [client.get(address) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["parameters"]["retry_after"] in (2, 3)


def test_flood_control_refuses_the_21st_message_of_a_minute_in_a_group(client: httpx.Client) -> None:
    with Emulator(flood_control=True) as telegram:
        telegram.group(GROUP)
        address = f"{telegram.base_url}{telegram.token}/sendMessage?chat_id={GROUP}&text=x"
        statuses = [client.get(address).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


# --- parameters of the wrong shape ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("sendMessage", {"reply_markup": [1]}, "object expected as reply markup"),
        (
            "sendMessage",
            {"reply_markup": {"inline_keyboard": 1}},
            'field "inline_keyboard" must be of type Array',
        ),
        (
            "sendMessage",
            {"reply_markup": {"inline_keyboard": [[1]]}},
            "InlineKeyboardButton must be an Object",
        ),
        ("sendMessage", {"reply_parameters": [1]}, "object expected as reply parameters"),
        ("sendMessage", {"link_preview_options": [1]}, "object expected as link preview options"),
        ("sendMessage", {"entities": [1]}, "can't parse MessageEntity: expected an Object"),
        ("sendMessage", {"entities": [{"type": "bold"}]}, "wrong parameter in request"),
        ("deleteMessage", {"chat_id": ""}, "chat identifier is not specified"),
        ("setMyCommands", {"commands": [{"command": [1]}]}, 'Field "command" must be of type String'),
        ("setMessageReaction", {"reaction": {"a": 1}}, "expected an Array of ReactionType"),
        ("setMessageReaction", {"reaction": [1]}, "can't parse ReactionType: expected an Object"),
        (
            "setMessageReaction",
            {"reaction": [{"type": "paid"}]},
            "ReactionType: invalid reaction type specified",
        ),
        ("setMyCommands", {"commands": {"a": 1}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [1]}, "can't parse BotCommand: expected an Object"),
        ("setMyCommands", {"scope": [1]}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ("answerInlineQuery", {"results": {"a": 1}}, "expected an Array of inline query results"),
        ("answerInlineQuery", {"results": [1]}, "result: Inline query result must be an object"),
        ("answerInlineQuery", {"button": [1]}, "button: InlineQueryResultsButton must be an Object"),
        ("answerInlineQuery", {"button": {"text": "", "start_parameter": "a"}}, "SWITCH_PM_TEXT_EMPTY"),
    ],
)
def test_a_parameter_of_the_wrong_shape_is_refused(
    api: Api, person: Person, method: str, parameters: dict[str, Any], reason: str
) -> None:
    refused(api(method, **({"chat_id": PERSON, "message_id": 1, "text": "x"} | parameters)), reason)


# --- the record, and what a person sees -------------------------------------------------------------------


def test_calls_are_recorded_with_their_json_decoded(api: Api, telegram: Emulator, person: Person) -> None:
    send_buttons(api, {"text": "x", "callback_data": "a"})
    call = telegram.calls_of("sendMessage")[0]
    assert call.params["chat_id"] == PERSON
    assert call.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "a"
    assert (call.status, call.refused) == (200, False)


def test_refused_calls_are_listed_and_reported(api: Api, telegram: Emulator, person: Person) -> None:
    send(api, "x" * 4097)
    assert [call.description for call in telegram.refused] == ["Bad Request: message is too long"]
    with pytest.raises(AssertionError, match=r"(?s)waited.*refused:.*message is too long"):
        person.waits_for_message(timeout=0.05)


def test_a_person_follows_a_link_and_presses_a_button(api: Api, telegram: Emulator, person: Person) -> None:
    link = f"https://t.me/{telegram.username}?start=p_0123456789abcdef"
    markup = {"inline_keyboard": [[{"text": "more", "callback_data": "m"}]]}
    send(api, f'<a href="{link}">[1]</a>', parse_mode="HTML", reply_markup=markup)
    message = person.waits_for_message()
    assert (message.labels, message.links) == ([["more"]], [("[1]", link)])
    assert person.follows(message, "[1]").text == "/start p_0123456789abcdef"
    tap = person.taps(message, "more")
    api("answerCallbackQuery", callback_query_id=tap.question.id, text="ok")
    assert tap.answer().text == "ok"


def test_a_person_sees_edits_and_reads_only_what_is_new(api: Api, person: Person) -> None:
    sent = accepted(send(api, "one"))
    send(api, "two")
    first, second = person.waits_for_message(), person.waits_for_message()
    assert (first.text, second.text) == ("one", "two")
    api("editMessageText", chat_id=PERSON, message_id=sent["message_id"], text="three")
    assert person.waits_for_edit(first).edits == ("three",)
    person.hears_nothing(seconds=0.05)


def test_a_person_edits_and_replies(api: Api, person: Person) -> None:
    said = person.says("北京")
    person.edits(said, "上海")
    assert accepted(api("getUpdates", offset=-1))[0]["edited_message"]["text"] == "上海"
    person.replies(said, "x")
    assert accepted(api("getUpdates", offset=-1))[0]["message"]["reply_to_message"]["text"] == "上海"


# --- python-telegram-bot ----------------------------------------------------------------------------------


def with_bot(telegram: Emulator, act: Callable[[Bot], Any]) -> Any:
    """Return what a python-telegram-bot `Bot` does against the emulator."""

    async def run() -> Any:
        async with Bot(telegram.token, telegram.base_url, telegram.base_file_url) as bot:
            return await act(bot)

    return asyncio.run(run())


def test_the_library_sends_edits_and_polls(telegram: Emulator, person: Person) -> None:
    async def act(bot: Bot) -> None:
        updates = await bot.get_updates(timeout=0)
        assert updates[0].message is not None
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="a")]])
        reply = await updates[0].message.reply_html("<b>x</b>", reply_markup=keyboard, do_quote=True)
        await reply.edit_text("y")
        assert (await bot.get_chat(PERSON)).username == "reader"
        assert (await bot.get_chat_member(PERSON, PERSON)).status == "member"
        assert await bot.set_my_commands([("ask", "Ask")], language_code="zh")
        assert (await bot.get_my_commands(language_code="zh"))[0].command == "ask"
        assert (await bot.get_webhook_info()).pending_update_count == 1
        await bot.send_document(PERSON, b"content", filename="a.txt", caption="c")

    with_bot(telegram, act)
    first, second = person.waits_for_message(), person.waits_for_message()
    assert (first.text, first.html, first.buttons, first.reply_to_message_id) == ("y", "y", (), 1)
    assert (second.text, second.document_name, second.document) == ("c", "a.txt", b"content")
    assert telegram.refused == []


def test_the_library_downloads_a_file(telegram: Emulator, person: Person) -> None:
    person.sends_file("a.txt", "北京".encode())

    async def act(bot: Bot) -> bytes:
        message = (await bot.get_updates(offset=-1))[0].message
        assert message is not None
        assert message.document is not None
        return bytes(await (await message.document.get_file()).download_as_bytearray())

    assert with_bot(telegram, act).decode() == "北京"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 1}, RetryAfter),
        ({"status": 502}, NetworkError),
        ({"reset": "before"}, NetworkError),
        ({"status": 409, "description": "Conflict: terminated by other getUpdates request"}, Conflict),
    ],
)
def test_the_library_raises_its_own_errors(
    telegram: Emulator, fault: dict[str, Any], error: type[Exception]
) -> None:
    telegram.fault("getUpdates", **fault)
    with pytest.raises(error):
        with_bot(telegram, lambda bot: bot.get_updates(timeout=0))


def test_the_library_raises_on_refusals(telegram: Emulator, person: Person) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        with_bot(telegram, lambda bot: bot.send_message(99, "x"))
    person.blocks()
    with pytest.raises(Forbidden):
        with_bot(telegram, lambda bot: bot.send_message(PERSON, "x"))


def test_a_message_view_explains_a_missing_button() -> None:
    with pytest.raises(AssertionError, match="no button 'x' under 'text'"):
        SentMessage(1, PERSON, "text").button("x")
