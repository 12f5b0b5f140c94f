"""Generations on a PostgreSQL server with pgvector and pg_textsearch, for an index that many bots share.

In: INDEX_URL. Out: the same `Index` as from a folder. psycopg is loaded with the first name that is used: an index in a
folder needs none of this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from retrieval.index.postgres.server_home import ServerHome
    from retrieval.index.postgres.server_index import load_server_index

__all__ = ["ServerHome", "load_server_index"]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(__name__, {"ServerHome": "server_home", "load_server_index": "server_index"})
