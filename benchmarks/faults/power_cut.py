"""Cuts the power at every step of a rebuild, in a model of the disk: `python -m benchmarks.faults.power_cut`.

The rebuild is traced (every file it opens, renames, makes or removes; every fsync), and before each step the disk is
laid out in the states that a power cut at that moment may leave:

- strict: a file has the content of its last fsync (none: it is empty), a folder the names of its last fsync;
- eager names: all names are there as the program sees them, but contents only as of their last fsync; this detects a
  file that was renamed into place before its content was safe;
- torn: each folder is in one of these states at random, and content that was not synced is cut off in the middle.

On each of these disks the pointer must name a whole generation, the previous or the new one, and a rebuild must
succeed.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.doubles import HashEncoder

from benchmarks.rebuilds import assert_sound, rebuilt, record, seed_settings, serving
from bot.settings import Settings
from retrieval.index.generations import load_current

_STEPS = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"})
_REMOVALS = frozenset({"os.remove", "os.rmdir"})
_Names = dict[str, int]


class Disk:
    """The safe state of a folder: contents by inode as of the last fsync, names of each folder as of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.contents: dict[int, bytes] = {}
        self.names: dict[int, _Names] = {}
        for path in [root, *root.rglob("*")]:
            self.synced(path)

    def synced(self, path: Path) -> None:
        inode = path.stat().st_ino
        if path.is_dir():
            self.names[inode] = _names_in(path)
        else:
            self.contents[inode] = path.read_bytes()

    def lay_out(self, target: Path, eager: Callable[[], bool], torn: Callable[[bytes], bytes]) -> None:
        """Lay out the disk after a power cut in the target folder."""
        seen = {path.stat().st_ino: path for path in [self.root, *self.root.rglob("*")]}
        self._lay_out(self.root.stat().st_ino, target, seen, eager, torn)

    def _lay_out(
        self,
        inode: int,
        target: Path,
        seen: dict[int, Path],
        eager: Callable[[], bool],
        torn: Callable[[bytes], bytes],
    ) -> None:
        target.mkdir()
        live = seen.get(inode) if eager() else None
        names = _names_in(live) if live else self.names.get(inode, {})
        for name, child in names.items():
            now = seen.get(child)
            if child in self.names or (now and now.is_dir()):
                self._lay_out(child, target / name, seen, eager, torn)
            else:
                unsynced = torn(now.read_bytes()) if now else b""
                (target / name).write_bytes(self.contents.get(child, unsynced))


def _names_in(folder: Path) -> _Names:
    return {child.name: child.stat().st_ino for child in folder.iterdir()}


class PowerCuts:
    """Traces a rebuild and tries a power cut before each of its steps."""

    def __init__(self, settings: Settings, share: float = 1.0) -> None:
        self._settings = settings
        self._share = share
        self._disk = Disk(settings.index_dir)
        self._chance = random.Random(0)
        self._busy = True
        self.cuts = 0
        self.served: Counter[tuple[str, str]] = Counter()
        self._sync = os.fsync
        os.fsync = self._synced  # type: ignore[assignment]
        sys.addaudithook(self._on_event)
        self._busy = False

    def _on_event(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._busy and event in _STEPS and self._is_ours(event, str(arguments[0])):
            self._cut()

    def _is_ours(self, event: str, path: str) -> bool:
        """A removed tree is named within its folder alone; a rebuild removes nothing else this way."""
        return str(self._settings.index_dir) in path or (event in _REMOVALS and not path.startswith("/"))

    def _synced(self, descriptor: int) -> None:
        if self._busy:
            self._sync(descriptor)
            return
        self._cut()
        self._busy = True
        self._disk.synced(Path(f"/proc/self/fd/{descriptor}").readlink())
        self._busy = False

    def _cut(self) -> None:
        if self._chance.random() >= self._share:
            return
        self._busy = True
        try:
            self._try("strict", lambda: False, lambda _content: b"")
            self._try("eager names", lambda: True, lambda _content: b"")
            self._try(
                "torn", lambda: self._chance.random() < 0.5, lambda content: content[: len(content) // 2]
            )
        finally:
            self._busy = False
        self.cuts += 1

    def _try(self, kind: str, eager: Callable[[], bool], torn: Callable[[bytes], bytes]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(folder) / "index"
            self._disk.lay_out(index, eager, torn)
            settings = self._settings.model_copy(update={"index_dir": index})
            load_current(index, HashEncoder().name)  # the generation named by the pointer is intact
            self.served[kind, serving(settings).name] += 1
            if self._chance.random() < 0.1:
                assert_sound(settings)

    def stop(self) -> None:
        """One more cut at the very end."""
        self._share = 1.0
        self._cut()
        self._busy = True
        os.fsync = self._sync


def cut_during_rebuild(settings: Settings, share: float = 1.0) -> dict[str, object]:
    """Figures of one rebuild, with power cuts before this share of its steps."""
    before = [rebuilt(settings) for _ in range(3)]
    cuts = PowerCuts(settings, share)
    after = rebuilt(settings)
    cuts.stop()
    named = {before[-1]: "the old one", after: "the new one"}
    served = {f"{kind}: {named[name]}": count for (kind, name), count in cuts.served.items()}
    assert_sound(settings)
    return {"cuts": cuts.cuts, "disks tried": sum(served.values()), "served": served}


def main() -> int:
    with seed_settings() as settings:
        record("power_cut", cut_during_rebuild(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
