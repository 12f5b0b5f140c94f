"""Response times of the real bot under crowds: `python -m benchmarks.faults.crowd`, about three minutes.

Fifty people ask at once; 500 questions come in a minute; twenty people ask alone and then beside one who sends ten
messages a second. The process is `bulletin-bot run` with the bundled model, Telegram is emulated on loopback. A wait
lasts from the question until Telegram accepts the answer.
"""

from __future__ import annotations

import os
import random
import sys
import threading

from benchmarks.rebuilds import record
from benchmarks.served import Asked, Served, at_times, figures, served
from bot.locales import ZH_HANT

_SAID = ZH_HANT.delivery
_PEOPLE, _MINUTE_PEOPLE, _OTHERS = 50, 50, 20
_FLOODER = 900
_BESIDE_SECONDS, _SECONDS_BETWEEN = 30.0, 10.0
_PATIENCE_SECONDS = 180.0


def main() -> int:
    random.seed(0)
    with served() as bot:
        megabytes = {"before": bot.megabytes()}
        together = _at_once(bot)
        megabytes["after 50 at once"] = bot.megabytes()
        minute = _in_a_minute(bot)
        megabytes["after 500 in a minute"] = bot.megabytes()
        quiet = _beside(bot, 2000)
        flooded, flood = _with_flooder(bot)
        megabytes["after the flood"] = bot.megabytes()
    before, beside = figures(quiet), figures(flooded)
    record(
        "crowd",
        {
            "cores": os.cpu_count(),
            "load of the machine at the end": round(os.getloadavg()[0], 1),
            "50 people at once": together,
            "500 questions in a minute": minute,
            "20 people in quiet": before,
            "20 people beside a flood of 10 a second": beside,
            "the flood": flood,
            "p50 beside the flood to p50 in quiet": _ratio(beside, before, "wait p50, s"),
            "p95 beside the flood to p95 in quiet": _ratio(beside, before, "wait p95, s"),
            "megabytes": megabytes,
        },
    )
    parts = (together, minute, before, beside)
    return 0 if all(part["asked"] == part["in the order of their chat"] for part in parts) else 1


def _ratio(after: dict[str, object], before: dict[str, object], name: str) -> float:
    return round(float(str(after[name])) / max(float(str(before[name])), 0.01), 2)


def _at_once(bot: Served) -> dict[str, object]:
    bot.telegram.log.clear()
    asked = [bot.ask(100 + person, person) for person in range(_PEOPLE)]
    bot.wait_for(asked, _PATIENCE_SECONDS)
    return figures(asked) | {"asked for patience": bot.notices(_SAID.wait)}


def _in_a_minute(bot: Served) -> dict[str, object]:
    bot.telegram.log.clear()
    times = sorted(random.uniform(0, 60) for _ in range(500))
    asked = at_times(times, lambda number: bot.ask(1000 + number % _MINUTE_PEOPLE, number // _MINUTE_PEOPLE))
    bot.wait_for(asked, _PATIENCE_SECONDS)
    return figures(asked) | {"asked for patience": bot.notices(_SAID.wait)}


def _beside(bot: Served, first: int) -> list[Asked]:
    """Twenty people who each ask every ten seconds for half a minute."""
    bot.telegram.log.clear()
    turns = int(_BESIDE_SECONDS / _SECONDS_BETWEEN) * _OTHERS
    times = [number * _SECONDS_BETWEEN / _OTHERS for number in range(turns)]
    asked = at_times(times, lambda number: bot.ask(first + number % _OTHERS, number // _OTHERS))
    bot.wait_for(asked, _PATIENCE_SECONDS)
    return asked


def _with_flooder(bot: Served) -> tuple[list[Asked], dict[str, object]]:
    sent: list[Asked] = []
    done = threading.Event()

    def flood() -> None:
        while not done.wait(0.1):
            sent.append(bot.ask(_FLOODER, len(sent)))

    flooding = threading.Thread(target=flood)
    flooding.start()
    try:
        asked = _beside(bot, 3000)
    finally:
        done.set()
        flooding.join()
    return asked, {
        "messages": len(sent),
        "answered": len(bot.answers()[_FLOODER]),
        "notices that it is too much": bot.notices(_SAID.too_many),
    }


if __name__ == "__main__":
    sys.exit(main())
