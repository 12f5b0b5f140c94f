"""Tests of `bot.output`."""
