"""Tells when the pointer of a server changes: by its notification, or at the latest after a while."""

from __future__ import annotations

from collections.abc import Callable

from psycopg.sql import SQL, Identifier

from retrieval.index.postgres.server import schema
from retrieval.index.postgres.server.address import ServerAddress
from retrieval.index.postgres.server.connections import connected, rows_of


def follow_changes(
    address: ServerAddress, changed: Callable[[], None], stopped: Callable[[], bool], every: float
) -> None:
    """Call `changed` at every notification, and every so many seconds, until `stopped`; raises ServerError if the server is lost.

    A standby sends no notifications, and a connection pooler between may lose them: then the seconds alone count.
    """
    with connected(address, "following", writes=False) as connection:
        ((is_standby,),) = rows_of(connection, "select pg_is_in_recovery()")
        if not is_standby:
            connection.execute(SQL("listen {}").format(Identifier(schema.NOTIFY_CHANNEL)))
        while not stopped():
            changed()
            # Comes back with the first notification, or after the seconds.
            for _ in connection.notifies(timeout=every, stop_after=1):
                pass
            connection.execute("select 1")  # says whether the connection still stands
