"""Tests of `bot.shared_chats`."""
