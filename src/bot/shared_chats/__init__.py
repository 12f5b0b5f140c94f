"""Actions in shared chats beside asking: open the whole of a short answer, and call the bot into a chat as a guest.

In: presses, deep links, guest messages and `Services`. Out: calls to Telegram.
"""

from bot.shared_chats.registry import register_shared_chat_handlers

__all__ = ["register_shared_chat_handlers"]
