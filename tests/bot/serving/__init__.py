"""Tests of `bot.serving`."""
