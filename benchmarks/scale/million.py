"""Growth of search from a thousand paragraphs to a million: `python -m benchmarks.scale.million CMRC_FILE [SIZE ...]`.

Collections are made up (`made_up`) and stored below the temporary folder; existing parts are not built again. Each is
loaded by a process of its own, which searches 200 times as `bulletin-bot search` does, a hundred times within a place;
the vectors of the questions are made beforehand. Times are of that process, its memory all that is resident in it, of
mapped files too. Then the first ten are compared with exact ones. Within a place:

- `every passage`: every passage that passes the filter is measured, and scaled as the candidates of the search were;
- `every passage, scaled over all`: scaled from the worst to the best of all that pass, as if all were candidates;
- `nothing coded` (nothing quantized): the same with float32 vectors and tokens before quantization, if at most 5,000 pass.

Anywhere, where measuring all would take hours, every passage is compared in float32, and the best by each ranker are
ranked: `candidates`, and by float32 vectors and tokens again `candidates, nothing coded`. `paragraphs` are the nearest
ten compared with an exact search in float32.

Figures go to `results/million.json`, the plot to `docs/growth.svg`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.rebuilds import RESULTS, record
from benchmarks.scale.growth_plot import draw_growth

SCRATCH = Path(tempfile.gettempdir()) / "bulletin-bot-million"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_PLOT = Path(__file__).parents[2] / "docs" / "growth.svg"


def main() -> int:
    # As loading a model, which no search here does, sets it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    cmrc, *sizes = sys.argv[1:]
    chosen_sizes = tuple(map(int, sizes)) or SIZES
    for size in chosen_sizes:
        folder = SCRATCH / str(size)
        for step, done in (
            ("build", "built.json"),
            ("search", "searched.json"),
            ("compare", "compared.json"),
        ):
            if step != "build" or not (folder / done).is_file():
                command = [
                    sys.executable,
                    "-m",
                    "benchmarks.scale.million_steps",
                    step,
                    cmrc,
                    str(size),
                    str(SCRATCH),
                ]
                subprocess.run(command, check=True)
    record("million", {"machine": machine(), "sizes": {str(size): _figures(size) for size in _there()}})
    _PLOT.write_text(draw_growth(json.loads((RESULTS / "million.json").read_text("utf-8"))["sizes"]), "utf-8")
    return 0


def _there() -> list[int]:
    """The measured sizes, in order."""
    names = (path.parent.name for path in SCRATCH.glob("*/compared.json"))
    return sorted(int(name) for name in names)


def _figures(size: int) -> dict[str, object]:
    folder = SCRATCH / str(size)
    names = ("built", "searched", "compared")
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}


if __name__ == "__main__":
    sys.exit(main())
