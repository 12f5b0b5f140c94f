"""`bulletin-bot chat`: the application with a request that prints messages in this terminal instead of sending them."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text
from telegram import Update
from telegram.request import BaseRequest, RequestData

from bot.application import build_application
from bot.handlers import BotApplication
from bot.locales import texts_for
from bot.output import render, terminal
from bot.serving import Answerer
from bot.settings import Settings
from bot.subscriptions import Notifier

_TOKEN = "1:terminal"  # noqa: S105 - the application needs one; nothing leaves this process
_CHAT = {"id": 1, "type": "private", "first_name": "terminal"}
_BOT = {"id": 1, "is_bot": True, "first_name": "bulletin-bot", "username": "terminal"}
_PRESS = re.compile(r"#(\d{1,2})")
_COMMAND = re.compile(r"/\w+")
_NUMBER = re.compile(r"\d{1,2}")
_QUIT = {"/quit", "/exit", "quit", "exit", "q", "bye", "離開", "离开", "退出", "結束", "结束"}
_SILENT_METHODS = {"setMyCommands", "sendChatAction", "deleteWebhook", "deleteMessage"}

JsonObject = dict[str, Any]
"""An object of the Bot API."""


class TerminalRequest(BaseRequest):
    """Replaces the network: prints the messages that are sent and answers as Telegram would."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._numbers = itertools.count(1)
        self.buttons: list[JsonObject] = []
        """The buttons below the last message that was shown."""
        self.pressed: JsonObject = {}
        """That message as an update with a press holds it."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    def note(self, text: str) -> None:
        """Print a notice, or what a button would put on the clipboard."""
        self._console.print(Text(text), end="\n\n")

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: object,
        **_named_timeouts: object,
    ) -> tuple[int, bytes]:
        """Status and body of the reply of the Bot API method that the URL names."""
        parameters: JsonObject = request_data.parameters if request_data else {}
        endpoint = url.rsplit("/", 1)[-1]
        if endpoint == "sendRichMessage":  # tables are drawn by Telegram alone: the same comes as text
            return 404, json.dumps({"ok": False, "error_code": 404, "description": "Not Found"}).encode()
        if endpoint == "sendDocument":
            self._save_document(request_data)
        result = self._result(endpoint, parameters)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _result(self, method: str, parameters: JsonObject) -> object:
        if method == "getMe":
            return _BOT
        if method in _SILENT_METHODS:
            return True
        if method == "answerCallbackQuery":
            if parameters.get("text"):
                self.note(parameters["text"])
            return True
        number = parameters.get("message_id") or next(self._numbers)
        message: JsonObject = {"message_id": number, "date": int(time.time()), "chat": _CHAT}
        message["text"] = parameters.get("text", "")
        if method in {"sendPhoto", "sendDocument"}:
            self.note(f"[{parameters.get('caption', '')}]")
        else:
            self._show(parameters, message)
        return message

    def _save_document(self, request_data: RequestData | None) -> None:
        """Save a file that is sent into the working folder, under a name that is free; say where, or why not."""
        files = (request_data.multipart_data or {}) if request_data else {}
        for name, content, _ in files.values():
            path = _free_path(Path(name))
            try:
                path.write_bytes(content if isinstance(content, bytes) else content.read())
            except OSError as error:
                self.note(
                    f"{path} cannot be written ({error.strerror}): start the chat in a folder that takes files."
                )
            else:
                self.note(f"→ {path.resolve()}")

    def _show(self, parameters: JsonObject, message: JsonObject) -> None:
        """Print a message with its buttons; of one whose buttons alone change, these."""
        keyboard = parameters.get("reply_markup", {"inline_keyboard": []})
        self.buttons, self.pressed = [], {**message, "text": "…", "from": _BOT, "reply_markup": keyboard}
        if "text" in parameters:
            self._console.print(render(parameters["text"]))
        for row in keyboard["inline_keyboard"]:
            first = len(self.buttons) + 1
            self.buttons += row
            labels = (f"[#{number} {button['text']}]" for number, button in enumerate(row, start=first))
            self._console.print(Text(" ".join(labels), style="cyan"))
        self._console.print()


def _free_path(path: Path) -> Path:
    """The path, with a number if there is such a file."""
    numbered = (path.with_stem(f"{path.stem} {number}") for number in itertools.count(2))
    return next(free for free in itertools.chain([path], numbered) if not free.exists())


async def chat(settings: Settings, answerer: Answerer, language_code: str) -> None:
    """Read questions from standard input and print the replies, until its end or a word such as quit."""
    console = terminal()
    request = TerminalRequest(console)
    request.note(texts_for(language_code).terminal)
    application = build_application(settings, answerer, _TOKEN, request)
    async with application:
        telling = asyncio.create_task(Notifier(application).run())
        numbers = itertools.count(1)
        await _deliver(application, next(numbers), "/start", request, language_code)
        async for line in _lines(console):
            await _deliver(application, next(numbers), line, request, language_code)
        telling.cancel()
    answerer.close()


async def _deliver(
    application: BotApplication, number: int, line: str, request: TerminalRequest, language_code: str
) -> None:
    button = _pressed_button(line, request.buttons)
    if button and "copy_text" in button:
        request.note(button["copy_text"]["text"])
        return
    if button:
        update = _press_update(number, button["callback_data"], request.pressed, language_code)
    else:
        update = _message_update(number, line, language_code)
    await application.process_update(Update.de_json(update, application.bot))


def _pressed_button(line: str, buttons: list[JsonObject]) -> JsonObject | None:
    """The button that a line names: `#2` the second one; `2` the one labelled so, or else the second; None without any."""
    press = _PRESS.fullmatch(line)
    labelled = [button for button in buttons if button["text"].strip("〔〕") == line]
    if not press and labelled:
        return labelled[0]
    number = int(press[1]) if press else int(line) if _NUMBER.fullmatch(line) else 0
    return buttons[number - 1] if 1 <= number <= len(buttons) else None


def _person(language_code: str) -> JsonObject:
    return {"id": 1, "is_bot": False, "first_name": "terminal", "language_code": language_code}


def _message_update(number: int, text: str, language_code: str) -> JsonObject:
    message: JsonObject = {"message_id": number, "date": int(time.time()), "chat": _CHAT, "text": text}
    command = _COMMAND.match(text)
    if command:
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
    return {"update_id": number, "message": {**message, "from": _person(language_code)}}


def _press_update(number: int, data: str, message: JsonObject, language_code: str) -> JsonObject:
    press = {
        "id": str(number),
        "from": _person(language_code),
        "chat_instance": "1",
        "message": message,
        "data": data,
    }
    return {"update_id": number, "callback_query": press}


async def _lines(console: Console) -> AsyncIterator[str]:
    """The lines of standard input, stripped, without blank ones, read off the event loop."""
    while True:
        if sys.stdin.isatty():
            console.print(Text("> ", style="bold green"), end="")
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line or line.strip().lower() in _QUIT:
            return
        if line.strip():
            yield line.strip()
