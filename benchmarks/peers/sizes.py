"""Memory and disk that an environment takes before any candidate runs in it.

`python -m benchmarks.peers.sizes` runs inside the environment of a library: at import, only the standard library is used.
"""

from __future__ import annotations

import importlib
import json
import sysconfig
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers.protocol import resident_bytes

_TORCH = ("torch", "functorch")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes that are the same for every candidate of an environment."""

    bare: int
    """Resident memory of a process that has only imported torch and sentence_transformers."""
    installed: int
    """All installed packages."""
    without_torch: int
    """All installed packages but torch, which every environment has."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Sizes:
        return cls(**json.loads(text))


def measure_here() -> Sizes:
    """Sizes of the environment of this process, which must not have imported anything else before."""
    for name in ("torch", "sentence_transformers"):
        importlib.import_module(name)
    sizes = {entry.name: _bytes_of(entry) for entry in Path(sysconfig.get_path("purelib")).iterdir()}
    without_torch = sum(size for name, size in sizes.items() if not name.startswith(_TORCH))
    return Sizes(resident_bytes(), sum(sizes.values()), without_torch)


def _bytes_of(entry: Path) -> int:
    files = [entry] if entry.is_file() else [file for file in entry.rglob("*") if file.is_file()]
    return sum(file.lstat().st_size for file in files)


if __name__ == "__main__":
    print(measure_here().as_json())
