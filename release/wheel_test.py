"""Builds sdist and wheel, installs the wheel into a clean environment, and asks it a question in an empty folder.

`make wheel-test` runs it; the files are left in dist/. The environment is new but for the locked packages, which it sees
in .venv; the editable installation there is not visible to it, since a path file in a path file is not read. Index and
notices are the wheel's own; the unpacked model of the user's cache is used if there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

from release.distributions import ROOT, build, version_of

QUESTION = "北京榜樣每個月評出多少人?"
ANSWER = "每月發佈10名月榜人物"


def main() -> None:
    """Build, install, ask; a sentence and status 1 for what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", type=version_of)
    version = parser.parse_args().version
    sdist, wheel = build(ROOT / "dist", version)
    with tempfile.TemporaryDirectory() as scratch:
        commands = _installed(wheel, Path(scratch) / "environment")
        said = _run([str(commands / "bulletin-bot"), "ask", QUESTION, "--json"], Path(scratch))
        where = "import bot, importlib.metadata as m; print(bot.__file__, m.version('bulletin-bot'))"
        imported, built = _run([str(commands / "python"), "-c", where], Path(scratch)).split()
    answer = json.loads(said)
    if not imported.startswith(scratch):
        sys.exit(f"The wheel was not tried: bot was imported from {imported}.")
    if version and built != version:
        sys.exit(f"The wheel calls itself {built} and not {version}.")
    if ANSWER not in "".join(quote["text"] for quote in answer["quotes"]):
        sys.exit(f"The wheel does not answer {QUESTION}: {said}")
    sys.stdout.write(
        f"{sdist.name} and {wheel.name} are built; installed, {built} answers: {answer['quotes'][0]['text']}\n"
    )


def _installed(wheel: Path, environment: Path) -> Path:
    """The folder of the commands of a new environment with the wheel, which sees the packages of this one."""
    venv.create(environment, with_pip=False)
    commands = environment / "bin"
    site = _run(
        [str(commands / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        environment,
    )
    (Path(site.strip()) / "locked-packages.pth").write_text(
        sysconfig.get_path("purelib") + "\n", encoding="utf-8"
    )
    pip = [sys.executable, "-m", "pip", "--python", str(commands / "python"), "install", "--quiet"]
    _run([*pip, "--no-deps", "--no-index", "--ignore-installed", str(wheel)], environment)
    return commands


def _run(command: list[str], folder: Path) -> str:
    """The standard output of a command in the folder, with caches of its own but for the model."""
    model = {
        "MODEL_CACHE": os.environ.get("MODEL_CACHE")
        or str(Path.home() / ".cache" / "bulletin-bot" / "models")
    }
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}
    }
    environment = {**inherited, **model, "XDG_CACHE_HOME": str(folder / "cache"), "STATE_DB": ":memory:"}
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
