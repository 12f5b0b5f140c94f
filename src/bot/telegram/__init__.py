"""The connection to Telegram, by the seams of python-telegram-bot: update queue, update processor, rate limiter, request.

In: settings, and updates as Telegram sends them. Out: updates for the handlers, each stored until it is handled, and calls
that are retried until they succeed.
"""

from bot.telegram import addressing, error_kinds, rate_limits, scheduling, update_journal, update_queue
from bot.telegram.received_update import ReceivedUpdate
from bot.telegram.retrying_limiter import BRIEFLY
from bot.telegram.transport import Transport, open_transport

__all__ = [
    "BRIEFLY",
    "ReceivedUpdate",
    "Transport",
    "addressing",
    "error_kinds",
    "open_transport",
    "rate_limits",
    "scheduling",
    "update_journal",
    "update_queue",
]
