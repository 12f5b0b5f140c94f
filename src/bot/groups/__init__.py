"""Answers for chats that others read along: at most five lines of a phone, and a button that opens the rest."""

from bot.groups import phone_lines
from bot.groups.short_answers import MOST_LINES, short_reply

__all__ = ["MOST_LINES", "phone_lines", "short_reply"]
