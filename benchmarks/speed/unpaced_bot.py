"""`bulletin-bot run` without Telegram's limit of 30 messages a second, to measure how much it could answer."""

from __future__ import annotations

import functools
from unittest.mock import patch

from bot.cli.main import main
from bot.telegram.retrying_limiter import RetryingRateLimiter

if __name__ == "__main__":
    unpaced = functools.partial(RetryingRateLimiter, overall_max_rate=0, group_max_rate=0)
    with patch("bot.telegram.transport.RetryingRateLimiter", unpaced):
        main(["run"])
