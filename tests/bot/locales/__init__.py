"""Tests of `bot.locales`."""
