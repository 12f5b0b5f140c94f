"""Tests of `bot.state`."""
