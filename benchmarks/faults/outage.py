"""The real bot in outages while people ask: `python -m benchmarks.faults.outage [SECONDS]`, about two minutes.

Each of three outages lasts SECONDS (30): connections refused, connections swallowed, and connections refused while a
webhook still delivers questions. Every question must get exactly one answer soon after the end, and the memory of the
bot must not grow meanwhile.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Literal

from tests.e2e.fault_proxy import Fault

from benchmarks.rebuilds import record
from benchmarks.served import Asked, Served, at_times, served

_PEOPLE = 40
_QUESTIONS_A_SECOND = 4
_PATIENCE_SECONDS = 120.0
_PORT = 18443

Kind = Literal["refuse", "black hole"]


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{_PORT}/hook", "WEBHOOK_PORT": str(_PORT)}
    with served() as bot:
        refused = _outage(bot, seconds, "refuse", 100)
        swallowed = _outage(bot, seconds, "black hole", 200)
    with served(**hook) as bot:
        by_webhook = _outage(bot, seconds, "refuse", 300)
    parts = {"refused": refused, "swallowed": swallowed, "refused, webhook": by_webhook}
    record("outage", {"cores": os.cpu_count(), "seconds of each outage": seconds, **parts})
    return 0 if all(part["asked"] == part["answered once"] for part in parts.values()) else 1


def _outage(bot: Served, seconds: float, kind: Kind, first: int) -> dict[str, object]:
    bot.telegram.log.clear()
    _warm(bot, first)
    bot.telegram.log.clear()
    before, written = bot.megabytes(), bot.log.stat().st_size
    # Answers are under way when the connection breaks: Telegram has failed them for a moment before.
    bot.proxy.inject(Fault("sendMessage", times=1000, status=502))
    under_way = [bot.ask(first + person, person) for person in range(8)]
    time.sleep(2.0)
    bot.proxy.outage(kind)
    bot.proxy.clear()
    count = int(seconds * _QUESTIONS_A_SECOND)
    times = [number / _QUESTIONS_A_SECOND for number in range(count)]
    asked = at_times(times, lambda number: bot.ask(first + 8 + number % _PEOPLE, number // _PEOPLE))
    at_the_end = bot.megabytes()
    bot.proxy.heal()
    healed = time.monotonic()
    bot.wait_for([*under_way, *asked], _PATIENCE_SECONDS)
    time.sleep(2.0)  # an answer that is sent twice arrives by now
    return {
        "asked": len(asked) + len(under_way),
        "answered once": _answered_once(bot, [*under_way, *asked]),
        "seconds after its end: the last answer that was under way": _last(under_way, healed),
        "seconds after its end: the last answer of all": _last(asked, healed),
        "lines in the log": bot.log.read_bytes()[written:].count(b"\n"),
        "megabytes before": before,
        "megabytes at the end of the outage": at_the_end,
        "megabytes after all answers": bot.megabytes(),
    }


def _warm(bot: Served, first: int) -> None:
    """Give as many answers as later in the outage, so that the memory that they need is already allocated."""
    asked = [bot.ask(first + 50 + number % _PEOPLE, number) for number in range(2 * _PEOPLE)]
    bot.wait_for(asked, _PATIENCE_SECONDS)
    time.sleep(1.0)


def _answered_once(bot: Served, asked: list[Asked]) -> int:
    """Number of right answers, minus the surplus of answers over questions."""
    answers = sum(len(calls) for calls in bot.answers().values())
    return sum(one.is_right for one in asked) - max(0, answers - len(asked))


def _last(asked: list[Asked], healed: float) -> float:
    return round(max(one.answered_at or float("inf") for one in asked) - healed, 1)


if __name__ == "__main__":
    sys.exit(main())
