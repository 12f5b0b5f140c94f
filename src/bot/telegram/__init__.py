"""The connection to Telegram, by the seams of python-telegram-bot: update queue, update processor, rate limiter, request.

In: settings, and updates as Telegram sends them. Out: updates for the handlers, each stored until it is handled, and calls
that are retried until they succeed.
"""

from bot.telegram import addressing, error_kinds
from bot.telegram.connection import Connection
from bot.telegram.received_update import ReceivedUpdate
from bot.telegram.retrying_limiter import BRIEFLY
from bot.telegram.scheduling import BackgroundTasks
from bot.telegram.transport import Transport, open_transport, receive_updates
from bot.telegram.update_queue import UpdateQueue

__all__ = [
    "BRIEFLY",
    "BackgroundTasks",
    "Connection",
    "ReceivedUpdate",
    "Transport",
    "UpdateQueue",
    "addressing",
    "error_kinds",
    "open_transport",
    "receive_updates",
]
