"""Tests of `bot.handlers`."""
