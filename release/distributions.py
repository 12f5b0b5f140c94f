"""Builds the sdist and, from it, the wheel: `python -m release.distributions FOLDER [--version VERSION]`.

The version of a release is that of its tag, which CI passes; a checkout builds the one of pyproject.toml. It is written
into a copy of the sources, where the bulletins of the repository become those that the wheel carries. hatch-vcs would
do the first alone, and put one more locked package and a git history into every installation from a folder.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
_SAMPLE = Path("src/bot/sample_bulletins")
"""`bot.settings.SAMPLE` of the installed package."""
_VERSION_LINE = re.compile(r'^version = ".*"$', re.MULTILINE)
_VERSION = re.compile(r"\d+(?:\.\d+)+(?:(?:a|b|rc)\d+|\.dev\d+)?")
# The hooks of PEP 517, which return the name of the file; each needs the sources as its working folder.
_HOOK = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"


def build(folder: Path, version: str | None) -> tuple[Path, Path]:
    """The sdist and the wheel, built into the folder. The wheel is built from the sdist, which so has all it needs."""
    with tempfile.TemporaryDirectory() as scratch:
        staged = _staged(Path(scratch) / "staged", version)
        sdist = _built("build_sdist", staged, folder)
        with tarfile.open(sdist) as archive:
            archive.extractall(scratch, filter="data")
        unpacked = Path(scratch) / sdist.name.removesuffix(".tar.gz")
        return sdist, _built("build_wheel", unpacked, folder)


def _staged(target: Path, version: str | None) -> Path:
    """A copy of what is released, with its version."""
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns("__pycache__", _SAMPLE.name))
    shutil.copytree(ROOT / "data" / "bulletins", target / _SAMPLE, ignore=shutil.ignore_patterns(".*"))
    for name in _FILES:
        shutil.copy(ROOT / name, target / name)
    if version:
        project = target / "pyproject.toml"
        text, count = _VERSION_LINE.subn(f'version = "{version}"', project.read_text(encoding="utf-8"))
        if count != 1:
            raise SystemExit(f"{project.name} has {count} lines with a version and must have one.")
        project.write_text(text, encoding="utf-8")
    return target


def _built(hook: str, source: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", _HOOK, hook, str(folder.resolve())]
    output = subprocess.run(command, cwd=source, check=True, capture_output=True, text=True).stdout
    return folder / output.strip()


def version_of(text: str) -> str:
    """The version of a tag such as v0.1.0, or of itself; raises ValueError for another text."""
    version = text.removeprefix("v")
    if not _VERSION.fullmatch(version):
        raise ValueError(f"{text!r} is no version such as v0.1.0")
    return version


def main() -> None:
    """Build, and print the names of both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", type=version_of)
    arguments = parser.parse_args()
    for file in build(arguments.folder, arguments.version):
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
