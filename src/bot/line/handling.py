"""What the bot does with an update that the inbox hands out."""

from __future__ import annotations

from telegram import Update

from bot.admission import is_served
from bot.handlers.context import AnyApplication, context_for, conversations_of, line_texts_of, settings_of
from bot.handlers.sending import acknowledge, send, send_briefly
from bot.line.arrivals import Arrival, answer_key, is_for_bot
from bot.line.asides import Asides
from bot.line.waiting import WaitNotices
from bot.replies.reply import said


class Handlers:
    """The handlers of the application, and what is said where they are not asked."""

    def __init__(self, application: AnyApplication, notices: WaitNotices, asides: Asides) -> None:
        self._application = application
        self._notices = notices
        self._asides = asides

    async def handle(self, arrival: Arrival) -> None:
        """Run the handlers; the notice that asked for patience goes when they are done."""
        try:
            await self._application.process_update(arrival.update)
        finally:
            self._notices.take_back(arrival)

    async def give_up(self, arrival: Arrival) -> None:
        """Tell the person that there will be no answer, if they expect one and have got nothing of it."""
        try:
            await self._say_unanswered(arrival.update)
        finally:
            self._notices.take_back(arrival)

    async def _say_unanswered(self, update: Update) -> None:
        context = context_for(update, self._application)
        key, chat = answer_key(update), update.effective_chat
        if chat is None or key is None or not is_for_bot(update, self._application.bot.username):
            return
        if not is_served(update, settings_of(context)):
            return
        if not conversations_of(context).sent_for(chat.id, key):
            await send(update, context, said(line_texts_of(update, context).unanswered))

    def refuse(self, update: Update) -> None:
        """Tell the person that they send too much: above the message whose button they press, else in the chat."""
        context = context_for(update, self._application)
        if not is_served(update, settings_of(context)):
            return
        text = line_texts_of(update, context).too_many
        if update.callback_query:
            self._asides.start(acknowledge(update.callback_query, text, alert=True))
        elif is_for_bot(update, self._application.bot.username):
            self._asides.start(send_briefly(update, context, text))
