"""Work of admins on the index from a chat: building it, its figures, going back, and taking a bulletin out.

In: commands and presses of admins, and `Services`. Out: another generation in service, and messages about it.
"""

from bot.administration.registry import register_admin_handlers

__all__ = ["register_admin_handlers"]
