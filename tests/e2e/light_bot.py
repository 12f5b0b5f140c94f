"""The bot as `bulletin-bot run` starts it, but for the model: `python -m tests.e2e.light_bot`.

Six passages (or the index of character hashes in INDEX_DIR, which it follows) and an encoder of character hashes stand where
the bulletins and the model stand, so that a process is up in two seconds. The line to Telegram, the handlers and the database are
those of the bot. With ANSWER_SECONDS set, each answer takes as long; a question with ENDLESS in it is never answered, and of one
with DEADLY in it the process dies.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import nullcontext

from telegram.error import InvalidToken

from bot.application import build_application
from bot.cli.run import other_secrets, with_webhook_secret
from bot.observability.logging_setup import configure_logging
from bot.runner import run_application
from bot.serving import reloading
from bot.serving.answerer import Answerer, Exchange
from bot.settings import load_settings
from retrieval.building.builder import build_generation
from retrieval.index import generations
from retrieval.questions import follow_ups
from retrieval.types import Answer
from tests.doubles import SMALL_PASSAGES, HashEncoder, answer_at_any_confidence, loaded

ENDLESS = "無窮無盡"
DEADLY = "在劫難逃"


class SlowDesk(Answerer):
    """Takes its time, on the one thread that answers; for the endless, beside it."""

    async def reply(
        self, text: str, turn: follow_ups.Turn | None = None, place: str | None = None
    ) -> Exchange:
        if ENDLESS in text:
            await asyncio.Event().wait()
        return await super().reply(text, turn, place)

    def answer_now(self, question: str, skip: frozenset[str] = frozenset()) -> Answer:
        if (
            DEADLY in question
        ):  # at once: after the same wait as the others' it would race with the sending of their answers
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(float(os.environ.get("ANSWER_SECONDS", "0")))
        return super().answer_now(question, skip)


def main() -> int:
    settings = with_webhook_secret(load_settings())
    configure_logging(settings.log_level, [settings.token(), *other_secrets(settings)])
    answer_at_any_confidence()
    encoder = HashEncoder()
    is_built = generations.has_current(settings.index_dir)
    made = None if is_built else loaded(build_generation(SMALL_PASSAGES, encoder), encoder)
    answerer = SlowDesk(made or generations.load_serving(settings.index_dir, encoder.name), encoder)
    try:
        with settings.state_home().only_server():
            application = build_application(settings, answerer, settings.token())
            with reloading(answerer, settings) if is_built else nullcontext():
                run_application(application, settings)
    except InvalidToken:
        sys.stderr.write("Telegram does not know this token.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
