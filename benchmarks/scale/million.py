"""Search among a thousand paragraphs to a million: `python -m benchmarks.scale.million FOLDER [SIZE ...] [--beside SRC]`.

FOLDER holds the files of CMRC 2018 and DRCD (`million_pool.FILES`), which are not in this repository. Their paragraphs with
a question each are hidden among others made up from sentences of the same articles (`made_up`). Collections are stored below
the temporary folder; existing parts are not built again. Each is loaded by a process of its own, which searches as
`bulletin-bot search` does: 300 questions anywhere, 100 within a place; their vectors are made beforehand. Times are of that
process, its memory all that is resident in it, of mapped files too.

Quality is the share of questions whose paragraph comes first (gold@1) and among the first ten (gold@10): as a search finds it
with quantized vectors (`coded`), and `uncoded`, which takes the same best by keywords, the nearest paragraphs and the
nearest sentences of all in float32 and ranks them by float32 vectors and tokens. Two rows say which part loses what: the
candidates of the one ranked by the vectors of the other. Within a place of up to 2,000 passages every one is measured.

With `--beside` another version of the program (its folder `src`) builds and searches too; quality is that of this version
alone. Both search three times in turn; figures are those of the run with the median processor time anywhere, and `ratios`
are of them. With `OMP_NUM_THREADS=1` they compare what is computed: in more threads an older version also waits by spinning.

Figures go to `results/million.json`, the plot to `docs/growth.svg`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.machine import machine
from benchmarks.rebuilds import RESULTS, record
from benchmarks.scale.growth_plot import draw_growth

SCRATCH = Path(tempfile.gettempdir()) / "bulletin-bot-million"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_PLOT = Path(__file__).parents[2] / "docs" / "growth.svg"
_ROOT = Path(__file__).parents[2]
_HERE, _BESIDE = "here", "beside"
_TURNS = 3
_Figures = dict[str, Any]


def main() -> int:
    # As loading a model, which no search here does, sets it.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    arguments = _arguments()
    sources = {_HERE: _ROOT / "src"} | ({_BESIDE: arguments.beside} if arguments.beside else {})
    for size in arguments.sizes or SIZES:
        _measure(arguments.articles, size, sources)
    figures = {str(size): _figures(size) for size in _there()}
    record("million", {"machine": machine(), "sizes": figures})
    _PLOT.write_text(draw_growth(json.loads((RESULTS / "million.json").read_text("utf-8"))["sizes"]), "utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, metavar="FOLDER")
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE")
    parser.add_argument("--beside", type=Path, metavar="SRC", help="the folder `src` of another version")
    return parser.parse_args()


def _measure(articles: Path, size: int, sources: dict[str, Path]) -> None:
    """Build what is not built, search in turn, and compare."""
    folders = {name: SCRATCH / str(size) / name for name in sources}
    for name, source in sources.items():
        if not (folders[name] / "built.json").is_file():
            _run("build", articles, folders[name], source)
    searched: dict[str, list[_Figures]] = {name: [] for name in sources}
    for _ in range(_TURNS if len(sources) > 1 else 1):
        for name, source in sources.items():
            _run("search", articles, folders[name], source)
            searched[name].append(_read(folders[name], "searched"))
    for name in sources:
        middle = sorted(searched[name], key=lambda figures: figures["anywhere"]["processor p50 ms"])[
            len(searched[name]) // 2
        ]
        (folders[name] / "searched.json").write_text(json.dumps(middle), encoding="utf-8")
    _run("compare", articles, folders[_HERE], sources[_HERE])


def _run(step: str, articles: Path, folder: Path, source: Path) -> None:
    size = folder.parent.name
    command = [sys.executable, "-m", "benchmarks.scale.million_steps", step, articles, size, folder]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    subprocess.run(list(map(str, command)), check=True, cwd=_ROOT, env=environment)


def _there() -> list[int]:
    """The measured sizes, in order."""
    return sorted(int(path.parents[1].name) for path in SCRATCH.glob(f"*/{_HERE}/compared.json"))


def _figures(size: int) -> _Figures:
    here, beside = (_of(SCRATCH / str(size) / name) for name in (_HERE, _BESIDE))
    return here | ({"beside": beside, "ratios": _ratios(here, beside)} if beside else {})


def _of(folder: Path) -> _Figures:
    """All figures of a folder; none if nothing was searched in it."""
    names = ("built", "searched", "compared")
    return {name: _read(folder, name) for name in names if (folder / f"{name}.json").is_file()}


def _read(folder: Path, name: str) -> _Figures:
    figures: _Figures = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return figures


def _ratios(here: _Figures, beside: _Figures) -> dict[str, float]:
    """Here to beside, the smaller the better."""
    one, other = here["searched"], beside["searched"]
    return {
        **{
            f"{where}, {what}": round(one[where][what] / other[where][what], 3)
            for where in ("anywhere", "within a place")
            for what in ("p50 ms", "processor p50 ms")
        },
        "disk": round(one["disk MB"] / other["disk MB"], 3),
        "resident": round(one["resident MB"] / other["resident MB"], 3),
    }


if __name__ == "__main__":
    sys.exit(main())
