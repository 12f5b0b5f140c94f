"""What the bot remembers between messages and across restarts: one SQLite file, soon forgotten."""
