"""A connection to the server, and the number under which its process has claims and roles while it stands."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

import psycopg
from psycopg import RawCursor
from psycopg.conninfo import make_conninfo

from bot.state.postgres.tables import SCHEMA, Connection, migrate
from retrieval.index.postgres.server import ServerAddress

SESSIONS, ROLES = 0x42756C31, 0x42756C32
"""Classes of advisory locks: that of each session on its number, and those of roles."""
CHANNEL = "bulletin_bot_updates"
"""Notified when an update may be claimed."""
_NUMBER = "bulletin_bot.session"
OWN_NUMBER = f"current_setting('{_NUMBER}')::bigint"
"""In a statement, the number of the session that runs it: one that is run again after a lost connection has the new one."""

_CONNECT_WITHIN = 5
# A machine that vanished is found out after some 25 s by the server, which then frees what it had claimed, and by the bot
# after 10 s, within which it answers nobody. A process that dies on a machine that lives is found out at once.
_ON_THE_SERVER = {
    "tcp_keepalives_idle": "10s",
    "tcp_keepalives_interval": "5s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25s",
    "statement_timeout": "10s",
    "lock_timeout": "3s",  # for a bot that hangs in a transaction: this one answers nobody meanwhile
    # Claims and migrations wait for a lock, then read: they are to see what its holder before did, whatever the default is.
    "default_transaction_isolation": "read committed",
    "idle_in_transaction_session_timeout": "20s",
    "client_min_messages": "error",
}
_ON_THIS_MACHINE = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection."""

    connection: Connection
    number: int
    """Held as an advisory lock, which the server frees when the connection ends, however it ends; 0 without one."""


def open_session(address: ServerAddress, *, serves: bool) -> Session:
    """A session with the tables in place. Raises psycopg.Error, and BulletinBotError for a newer schema."""
    connection = connect(address, "state")
    try:
        migrate(connection, address)
        number = _numbered(connection) if serves else 0
    except BaseException:
        connection.close()
        raise
    return Session(connection, number)


def connect(address: ServerAddress, work: str) -> Connection:
    """A connection in autocommit that looks for tables in the schema of the state first; raises psycopg.Error."""
    who = f"bulletin-bot {work}, process {os.getpid()} on {platform.node()}"
    where = make_conninfo(
        address.url,
        application_name=who[:63],
        connect_timeout=_CONNECT_WITHIN,
        target_session_attrs="read-write",
        client_encoding="UTF8",
        **_ON_THIS_MACHINE,
    )
    connection = psycopg.connect(where, autocommit=True, cursor_factory=RawCursor)
    try:
        for name, value in {**_ON_THE_SERVER, "search_path": f"{SCHEMA}, public"}.items():
            connection.execute("SELECT set_config($1, $2, false)", [name, value])
    except BaseException:
        connection.close()
        raise
    return connection


def _numbered(connection: Connection) -> int:
    connection.execute(f"LISTEN {CHANNEL}")
    while True:  # a number may be taken where the tables were made anew under a bot that serves
        ((number,),) = connection.execute("SELECT nextval('sessions')::integer")
        ((is_free,),) = connection.execute("SELECT pg_try_advisory_lock($1, $2)", [SESSIONS, number])
        if is_free:
            connection.execute("SELECT set_config($1, $2, false)", [_NUMBER, str(number)])
            return int(number)
