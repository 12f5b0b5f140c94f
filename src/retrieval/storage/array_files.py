"""Arrays as `.npy` files in a folder, memory-mapped when loaded, so that only the pages in use are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]


def save_arrays(folder: Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write each array as `NAME.npy`; no pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def map_array(path: Path) -> AnyArray:
    """The memory-mapped array of the file; raises OSError if it cannot be read."""
    mapped: AnyArray = np.load(path, mmap_mode="r", allow_pickle=False)
    return mapped.view(np.ndarray)


def map_arrays(folder: Path, *names: str) -> dict[str, AnyArray]:
    """The arrays of these names, as keyword arguments."""
    return {name: map_array(folder / f"{name}.npy") for name in names}
