"""Runs the module of a library in an environment of its own, which uv makes in its cache and uses again."""

from __future__ import annotations

import functools
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.peers.candidates import ENVIRONMENTS, OWN, ROOT
from benchmarks.peers.protocol import Outcome, Task
from benchmarks.peers.sizes import Sizes

_MINUTES = 30


def run_task(name: str, task: Task, under: str) -> Outcome:
    """Outcome of a task in the environment `name`, in a new process.

    `under` is a command that starts the process, such as `taskset -c 0` or `flock FILE`.
    """
    return Outcome.from_json(_last_line(name, f"benchmarks.peers.{name}", task.as_json(), under))


@functools.cache
def measure_sizes(name: str) -> Sizes:
    """Sizes of the environment `name`, measured once a run."""
    return Sizes.from_json(_last_line(name, "benchmarks.peers.sizes"))


def _last_line(name: str, module: str, text: str = "", under: str = "") -> str:
    completed = subprocess.run(
        [*shlex.split(under), *python_in(name), "-m", module],
        input=text,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        env=_variables(name),
        timeout=_MINUTES * 60,
    )
    return completed.stdout.splitlines()[-1]


def python_in(name: str) -> list[str]:
    """The command that starts Python with the packages of an environment and nothing else.

    `uv tool run` and not `uv run`, because it takes constraints: every version is held to the lock files.
    """
    environment = ENVIRONMENTS[name]
    options = ("--isolated", "--no-python-downloads", "--python", sys.executable)
    constraints = _each("--constraints", map(str, environment.constraints))
    packages = _each(
        "--with", (str(ROOT) if package == "bulletin-bot" else package for package in environment.packages)
    )
    return [sys.executable, "-m", "uv", "tool", "run", *options, *constraints, *packages, "python"]


def _each(option: str, values: Iterator[str]) -> list[str]:
    return [argument for value in values for argument in (option, value)]


def _variables(name: str) -> dict[str, str]:
    """Settings that keep libraries from the network, telemetry and progress bars; waiting threads sleep, as in this project."""
    inherited = {variable: value for variable, value in os.environ.items() if variable != "PYTHONPATH"}
    # uv does not read pip's settings: the folder with the CPU build of torch (requirements/torch-cpu.lock) is passed on.
    links = ",".join(os.environ.get("PIP_FIND_LINKS", "").split())
    return {
        **({"UV_FIND_LINKS": links} if links else {}),
        **inherited,
        **({"PYTHONPATH": str(ROOT / "src")} if name == OWN else {}),
        "ANONYMIZED_TELEMETRY": "False",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_OFFLINE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "TOKENIZERS_PARALLELISM": "false",
        "UV_COMPILE_BYTECODE": "1",  # as pip does: the installed size includes compiled modules
    }
