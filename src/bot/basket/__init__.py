"""The quotes that a person collects in the chat, to be shown, taken out again and exported.

In: presses of buttons and `/basket`. Out: rows of the state, screens, and files from `export`.
"""

from bot.basket.handling import register_basket_handlers

__all__ = ["register_basket_handlers"]
