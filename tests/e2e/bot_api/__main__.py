"""Run the emulator by hand and talk to a bot through it: `python -m tests.e2e.bot_api --port 9006`."""

from __future__ import annotations

import argparse
import sys
import threading
import time

from .emulator import Emulator

_PERSON_ID = 7
_SHOW_SECONDS = 0.2


def main() -> None:
    """Serve until interrupted; lines typed here are said to the bot, what it sends is printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9006)
    parser.add_argument("--language", default="zh-hant", help="language_code of the person who talks")
    parser.add_argument("--flood-control", action="store_true", help="limit messages as Telegram does")
    options = parser.parse_args()
    with Emulator(port=options.port, flood_control=options.flood_control) as telegram:
        _show(f"TELEGRAM_BOT_TOKEN={telegram.token}")
        _show(f"base_url={telegram.base_url}\nbase_file_url={telegram.base_file_url}")
        person = telegram.person(_PERSON_ID, language_code=options.language)
        threading.Thread(target=_show_calls, args=(telegram,), daemon=True).start()
        for line in sys.stdin:
            if line.strip():
                person.says(line.strip())
        threading.Event().wait()  # without a terminal, serve on


def _show_calls(telegram: Emulator) -> None:
    shown = 0
    while True:
        new = telegram.calls[shown:]
        shown += len(new)
        for call in new:
            if call.method != "getUpdates" or call.refused:
                _show(str(call))
        time.sleep(_SHOW_SECONDS)


def _show(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a command line


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
