"""Writes the lock files beside it from pyproject.toml: `make lock`. Versions already locked stay where they fit.

Each file has every version with the hashes of all its builds, for Python 3.11 and newer on any system:
`build.lock` what installs (pip itself too, so that no step takes anything unhashed), `torch.lock` torch as the public
index has it, which on Linux brings CUDA, `run.lock` all else that the bot needs, a file an extra (`ocr`, `postgres`,
`wording`) with what it adds to that, and a file a group. `torch-cpu.lock` is kept by hand and says why.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"
OLDEST_PYTHON = "3.11"
HEADER = "# Written by `make lock` from pyproject.toml; do not edit.\n"

# A paragraph of a lock file: a name with its version, its hashes, and who wants it.
_PACKAGE = re.compile(r"^[a-z0-9].*\n(?:[ \t].*\n)*", flags=re.MULTILINE)
_TORCH = re.compile(r"(?:nvidia|cuda)-|(?:torch|triton)==")


def main() -> None:
    """Lock each group; what is in `run.lock` binds the groups that are installed beside it."""
    packages = _PACKAGE.findall(compiled(PROJECT.name, earlier=read("run") + read("torch")))
    write("run", "".join(package for package in packages if not _TORCH.match(package)))
    write("torch", "".join(package for package in packages if _TORCH.match(package)))
    bound = ["run"]
    for group in ("build", "development", "supply", "browser", "server"):
        write(group, compiled("--group", group, *bound_by(*bound), earlier=read(group)))
        bound.append(group)
    known = {name_of(package) for package in packages}
    for extra in ("ocr", "postgres", "wording"):
        with_extra = compiled(PROJECT.name, "--extra", extra, *bound_by(*bound), earlier=read(extra))
        bound.append(extra)
        added = (package for package in _PACKAGE.findall(with_extra) if name_of(package) not in known)
        write(extra, "".join(added))


def name_of(package: str) -> str:
    """The name of a package of a lock file, without its version."""
    return package.partition("==")[0]


def bound_by(*groups: str) -> list[str]:
    """The options that keep to the versions locked for other groups, so that all can be installed together."""
    return [option for group in groups for option in ("--constraint", str(path_of(group)))]


def compiled(*sources: str, earlier: str) -> str:
    """What uv makes of the sources; the versions of an earlier file are kept where they still fit."""
    output = HERE / ".uv"
    output.write_text(earlier, encoding="utf-8")
    options = [
        "--universal",
        "--python-version",
        OLDEST_PYTHON,
        "--generate-hashes",
        "--no-header",
        "--quiet",
    ]
    command = [sys.executable, "-m", "uv", "pip", "compile", *options, "--output-file", str(output), *sources]
    try:
        subprocess.run(command, cwd=PROJECT.parent, check=True)
        return output.read_text(encoding="utf-8")
    finally:
        output.unlink()


def path_of(group: str) -> Path:
    """The lock file of a group."""
    return HERE / f"{group}.lock"


def read(group: str) -> str:
    """What is locked of a group so far."""
    return path_of(group).read_text(encoding="utf-8") if path_of(group).exists() else ""


def write(group: str, lock: str) -> None:
    """Lock a group."""
    path_of(group).write_text(HEADER + lock.replace(f"{HERE}/", "requirements/"), encoding="utf-8")


if __name__ == "__main__":
    main()
