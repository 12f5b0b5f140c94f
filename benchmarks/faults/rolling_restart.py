"""Restarts of the bot with overlap while people ask: `python -m benchmarks.faults.rolling_restart [50]`, about 3 s each.

The next process is started beside the one that serves, waits for its state file, and takes over when that one is asked to
end. Every question must be answered once. The bot is the whole one, with six passages and no model.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.light import rig

from benchmarks.faults.forked_bot import ForkedBot
from benchmarks.faults.restarts import Questions
from benchmarks.rebuilds import record


def main() -> int:
    restarts = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    gaps: list[float] = []
    statuses: set[int] = set()
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), process=ForkedBot) as line:
        questions, serving = Questions(line), line.start()
        questions.until(lambda: "Serving @" in serving.output)
        for _ in range(restarts):
            following = line.start()
            questions.until(lambda bot=following: "for that process to end" in bot.output)  # type: ignore[misc]
            questions.for_seconds(0.5)
            began = time.monotonic()
            statuses.add(serving.terminate())
            questions.until(lambda bot=following: "Serving @" in bot.output)  # type: ignore[misc]
            gaps.append(time.monotonic() - began)
            serving = following
        outcomes = questions.outcomes()
        statuses.add(serving.terminate())
    figures: dict[str, object] = {
        "cores": os.cpu_count(),
        "restarts": restarts,
        **outcomes,
        "exit statuses": sorted(statuses),
        "from the end of one to the service of the next, s, longest": round(max(gaps), 2),
    }
    record("rolling_restart", figures)
    return 0 if outcomes["answered once"] == outcomes["asked"] and statuses == {0} else 1


if __name__ == "__main__":
    sys.exit(main())
