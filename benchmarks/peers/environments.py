"""Environments: one for each library, with nothing in it but that library, made once and used again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.peers.candidates import ENVIRONMENTS, OWN, ROOT, Environment
from benchmarks.peers.protocol import Outcome, Task

_BARE = "import torch, sentence_transformers; from benchmarks.peers.protocol import resident_bytes; print(resident_bytes())"
_TORCH = ("torch", "functorch")
_MINUTES = 30
_PIN = re.compile(r"[\w.-]+(?:\[[\w,-]+\])?==[^\s;\\]+(?: *;[^\\]+)?")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that is there."""

    name: str
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes that are the same for every candidate of an environment."""

    bare: int
    """Resident memory of a process that has only imported torch and sentence_transformers."""
    installed: int
    without_torch: int
    """All that is installed but torch, which every environment has."""


def install(name: str, cache: Path) -> Installed:
    """The environment of that name below the cache; installed anew if what it should hold has changed."""
    environment = ENVIRONMENTS[name]
    installed = Installed(name, cache / name)
    stamp = installed.folder / "installed.json"
    wanted = json.dumps(_identity(name, environment))
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        print(f"Installing {name} into {installed.folder}", file=sys.stderr)
        shutil.rmtree(installed.folder, ignore_errors=True)
        venv.create(installed.folder, with_pip=False, symlinks=True)
        _install(installed, environment)
        stamp.write_text(wanted, encoding="utf-8")
    return installed


def _identity(name: str, environment: Environment) -> list[str]:
    """What decides about an environment: its packages, the versions, and for this project what it requires."""
    files = [*environment.constraints, *([ROOT / "pyproject.toml"] if name == OWN else [])]
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return [sys.version, *environment.packages, *hashes]


def _install(installed: Installed, environment: Environment) -> None:
    """torch first, at its pinned version: left open, pip might take a build for graphics cards of several gigabytes."""
    constraints = installed.folder / "constraints.txt"
    constraints.write_text("\n".join(_pins(environment)) + "\n", encoding="utf-8")
    for packages in (
        ["torch"],
        [str(ROOT) if name == "bulletin-bot" else name for name in environment.packages],
    ):
        command = [sys.executable, "-m", "pip", "--python", str(installed.python), "install", "--quiet"]
        subprocess.run([*command, "--constraint", str(constraints), *packages], check=True)


def _pins(environment: Environment) -> Iterator[str]:
    """The versions of the files without their hashes: a hash of one package has pip ask for hashes of all."""
    for path in environment.constraints:
        pins = (_PIN.match(line) for line in path.read_text(encoding="utf-8").splitlines())
        yield from (pin.group() for pin in pins if pin)


def measure_sizes(installed: Installed) -> Sizes:
    """Measured once, and kept beside what is installed."""
    kept = installed.folder / "sizes.json"
    if not kept.is_file():
        kept.write_text(json.dumps(asdict(_sizes(installed))), encoding="utf-8")
    return Sizes(**json.loads(kept.read_text(encoding="utf-8")))


def _sizes(installed: Installed) -> Sizes:
    (packages,) = installed.folder.glob("lib/python*/site-packages")
    sizes = {entry.name: _bytes_of(entry) for entry in packages.iterdir()}
    others = (size for name, size in sizes.items() if not name.startswith(_TORCH))
    return Sizes(int(_output(installed, ["-c", _BARE], "", "")), sum(sizes.values()), sum(others))


def _bytes_of(entry: Path) -> int:
    files = [entry] if entry.is_file() else [file for file in entry.rglob("*") if file.is_file()]
    return sum(file.lstat().st_size for file in files)


def run_task(installed: Installed, task: Task, under: str) -> Outcome:
    """The outcome of a task done in a process of its own."""
    output = _output(installed, ["-m", f"benchmarks.peers.{installed.name}"], task.as_json(), under)
    return Outcome.from_json(output.splitlines()[-1])


def _output(installed: Installed, arguments: list[str], text: str, under: str) -> str:
    """`under` is a command that starts the process, as `taskset -c 0` or `flock FILE` do."""
    command = [*shlex.split(under), str(installed.python), *arguments]
    found = subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        env=_variables(installed),
        timeout=_MINUTES * 60,
    )
    return found.stdout


def _variables(installed: Installed) -> dict[str, str]:
    """None reaches out, reports home or draws bars; waiting threads sleep in all, as they do in this project."""
    own = {"PYTHONPATH": str(ROOT / "src")} if installed.name == OWN else {}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {
        **inherited,
        **own,
        "ANONYMIZED_TELEMETRY": "False",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_OFFLINE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        "TOKENIZERS_PARALLELISM": "false",
    }
