"""Rebuilds on a disk that is full, and on one that is read-only: `python -m benchmarks.faults.full_disk`.

Needs root: it mounts a disk of 4 MB in memory, leaves room for less and less of a generation, and rebuilds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.rebuilds import assert_sound, leftovers, rebuilt, record, seed_settings, serving
from bot.settings import Settings
from retrieval.building.checkpoint import PREFIX
from retrieval.errors import BulletinBotError

_DISK = 12 * 2**20
_STEPS = 40


def main() -> int:
    if os.geteuid() != 0:
        print("This mounts a disk: run it as root.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder)
        _run("mount", "-t", "tmpfs", "-o", f"size={_DISK}", "none", folder)
        try:
            with seed_settings(disk / "index") as settings:
                record("full_disk", {**_fill(settings, disk), **_read_only(settings, folder)})
        finally:
            _run("umount", "--lazy", folder)  # what was served is still mapped
    return 0


def _fill(settings: Settings, disk: Path) -> dict[str, object]:
    """Rebuild with amounts of free space from none to enough for a generation."""
    before = rebuilt(settings)
    size = sum(path.stat().st_size for path in (settings.index_dir / before).rglob("*") if path.is_file())
    refused = 0
    for step in range(_STEPS):
        before = serving(settings).name
        free = _free(disk) - int(size * 4 * step / _STEPS)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(max(free, 0)))
        try:
            rebuilt(settings)
        except BulletinBotError as error:
            refused += 1
            _assert_says("No space left on device", error)
            assert serving(settings).name == before
            assert leftovers(settings, but=PREFIX) == []
        ballast.unlink()
        assert_sound(settings)
    return {
        "fill levels": _STEPS,
        "refused in a sentence, the old one serving": refused,
        "generation bytes": size,
    }


def _assert_says(what: str, error: BulletinBotError) -> None:
    assert what in str(error), error


def _read_only(settings: Settings, folder: str) -> dict[str, object]:
    before = serving(settings).name
    _run("mount", "-o", "remount,ro", folder)
    try:
        rebuilt(settings)
    except BulletinBotError as error:
        sentence = str(error).replace(folder, "DISK")
    else:
        raise AssertionError("it wrote to a read-only disk")
    assert serving(settings).name == before
    _run("mount", "-o", "remount,rw", folder)
    assert_sound(settings)
    return {"read-only": sentence}


def _free(disk: Path) -> int:
    usage = os.statvfs(disk)
    return usage.f_bavail * usage.f_frsize


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
