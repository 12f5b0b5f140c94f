"""Subscriptions: chats that are told of what a rebuild adds or changes about a place or a topic.

In: `/follow`, `/following`, presses, and the generations that come into service. Out: rows of the state, one message a chat.
"""

from bot.subscriptions.notifier import Notifier
from bot.subscriptions.registry import register_subscription_handlers

__all__ = ["Notifier", "register_subscription_handlers"]
