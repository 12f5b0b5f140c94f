"""Messages as Telegram HTML with buttons; pure functions without network or database.

In: answers, hits, positions in the catalog, statistics, and the texts of a language. Out: `markup.Reply`, and the
callback data of its buttons.
"""

from bot.replies import (
    about,
    admin,
    answers,
    browsing,
    callback_data,
    keyboards,
    markup,
    passages,
    search,
    welcome,
)

__all__ = [
    "about",
    "admin",
    "answers",
    "browsing",
    "callback_data",
    "keyboards",
    "markup",
    "passages",
    "search",
    "welcome",
]
