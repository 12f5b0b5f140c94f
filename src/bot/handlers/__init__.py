"""Receive, call, reply; nothing else. A module a subject; `bot.application` lists which handler gets what."""
