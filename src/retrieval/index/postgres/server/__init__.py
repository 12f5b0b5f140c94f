"""A PostgreSQL server: its address, connections, extensions, tables, the pointer, and a sentence for each fault.

In: INDEX_URL. Out: connections, and errors of one sentence.
"""

from retrieval.index.postgres.server import extensions, schema, serving_row
from retrieval.index.postgres.server.address import ServerAddress
from retrieval.index.postgres.server.connections import Connection, Connections, connected
from retrieval.index.postgres.server.faults import ServerError, ServerLostError
from retrieval.index.postgres.server.notifications import follow_changes

__all__ = [
    "Connection",
    "Connections",
    "ServerAddress",
    "ServerError",
    "ServerLostError",
    "connected",
    "extensions",
    "follow_changes",
    "schema",
    "serving_row",
]
