"""`kill -9` of the bot while people ask: `python -m benchmarks.faults.kill_bot [200]`, about 4 s a kill.

Each kill comes at a random moment of the first three seconds after the process serves. Every question must be answered; an answer
that comes a second time must be worded as a repetition. Who is told that there may be no answer asked a question during which two
processes were killed while they handled it alone. The bot is the whole one, with six passages and no model.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path

from tests.e2e.light import kill, rig

from benchmarks.faults.forked_bot import ForkedBot
from benchmarks.faults.restarts import Questions
from benchmarks.rebuilds import record

_SEED = 20
_LONGEST = 3.0  # seconds from the service to the kill


def main() -> int:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    moments = random.Random(_SEED)
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), process=ForkedBot) as line:
        questions = Questions(line)
        for _ in range(kills):
            serving = line.start(ANSWER_SECONDS="0.05")
            questions.until(lambda bot=serving: "Serving @" in bot.output)  # type: ignore[misc]
            questions.for_seconds(moments.uniform(0.0, _LONGEST))
            kill(serving)
        last = line.start()
        outcomes = questions.outcomes()
        status = last.terminate()
    record("kill_bot", {"cores": os.cpu_count(), "kills": kills, **outcomes, "last exit status": status})
    return 1 if outcomes["lost"] or outcomes["answered again, unmarked"] or status else 0


if __name__ == "__main__":
    sys.exit(main())
