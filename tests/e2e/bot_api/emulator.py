"""The emulator as a test uses it: started in a thread of its own, stopped with the `with` block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypeVar

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from .calls import Call, CallLog
from .delivery import Group
from .faults import Fault, FloodControl, Reset
from .person import Person
from .server import LARGEST_REQUEST_BYTES, Backend, application
from .state import Chat, State, User
from .updates import UpdateQueue
from .webhook import WebhookDelivery
from .wire import JsonObject

Result = TypeVar("Result")
DEFAULT_TOKEN = "123456789:AAEmulatedTokenForLoopbackTests_0123"
DEFAULT_USERNAME = "bulletin_test_bot"
_HOST = "127.0.0.1"
_STOP_SECONDS = 10.0


class Emulator:
    """A Bot API server on loopback for one bot.

    `webhook_retry_seconds` is how long the shortest pause between deliveries to a failing web hook lasts; on
    Telegram it is one second.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = DEFAULT_TOKEN,
        username: str = DEFAULT_USERNAME,
        flood_control: bool = False,
        webhook_retry_seconds: float = 0.05,
    ) -> None:
        updates = UpdateQueue()
        webhook = WebhookDelivery(updates, webhook_retry_seconds)
        updates.on_new = webhook.wake
        bot = User(int(token.partition(":")[0]), "Bulletin Test Bot", username, is_bot=True)
        self.token = token
        self.port = port
        self._backend = Backend(State(token, bot, updates, webhook), flood=FloodControl(flood_control))
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; returns once calls are answered. Raises OSError if the port is taken."""
        listening: Future[int] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(listening,), name="bot-api-emulator", daemon=True
        )
        self._thread.start()
        self.port = listening.result()

    def stop(self) -> None:
        """Drop all connections and stop listening."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(_STOP_SECONDS)
            self._loop = None

    @property
    def base_url(self) -> str:
        """Return the address a python-telegram-bot `Bot` takes as `base_url`."""
        return f"http://{_HOST}:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        """Return the address a python-telegram-bot `Bot` takes as `base_file_url`."""
        return f"http://{_HOST}:{self.port}/file/bot"

    @property
    def username(self) -> str:
        """Return the bot's user name, without @."""
        return self._backend.state.bot.username

    @property
    def log(self) -> CallLog:
        """Return the record of calls, to wait on."""
        return self._backend.calls

    @property
    def calls(self) -> list[Call]:
        """Return all calls so far."""
        return self.log.all()

    @property
    def refused(self) -> list[Call]:
        """Return the calls refused by Telegram's rules; failures a test asked for are not among them."""
        return [call for call in self.calls if call.refused]

    @property
    def withheld(self) -> list[str]:
        """Return what people did that the bot was not told of, and why."""
        return self.look(lambda state: list(state.withheld))

    def calls_of(self, method: str) -> list[Call]:
        """Return the calls of one method so far."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    def person(
        self, user_id: int, *, first_name: str = "", username: str = "", language_code: str = "zh-hant"
    ) -> Person:
        """Return a person. The bot cannot write to them before they have written to it."""
        user = User(user_id, first_name or f"Person {user_id}", username, language_code)

        def register(state: State) -> None:
            state.users[user_id] = user
            state.chats.setdefault(user_id, Chat(user_id)).user = user

        self.look(register)
        return Person(self, user)

    def group(
        self, group_id: int, *, title: str = "Group", is_forum: bool = False, bot_is_admin: bool = False
    ) -> Group:
        """Return a supergroup the bot is in. Unless it is an administrator, privacy mode is on."""
        assert group_id < 0, "the identifier of a group is negative"
        chat = Chat(group_id, title=title, is_forum=is_forum, bot_is_admin=bot_is_admin)
        self.look(lambda state: state.chats.setdefault(group_id, chat))
        return Group(group_id, title)

    def set_member(self, group: Group, person: Person, status: str = "administrator") -> None:
        """Say what a person is in a group: `creator`, `administrator` or `member`."""
        self.look(lambda state: state.chats[group.id].members.update({person.user.id: status}))

    def fault(
        self,
        method: str = "*",
        *,
        status: int = 0,
        retry_after: int = 0,
        delay: float = 0.0,
        reset: Reset = "",
        times: int = 1,
        description: str = "",
    ) -> None:
        """Let the next `times` calls of a method fail: an HTTP status, a delay in seconds, a lost connection.

        `reset="before"` loses the call, `reset="after"` only its answer.
        """
        fault = Fault(method, status, retry_after, delay, reset, times, description)
        self.look(lambda _: self._backend.faults.faults.append(fault))

    def clear_faults(self) -> None:
        """Let calls succeed again."""
        self.look(lambda _: self._backend.faults.faults.clear())

    def commands(self, language_code: str = "", scope: str = '{"type": "default"}') -> list[JsonObject]:
        """Return the commands the bot has set for a language and a scope."""
        return self.look(lambda state: list(state.commands.get((scope, language_code), [])))

    def look(self, question: Callable[[State], Result]) -> Result:
        """Return what a function makes of the state, run on the emulator's event loop."""
        assert self._loop is not None, "the emulator is not running"

        async def answer() -> Result:
            return question(self._backend.state)

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result()

    def _run(self, listening: Future[int]) -> None:
        asyncio.run(self._serve(listening))

    async def _serve(self, listening: Future[int]) -> None:
        try:
            sockets = bind_sockets(self.port, _HOST)
        except OSError as error:
            listening.set_exception(error)
            return
        server = HTTPServer(application(self._backend), max_body_size=LARGEST_REQUEST_BYTES)
        server.add_sockets(sockets)
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        listening.set_result(sockets[0].getsockname()[1])
        await self._stopping.wait()
        self._backend.state.webhook.set(None)
        server.stop()
        await server.close_all_connections()
