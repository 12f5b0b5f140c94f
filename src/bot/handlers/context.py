"""The context of an update: the services of the bot, and what is read from the update itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ExtBot
from telegram.helpers import create_deep_linked_url

from bot.access import sender_of_update
from bot.handlers.services import Services
from bot.locales import LANGUAGES, Texts, texts_for
from bot.replies import callback_data, markup
from bot.serving import Answerer
from bot.state import records
from bot.telegram import ReceivedUpdate, addressing
from bot.web_access import page_link

# Labels of more in a row are cut on a phone.
_MOST_PAGES = 3

_Bot = ExtBot[int]
"""The type argument is that of `rate_limit_args`: the number of tries of a call."""
_Data = dict[Any, Any]
BotApplication: TypeAlias = "Application[_Bot, Context, _Data, _Data, Services, Any]"


class Context(CallbackContext[_Bot, _Data, _Data, Services]):
    """The `context` argument of every handler.

    Outside of handlers, `Context.from_update(update, application)` makes one.
    """

    _update: Update | None = None

    @classmethod
    def from_update(cls, update: object, application: BotApplication) -> Context:
        """The context of an update, or of an error in its handling."""
        context = super().from_update(update, application)
        context._update = update if isinstance(update, Update) else None
        return context

    @property
    def services(self) -> Services:
        """The long-lived objects of the application."""
        return self.bot_data

    @property
    def answerer(self) -> Answerer:
        """The answerer of the collections that the chat is tied to; an inline query has those of the person's own chat."""
        answerer = self.services.answerer
        known = answerer.collections
        if len(known) == 1:
            return answerer
        chat_id, user_id = self.conversation_key
        saved = self.services.conversations.collections_of(chat_id or user_id)
        return answerer.within([name for name in saved if name in known])

    @property
    def received_update(self) -> ReceivedUpdate | None:
        """The update as the queue holds it; None for one that came another way, such as in the terminal."""
        return self.services.transport.update_queue.received_update_of(self._update) if self._update else None

    @property
    def message(self) -> Message | None:
        """The message that a person wrote, or the one whose button they pressed if Telegram still shows it to bots."""
        message = self._update.effective_message if self._update else None
        return message if isinstance(message, Message) else None

    @property
    def is_private(self) -> bool:
        """Whether nobody else reads along."""
        return self._update is None or sender_of_update(self._update).is_private

    @property
    def is_admin(self) -> bool:
        """Whether the person is one of ADMIN_IDS."""
        user = self._update.effective_user if self._update else None
        return user is not None and user.id in self.services.settings.admin_ids

    @property
    def conversation_key(self) -> records.Key:
        """The ids of the chat and of the person in it; 0 where there is none, and for the chat of a guest message."""
        chat = self._update.effective_chat if self._update else None
        user = self._update.effective_user if self._update else None
        is_guest = self._update is not None and self._update.guest_message is not None
        return chat.id if chat and not is_guest else 0, user.id if user else 0

    @property
    def texts(self) -> Texts:
        """The interface in the language that the person chose, else in that of their Telegram."""
        user = self._update.effective_user if self._update else None
        if user is None:
            return texts_for(None)
        return texts_for(self.services.conversations.language_of(user.id) or user.language_code)

    @property
    def language_tag(self) -> str:
        """The tag of the language of `texts`: zh-hant, zh-hans or en."""
        texts = self.texts
        return next(tag for tag, known in LANGUAGES.items() if known is texts)

    @property
    def wording_host(self) -> str:
        """The host of the language model that questions and quotes are sent to; empty where nothing is."""
        return self.services.wording.host if self.services.wording else ""

    @property
    def arguments(self) -> str:
        """The text behind a command, as one line."""
        return addressing.readable(" ".join(self.args or ())).strip()

    @property
    def examples(self) -> list[tuple[int, str]]:
        """The example questions, with their numbers, that name a covered place."""
        answerer = self.answerer
        return [
            (number, text) for number, text in enumerate(self.texts.ask_examples) if answerer.covers(text)
        ]

    def matched(self, name: str) -> str:
        """A named group of the pattern that chose the handler; empty where no pattern did."""
        return self.matches[0][name] if self.matches else ""

    def link(self, passage_id: str, span: markup.Span | None) -> str:
        """The deep link to a passage.

        To the person who asked, the quoted sentence is underlined from what is remembered; where others read along,
        the link itself holds the span.
        """
        payload = callback_data.payload(passage_id, None if self.is_private else span)
        return create_deep_linked_url(self.bot.username, payload)

    def with_pages(
        self, reply: markup.Reply, quoted: Sequence[tuple[str, markup.Span | None]]
    ) -> markup.Reply:
        """The reply with buttons that open the pages of the passages that it cites, if WEB_URL is set.

        In a private chat a page with an https address opens inside Telegram.
        """
        settings = self.services.settings
        is_app = (
            self._update is not None and self.is_private and (settings.web_url or "").startswith("https:")
        )
        chat_id, user_id = self.conversation_key
        sent_to = None if is_app else chat_id or user_id
        first_spans = dict(reversed(quoted))
        numbered = list(enumerate(dict.fromkeys(passage_id for passage_id, _ in quoted), start=1))
        cited = [each for each in numbered if f"〔{each[0]}〕" in "".join(reply.messages)] or numbered
        links = [
            (number, page_link(settings, passage_id, first_spans[passage_id], sent_to))
            for number, passage_id in cited[:_MOST_PAGES]
        ]
        label = self.texts.web.open_page
        buttons = [
            markup.Button(label if len(links) == 1 else f"{label} 〔{number}〕", opens=link, is_app=is_app)
            for number, link in links
            if link
        ]
        return markup.with_row(reply, tuple(buttons))
