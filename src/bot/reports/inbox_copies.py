"""Brings the messages that show reports to admins up to date: sends what is new, changes what changed, empties what is gone.

Nothing is remembered but what stands in the state, so that a bot that was killed goes on where it was.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.helpers import create_deep_linked_url

from bot.handlers import Services, messages
from bot.locales import Texts, texts_for
from bot.replies import callback_data, markup
from bot.reports import inbox_messages
from bot.reports.inbox_messages import InboxMessage
from bot.reports.report_reply import ReportedQuote, report_reply
from bot.state import feedback

logger = logging.getLogger(__name__)

_MOST_SENT = 20
"""Reports sent to an admin at a time; the others are in `/inbox`, and sent with the next ones."""
_SECONDS_BETWEEN_TRIES = 0.1


async def update_inbox(services: Services) -> None:
    """Send each admin the reports that they have not got, and bring those that they have up to date.

    The lock is held for one message at a time, and what another pass has done meanwhile is not done again.
    """
    for message in inbox_messages.outdated(services.database):
        async with only_pass(services):
            if message in inbox_messages.outdated(services.database):
                await _refresh(services, message)
    for admin in sorted(services.settings.admin_ids):
        for report in inbox_messages.unsent(services.database, admin)[-_MOST_SENT:]:
            async with only_pass(services):
                if report in inbox_messages.unsent(services.database, admin) and not await _send(
                    services, admin, report
                ):
                    break


@asynccontextmanager
async def only_pass(services: Services) -> AsyncIterator[None]:
    """Held while a message to an admin is sent or changed, by one pass of one bot."""
    async with services.inbox:
        while not services.database.take_role("inbox"):
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        try:
            yield
        finally:
            services.database.drop_role("inbox")


def texts_of_admin(services: Services, admin: int) -> Texts:
    """The interface in the language that the admin chose."""
    return texts_for(services.conversations.language_of(admin))


def reported_quotes(services: Services, report: feedback.Feedback) -> list[ReportedQuote]:
    """The quotes of the reported answer, from the index in service."""
    index = services.answerer.whole
    positions = [(index.position(quote.passage_id), quote) for quote in report.quotes]
    return [
        ReportedQuote(None if position is None else index.passages[position], quote.start, quote.end)
        for position, quote in positions
    ]


def render_report(
    services: Services,
    report: feedback.Feedback,
    texts: Texts,
    *,
    asks_gold: bool = False,
    note: str = "",
) -> markup.Reply:
    """The report as admins see it."""

    def link(passage_id: str, span: markup.Span | None) -> str:
        return create_deep_linked_url(
            services.transport.bot.username, callback_data.payload(passage_id, span)
        )

    quotes = reported_quotes(services, report)
    return report_reply(report, quotes, texts, link, asks_gold=asks_gold, note=note)


async def _send(services: Services, admin: int, report: feedback.Feedback) -> bool:
    """Send the report to the admin; False if their chat takes no messages."""
    reply = render_report(services, report, texts_of_admin(services, admin))
    try:
        sent = await services.transport.bot.send_message(
            admin,
            reply.messages[0],
            parse_mode=ParseMode.HTML,
            link_preview_options=messages.NO_PREVIEW,
            reply_markup=messages.keyboard(reply.rows),
        )
    except (Forbidden, BadRequest) as error:
        if services.first_contacts.is_first(("no inbox", admin)):
            extra = {"person": services.pseudonym(admin)}
            logger.warning("An admin gets no reports, for the chat takes no messages: %s", error, extra=extra)
        return False
    state = inbox_messages.state_of(report)
    message = InboxMessage(admin, sent.message_id, report.feedback_id, state)
    inbox_messages.save_message(services.database, message)
    return True


async def _refresh(services: Services, message: InboxMessage) -> None:
    """Show the report as it is now, or that it is gone; a message that cannot be changed is given up."""
    texts = texts_of_admin(services, message.admin)
    report = feedback.feedback_by_id(services.database, message.feedback_id)
    if report and not report.is_report:
        report = None
    gone = markup.text_reply(texts.admin.inbox.gone)
    reply = render_report(services, report, texts) if report else gone
    try:
        await services.transport.bot.edit_message_text(
            reply.messages[0],
            chat_id=message.admin,
            message_id=message.message,
            parse_mode=ParseMode.HTML,
            link_preview_options=messages.NO_PREVIEW,
            reply_markup=messages.keyboard(reply.rows),
        )
    except (Forbidden, BadRequest) as error:
        logger.debug("The message of a report could not be changed: %s", error)
    except TelegramError:
        logger.warning("The messages of reports could not be brought up to date; that is tried again.")
        raise
    if report is None:
        inbox_messages.delete_message(services.database, message)
    else:
        state = inbox_messages.state_of(report)
        shown = InboxMessage(message.admin, message.message, report.feedback_id, state)
        inbox_messages.save_message(services.database, shown)
