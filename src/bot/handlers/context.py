"""What every handler needs of the application and of an update, typed."""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import Application, ContextTypes
from telegram.helpers import create_deep_linked_url

from bot.access import FirstContacts, sender_of_update
from bot.locales import LANGUAGES, AboutTexts, AdminTexts, DeliveryTexts, Texts, texts_for
from bot.observability import Metrics
from bot.replies.callback_data import payload
from bot.replies.markup import LinkTo, Span
from bot.serving import Answerer
from bot.settings import Settings
from bot.state.conversations import Conversations, Key
from bot.state.database import Database
from bot.state.users import pseudonym
from bot.telegram import BackgroundTasks, ReceivedUpdate, Transport, addressing

Context = ContextTypes.DEFAULT_TYPE
AnyApplication = Application[Any, Any, Any, Any, Any, Any]
DESK = "answerer"
CONVERSATIONS = "conversations"
DATABASE = "database"
SETTINGS = "settings"
STARTED = "started"
FIRST_CONTACTS = "firsts"
SERVING = "serving"
TRANSPORT = "transport"
METRICS = "metrics"
PSEUDONYM_KEY = "pseudonym key"
NOTICES = "notices"


def context_for(update: Update, application: AnyApplication) -> Context:
    """The context of an update, for what is done outside of handlers."""
    context: Context = application.context_types.context.from_update(update, application)
    return context


def desk_of(context: Context) -> Answerer:
    """Where questions are answered."""
    answerer: Answerer = context.bot_data[DESK]
    return answerer


def conversations_of(context: Context) -> Conversations:
    """What was said before."""
    conversations: Conversations = context.bot_data[CONVERSATIONS]
    return conversations


def database_of(context: Context) -> Database:
    """Where all that is kept stands."""
    database: Database = context.bot_data[DATABASE]
    return database


def settings_of(context: Context) -> Settings:
    """The settings of the bot."""
    settings: Settings = context.bot_data[SETTINGS]
    return settings


def metrics_of(context: Context) -> Metrics:
    """Where answers are counted."""
    metrics: Metrics = context.bot_data[METRICS]
    return metrics


def first_contacts_of(context: Context) -> FirstContacts:
    """What was said and logged before, where once is enough."""
    firsts: FirstContacts = context.bot_data[FIRST_CONTACTS]
    return firsts


def pseudonym_of(number: int, context: Context) -> str:
    """What a chat or a person is called in the log."""
    return pseudonym(number, context.bot_data[PSEUDONYM_KEY])


def background_tasks_of(context: Context) -> BackgroundTasks:
    """What runs beside everything else."""
    transport: Transport = context.bot_data[TRANSPORT]
    return transport.background_tasks


def received_update_of(update: Update, context: Context) -> ReceivedUpdate | None:
    """How the update came in; None where it did not come from Telegram, such as in the terminal."""
    transport: Transport = context.bot_data[TRANSPORT]
    return transport.update_queue.received_update_of(update)


def is_admin(update: Update, context: Context) -> bool:
    """Whether the person is one of ADMIN_IDS."""
    user = update.effective_user
    return user is not None and user.id in settings_of(context).admin_ids


def admin_texts_of(update: Update, context: Context) -> AdminTexts:
    """What admins see, in their language."""
    return texts_of(update, context).admin


def about_texts_of(update: Update, context: Context) -> AboutTexts:
    """What is said about the bot itself, in the person's language."""
    return texts_of(update, context).about


def delivery_texts_of(update: Update, context: Context) -> DeliveryTexts:
    """What is said of waiting, in the person's language."""
    return texts_of(update, context).delivery


def texts_of(update: Update, context: Context) -> Texts:
    """The interface in the language the person chose, or else the one of their Telegram."""
    user = update.effective_user
    if user is None:
        return texts_for(None)
    return texts_for(conversations_of(context).language_of(user.id) or user.language_code)


def language_tag(update: Update, context: Context) -> str:
    """The tag of the language that `texts_of` gives."""
    texts = texts_of(update, context)
    return next(tag for tag, known in LANGUAGES.items() if known is texts)


def conversation_of(update: Update) -> Key:
    """The chat, and the person in it."""
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else 0, user.id if user else 0


def arguments(context: Context) -> str:
    """What stands behind a command."""
    return addressing.readable(" ".join(context.args or ())).strip()


def matched(context: Context, name: str) -> str:
    """A part of the callback data that chose the handler."""
    return context.matches[0][name] if context.matches else ""


def message_of(update: Update) -> Message | None:
    """The message that a person wrote, or the one whose button they pressed if Telegram still shows it to bots."""
    message = update.effective_message
    return message if isinstance(message, Message) else None


def is_private(update: Update) -> bool:
    """Whether nobody else reads along."""
    return sender_of_update(update).is_private


def link_to(update: Update, context: Context) -> LinkTo:
    """Deep links to passages.

    To the person who asked, the quoted sentence is underlined from what is remembered; where others read along, the
    link itself says where it stands.
    """
    username, private = context.bot.username, is_private(update)

    def link(passage_id: str, span: Span | None) -> str:
        return create_deep_linked_url(username, payload(passage_id, None if private else span))

    return link
