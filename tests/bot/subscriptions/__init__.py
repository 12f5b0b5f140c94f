"""Tests of `bot.subscriptions`."""
