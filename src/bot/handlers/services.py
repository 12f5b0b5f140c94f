"""The long-lived objects that handlers share, typed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from bot.access import FirstContacts
from bot.observability import Metrics
from bot.serving import Answerer
from bot.settings import Settings
from bot.state import Conversations, Database, users
from bot.telegram import Transport
from bot.wording import Wording


class ExclusiveTask:
    """A background task of which at most one runs at a time."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the task has been started and has not ended."""
        return self._task is not None and not self._task.done()

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Run the coroutine; to be called only while nothing runs."""
        self._task = asyncio.create_task(work)

    async def wait(self) -> None:
        """Wait for the task to end; what it raised is raised here."""
        if self._task:
            await self._task

    async def cancel(self) -> None:
        """Cancel the running task and wait for its end; does nothing if none runs."""
        if self._task and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that outlives an update; one object an application, held as its `bot_data`."""

    settings: Settings
    answerer: Answerer
    database: Database
    transport: Transport
    started: float
    """`time.monotonic()` at the start of the application."""
    conversations: Conversations
    pseudonym_key: bytes = field(repr=False)
    wording: Wording | None = None
    """Words answers by a language model; None where none is set."""
    awaiting_wording: dict[tuple[int, int], str] = field(default_factory=dict)
    """The id of the answer whose sentences are to be put into a message, by its chat and its id."""
    metrics: Metrics = field(default_factory=Metrics)
    first_contacts: FirstContacts = field(default_factory=FirstContacts)
    """Notices and log lines that are given once a person, chat or album."""
    rebuild: ExclusiveTask = field(default_factory=ExclusiveTask)
    """The rebuild that an admin started."""
    receiving: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while updates are received from Telegram."""

    inbox: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the messages that show reports to admins are brought up to date."""

    no_rich_messages: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the server has turned out to know no rich messages."""

    def pseudonym(self, number: int) -> str:
        """The name of a chat or a person in the log."""
        return users.pseudonym(number, self.pseudonym_key)
