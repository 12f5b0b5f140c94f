"""A rebuild in a child process, so that the bot goes on answering: started and watched here, run by `main`.

The child writes a JSON object a line: `{"stage", "done", "total"}` while it works, then `{"generation", "passages",
"changes", "findings"}` or `{"error"}`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TextIO

from bot.settings import Settings, load_settings
from retrieval.building import diff
from retrieval.errors import BulletinBotError

ProgressCallback = Callable[[str, int, int], None]
"""Called with the name of the stage, the count done and the total."""

_MODULE = __spec__.name
# Settings that the command line may have changed for the bot, and that the child must see alike.
_PASSED_SETTINGS = (
    "bulletins_dir",
    "index_dir",
    "development_questions",
    "embedding_model",
    "model_cache",
    "embedding_threads",
)
_NICENESS = 10  # questions asked meanwhile are served first
_LONGEST_LINE = 2**20


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """The outcome of a rebuild."""

    generation: str
    passages: int
    changes: tuple[diff.PlaceChanges, ...]
    findings: int
    left_out: dict[str, int] = field(default_factory=dict)
    """Lines left out, by reason."""


async def rebuild_in_child(settings: Settings, on_progress: ProgressCallback) -> BuildSummary:
    """Build an index of the current bulletins, put it into service, and return a summary.

    A cancellation ends the child; the index in service then stays. Raises BulletinBotError for faults that the operator
    can mend.
    """
    environment = {name.upper(): str(getattr(settings, name)) for name in _PASSED_SETTINGS}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _MODULE),
        env={**os.environ, **environment},
        stdout=PIPE,
        limit=_LONGEST_LINE,
        start_new_session=True,  # Ctrl-C in a terminal is for the bot, which then ends its child
    )
    try:
        return await _read_outcome(process, on_progress)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _read_outcome(process: Process, on_progress: ProgressCallback) -> BuildSummary:
    if process.stdout is None:
        raise ValueError("the child was started without a pipe")
    async for line in process.stdout:
        fields = json.loads(line)
        if "stage" in fields:
            on_progress(fields["stage"], fields["done"], fields["total"])
        elif "error" in fields:
            raise BulletinBotError(fields["error"])
        else:
            changes = tuple(diff.PlaceChanges(**change) for change in fields["changes"])
            return BuildSummary(
                fields["generation"], fields["passages"], changes, fields["findings"], fields["left_out"]
            )
    status = await process.wait()
    raise BulletinBotError(f"The rebuild ended early (exit status {status}): the log of the bot says why.")


def main() -> None:
    """Rebuild and write progress and outcome to standard output; output of libraries goes to standard error."""
    from bot.operations.rebuilding import build

    os.nice(_NICENESS)
    with os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1) as parent:
        os.dup2(2, 1)

        def on_progress(stage: str, done: int, total: int) -> None:
            _write(parent, {"stage": stage, "done": done, "total": total})

        try:
            report = build(load_settings(), progress=on_progress)
        except BulletinBotError as error:
            _write(parent, {"error": str(error)})
            sys.exit(1)
        changes = [asdict(change) for change in report.changes]
        counts = {"passages": report.passages, "findings": len(report.findings), "left_out": report.left_out}
        _write(parent, {"generation": report.generation, "changes": changes, **counts})


def _write(parent: TextIO, fields: dict[str, object]) -> None:
    parent.write(json.dumps(fields) + "\n")


if __name__ == "__main__":
    main()
