"""Tests of `bot.groups`."""
