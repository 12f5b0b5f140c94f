"""A primary and its streaming standby from Debian's packages, in a chroot, each killed, promoted and rewound at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_CHROOT = "/usr/sbin/chroot"
_PROGRAMS = "/usr/lib/postgresql/18/bin"
_FOLDER = "/var/lib/postgresql/bulletin-bot-standby"
_SETTINGS = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = 'pg_textsearch'
hot_standby_feedback = on
wal_keep_size = '256MB'
fsync = off
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the pair."""

    root: Path
    """The folder of the chroot."""
    name: str
    port: int

    @property
    def data(self) -> str:
        """Inside the chroot."""
        return f"{_FOLDER}/{self.name}"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def connection(self) -> str:
        """As the server's own programs take it."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"

    def create(self) -> None:
        """An empty primary, running."""
        self._run("initdb", "--pgdata", self.data, "--auth", "trust", "--username", "postgres", "--no-sync")
        self._write_settings()
        self.start()

    def follow(self, primary: Node) -> None:
        """A copy of the primary that streams from it, running."""
        self._run("pg_basebackup", "--pgdata", self.data, "-R", "-c", "fast", "-d", primary.connection)
        self._write_settings()
        self.start()

    def rewind_to(self, primary: Node) -> None:
        """Become a standby of the server that was promoted, running: what it alone had written is undone."""
        source = ("--source-server", primary.connection, "--write-recovery-conf")
        self._run("pg_rewind", "--target-pgdata", self.data, "--no-sync", *source)
        self._write_settings()
        self.start()

    def start(self) -> None:
        log = f"{self.data}.log"
        self._run("pg_ctl", "start", "--wait", "--pgdata", self.data, "--log", log)

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "--wait", "--pgdata", self.data)

    def kill(self) -> None:
        """End every process of it with SIGKILL, as a machine that dies does."""
        file = self.root / self.data.lstrip("/") / "postmaster.pid"
        parent = int(file.read_text(encoding="ascii").splitlines()[0])
        for process in (parent, *_children_of(parent)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        # Where nobody waits for the dead, their numbers stay taken, and the file would say that the server still runs.
        file.unlink()

    def _write_settings(self) -> None:
        path = self.root / self.data.lstrip("/") / "postgresql.conf"
        first, _, _ = path.read_text(encoding="utf-8").partition("# of the pair")
        text = f"{first}# of the pair{_SETTINGS.format(port=self.port)}"
        path.write_text(text, encoding="utf-8")

    def _run(self, program: str, *arguments: str) -> None:
        as_other = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        done = subprocess.run(
            [_CHROOT, str(self.root), *as_other, f"{_PROGRAMS}/{program}", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE
            if program in {"initdb", "pg_basebackup", "pg_rewind"}
            else subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(
                f"{program} of {self.name} failed: {(done.stderr or b'').decode(errors='replace')}"
            )


def _children_of(parent: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == parent:
                yield int(folder.name)


@contextmanager
def pair(root: Path) -> Iterator[tuple[Node, Node]]:
    """A primary and its standby, ended and removed at the end."""
    folder = root / _FOLDER.lstrip("/")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    inside = subprocess.run(
        [_CHROOT, str(root), "chown", "postgres:postgres", _FOLDER], check=False, capture_output=True
    )
    if inside.returncode:
        raise RuntimeError(
            f"{root} is no chroot with postgresql-18: {inside.stderr.decode(errors='replace')}"
        )
    one, two = (Node(root, name, port) for name, port in zip(("one", "two"), _free_ports(2), strict=True))
    try:
        one.create()
        two.follow(one)
        yield one, two
    finally:
        for node in (one, two):
            with suppress(OSError, ValueError, IndexError):
                node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    listeners = [socket.socket() for _ in range(count)]
    try:
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [int(listener.getsockname()[1]) for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()
