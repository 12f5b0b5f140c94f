"""Flips a bit in every file of a generation and in the pointer: `python -m benchmarks.faults.flip_bytes [PER_FILE]`.

Loading the index must detect every flip, name the file, and serve the generation before.
"""

from __future__ import annotations

import logging
import random
import sys
from pathlib import Path

from benchmarks.rebuilds import rebuilt, record, seed_settings, serving
from retrieval.index.generations import current_folder
from retrieval.storage.current_pointer import POINTER


class _Said(logging.Handler):
    """Collects log records."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, entry: logging.LogRecord) -> None:
        self.lines.append(entry.getMessage())


def main() -> int:
    per_file = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    said = _Said()
    logging.getLogger("retrieval.index.generations").addHandler(said)
    with seed_settings() as settings:
        before, now = rebuilt(settings), rebuilt(settings)
        folder = current_folder(settings.index_dir)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        chance = random.Random(0)
        for path in [*files, settings.index_dir / POINTER]:
            for _ in range(per_file):
                _flip(path, chance)
                served = serving(settings).name
                named = path.name if path.name != "manifest.sha256" else "manifest.json"
                assert named in said.lines.pop(), path
                assert served == (now if path.name == POINTER else before), path
                _flip(path, None)
                assert serving(settings).name == now
    record("flip_bytes", {"files": len(files) + 1, "flips": per_file * (len(files) + 1), "not found": 0})
    return 0


_flipped: dict[Path, tuple[int, int]] = {}


def _flip(path: Path, chance: random.Random | None) -> None:
    """Flip a random bit of a file; without a random generator, flip the last one back."""
    content = bytearray(path.read_bytes())
    if chance:
        _flipped[path] = chance.randrange(len(content)), 1 << chance.randrange(8)
    offset, bit = _flipped[path]
    content[offset] ^= bit
    path.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
