"""The handlers of python-telegram-bot: they read an update, call a service and send a reply.

In: updates and `Services`. Out: calls to Telegram. `registry` lists which handler gets which updates.
"""

from bot.handlers import admission, asking, messages, sending
from bot.handlers.context import BotApplication, Context
from bot.handlers.dispatch import Dispatcher
from bot.handlers.registry import register_handlers
from bot.handlers.services import Services
from bot.handlers.wait_notices import WaitNotices

__all__ = [
    "BotApplication",
    "Context",
    "Dispatcher",
    "Services",
    "WaitNotices",
    "admission",
    "asking",
    "messages",
    "register_handlers",
    "sending",
]
