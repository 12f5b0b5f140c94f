"""An uploaded file read in a process of its own: whatever it does to its reader, the bot answers on.

Reading in a thread would hold up everybody: a regular expression over 20 MB keeps the interpreter to itself, a drawing
in a PDF that draws itself never ends, and a damaged file may take its reader down with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from retrieval.reading import read_files, sandbox
from retrieval.types import Finding, Reading

SECONDS = 30
"""Of processor time; a text of 20 MB, the largest that a bot may download, takes 9."""
_SECONDS_ON_A_BUSY_MACHINE = 4 * SECONDS
_LONGEST_WRITTEN = 64 * 2**20
_KINDNESS = 10  # of `nice`: who asks a question meanwhile is served first
# A plain text is read in linear time by code of our own; so small a one takes less than a process takes to start.
_SMALL = 128 * 1024
_MODULE = __spec__.name
_READING = TypeAdapter(Reading)


async def read_upload(path: Path, seconds: int = SECONDS) -> Reading:
    """What stands in the file, without the texts of its passages; a file that is too much for its reader is named."""
    if path.suffix == ".txt" and path.stat().st_size <= _SMALL:
        return await asyncio.to_thread(read_files, [path], path.parent)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _MODULE, str(path), str(seconds)),
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdout=PIPE,
        start_new_session=True,
    )
    try:
        written, _ = await asyncio.wait_for(process.communicate(), _SECONDS_ON_A_BUSY_MACHINE)
    except TimeoutError:
        return _unread(path)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)  # with what it has started for a PDF
            await process.wait()
    return _unread(path) if process.returncode else await asyncio.to_thread(_READING.validate_json, written)


def _unread(path: Path) -> Reading:
    return Reading((), (Finding(path.name, None, "takes too much time or memory to read; skipped"),))


def main() -> None:
    """Read the file and write what stands in it to standard output; what libraries print goes to standard error."""
    path, seconds = Path(sys.argv[1]), int(sys.argv[2])
    os.nice(_KINDNESS)
    with os.fdopen(os.dup(1), "wb") as parent, sandbox.limited(seconds):
        os.dup2(2, 1)
        reading = read_files([path], path.parent)
        outlined = tuple(replace(passage, text="", lead="") for passage in reading.passages)
        written = _READING.dump_json(replace(reading, passages=outlined))
        if len(written) > _LONGEST_WRITTEN:
            sys.exit(1)
        parent.write(written)


if __name__ == "__main__":
    main()
