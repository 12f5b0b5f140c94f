"""Leaves these tests out where the extra `postgres` or the server is missing."""

from __future__ import annotations

from tests.bot import state_server

collect_ignore_glob = [] if state_server.PROGRAMS else ["test_*.py"]
