"""Tests of `bot.observability`."""
