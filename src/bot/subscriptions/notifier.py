"""Compares subscriptions with each generation that comes into service, and tells their chats, once and not at night.

What a chat is to be told is saved together with what it has been compared with, and taken out before the message is sent: a
process that is killed between sends nothing twice. A message that Telegram certainly did not take is put back.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.helpers import create_deep_linked_url

from bot.access import Sender, is_admitted
from bot.handlers import BotApplication, messages
from bot.locales import LANGUAGES, Texts, texts_for
from bot.replies import callback_data, markup
from bot.subscriptions import news, screens, store
from bot.subscriptions.subscription import Subscription
from bot.telegram import error_kinds
from retrieval.types import Passage

logger = logging.getLogger(__name__)

QUIET_FROM, QUIET_UNTIL = 22, 8
"""Hours of the day between which nobody is told anything unless they asked for it."""
_SECONDS_BETWEEN_LOOKS = 2.0
_SECONDS_AFTER_A_FAULT = 5.0
# Errors of a call that may have been carried out before the connection broke.
_AMBIGUOUS = ("ServerDisconnectedError", "ClientOSError", "ClientConnectionResetError", "Telegram's answer")


def is_quiet(seconds: float, time_zone: str | None) -> bool:
    """Whether it is night in the time zone (None: that of this machine) at a time in seconds since 1970."""
    hour = datetime.fromtimestamp(seconds, ZoneInfo(time_zone) if time_zone else None).hour
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


class Notifier:
    """Tells the chats; one object a process, used on the event loop only."""

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._services = application.bot_data
        self._not_before = 0.0
        """As `time.monotonic()` counts: Telegram asked to wait until then."""

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except sqlite3.Error as error:
                logger.debug("The subscriptions cannot be read at the moment: %s", error)
            except Exception:
                logger.exception("Telling the subscribers failed")
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def look(self) -> None:
        """Compare what is behind the index in service, then tell the chats that may be told now; one bot of several does."""
        if not self._services.database.take_role("subscriptions"):
            return
        await self._compare()
        connection = self._services.transport.connection
        for chat_id in store.chats_with_news(self._services.database):
            if connection.is_lost or time.monotonic() < self._not_before:
                return
            await self._tell(chat_id)

    async def _compare(self) -> None:
        store.keep(self._services.database)
        database, whole = self._services.database, self._services.answerer.whole
        folder = self._services.settings.index_dir
        for subscription_id in store.behind(database, whole.name):
            subscription = store.by_id(database, subscription_id)
            if subscription is None:
                continue
            compared = await asyncio.to_thread(news.compare, subscription, whole, folder)
            now = store.by_id(database, subscription_id)  # told of, or ended, meanwhile
            if now is not None:
                pending = tuple(dict.fromkeys((*now.pending, *compared.news)))
                store.note(database, subscription_id, compared.generation, compared.seen, pending)

    async def _tell(self, chat_id: int) -> None:
        """Send the chat one message of all that it may be told now."""
        services = self._services
        night = is_quiet(services.database.now(), services.settings.time_zone)
        due = [
            each
            for each in store.of_chat(services.database, chat_id)
            if each.pending and (each.is_anytime or not night)
        ]
        if not due:
            return
        store.set_pending(services.database, {each.subscription_id: () for each in due})
        passages = self._passages(due)
        if passages and is_admitted(Sender(chat_id, chat_id, chat_id > 0), services.settings):
            await self._send(due, passages)

    def _passages(self, due: Sequence[Subscription]) -> list[Passage]:
        """The passages to tell of that are still there, each once, in the order of the bulletins."""
        whole = self._services.answerer.whole
        ids = dict.fromkeys(passage_id for each in due for passage_id in each.pending)
        positions = sorted(position for position in map(whole.position, ids) if position is not None)
        return [whole.passages[position] for position in positions]

    async def _send(self, due: Sequence[Subscription], passages: Sequence[Passage]) -> None:
        first = due[0]
        put_back = {each.subscription_id: each.pending for each in due}
        database = self._services.database
        try:
            new_chat = await self._call(first, self._reply(due, passages))
        except RetryAfter as error:
            self._wait(error._retry_after.total_seconds())
            store.set_pending(database, put_back)
        except (Forbidden, BadRequest) as error:
            if isinstance(error, Forbidden) or error_kinds.is_of_the_chat(error):
                store.end_all(database, first.chat_id)
                logger.info("A chat takes no messages any more: its subscriptions are ended")
            else:
                logger.error("A chat could not be told of what it follows: %s", error)
        except TimedOut:
            logger.warning(
                "A chat may not have been told of what it follows: Telegram did not answer in time"
            )
        except NetworkError as error:
            if error.message.startswith(_AMBIGUOUS):
                logger.warning("A chat may not have been told of what it follows: %s", error)
                return
            self._wait(_SECONDS_AFTER_A_FAULT)
            store.set_pending(database, put_back)
        except TelegramError as error:
            logger.error("A chat could not be told of what it follows: %s", error)
        else:
            extra = {"chat": self._services.pseudonym(new_chat), "passages": len(passages)}
            logger.info("A chat is told of what it follows", extra=extra)
            if new_chat != first.chat_id:
                store.move(database, first.chat_id, new_chat)

    def _wait(self, seconds: float) -> None:
        self._not_before = time.monotonic() + seconds

    async def _call(self, to: Subscription, reply: markup.Reply) -> int:
        """Send the message, in one try and in its topic if that is there, and return the id of the chat that has it."""
        send_in = functools.partial(
            self._application.bot.send_message,
            to.chat_id,
            reply.messages[0],
            parse_mode=ParseMode.HTML,
            link_preview_options=messages.NO_PREVIEW,
            reply_markup=messages.keyboard(reply.rows),
            rate_limit_args=1,
        )
        return (await messages.in_topic(send_in, to.thread_id)).chat.id

    def _reply(self, due: Sequence[Subscription], passages: Sequence[Passage]) -> markup.Reply:
        username = self._application.bot.username
        return screens.news_reply(
            [each.words for each in due],
            passages,
            self._texts(due[0]),
            lambda passage_id, span: create_deep_linked_url(
                username, callback_data.payload(passage_id, span)
            ),
        )

    def _texts(self, subscription: Subscription) -> Texts:
        """The interface in the language that the person chose, else in that of when they subscribed."""
        chosen = self._services.conversations.language_of(subscription.person_id)
        return LANGUAGES.get(chosen or subscription.language) or texts_for(subscription.language)
