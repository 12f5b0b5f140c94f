"""The tables on the server: those of `bot.state.schema`, and what several bots need besides; migrated under a lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL

from bot.state import schema
from bot.state.postgres.dialect import server_script
from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server import ServerAddress

SCHEMA: LiteralString = "bulletin_bot_state"
_LOCK = 0x42756C53
"""Number of the advisory lock that is held while tables are made."""
_MIGRATED_WITHIN = "5min"

Connection = psycopg.Connection[tuple[Any, ...]]

# `owner` is the session that has the update claimed; `is_left` says that this one has given up to answer it, which the next
# process tries again. `chat` is the key within which updates are handled in order. `instr` is a function of SQLite's.
_CLAIMS = """
ALTER TABLE updates ADD COLUMN chat text NOT NULL DEFAULT '', ADD COLUMN owner bigint,
    ADD COLUMN is_left boolean NOT NULL DEFAULT false;
CREATE INDEX updates_waiting ON updates (chat, update_id) WHERE body IS NOT NULL;
CREATE INDEX updates_in_order ON updates (update_id) WHERE body IS NOT NULL;
CREATE SEQUENCE sessions AS integer CYCLE;
CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT strpos($1, $2)'
"""
_OWN_COLUMNS = frozenset({("updates", "chat"), ("updates", "owner"), ("updates", "is_left")})
"""Table and name of the columns that a file has not; `_ORDER` besides, in every table."""
_ORDER, _VERSIONS = "rowid", "versions"
ALL_COLUMNS = (
    "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = ? "
    "ORDER BY table_name, ordinal_position"
)
_SHARING = (_CLAIMS,)
"""In order, like `schema.MIGRATIONS`, and applied after those."""


def migrate(connection: Connection, address: ServerAddress) -> None:
    """Make the tables, or bring them to the schema of this program, in one transaction.

    Raises BulletinBotError if the schema is newer than this program or the database cannot hold Chinese, and psycopg.Error.
    """
    check_encoding(connection, address)
    with connection.transaction():
        for name in ("lock_timeout", "statement_timeout"):
            connection.execute("SELECT set_config($1, $2, true)", [name, _MIGRATED_WITHIN])
        connection.execute("SELECT pg_advisory_xact_lock($1)", [_LOCK])
        state, sharing = versions(connection)
        if state > len(schema.MIGRATIONS) or sharing > len(_SHARING):
            raise BulletinBotError(
                f"The state on {address.shown} has schema {state} and this program knows {len(schema.MIGRATIONS)}: get a "
                "newer bulletin-bot, or set STATE_URL to another database."
            )
        if (state, sharing) == (len(schema.MIGRATIONS), len(_SHARING)):
            return
        if not state:
            _make_schema(connection)
            connection.execute(
                SQL("CREATE TABLE {}.versions (state integer, sharing integer)").format(SQL(SCHEMA))
            )
            connection.execute(SQL("INSERT INTO {}.versions VALUES (0, 0)").format(SQL(SCHEMA)))
        for script in (*schema.MIGRATIONS[state:], *_SHARING[sharing:]):
            for statement in server_script(script):
                connection.execute(statement)
        connection.execute(
            "UPDATE versions SET state = $1, sharing = $2", [len(schema.MIGRATIONS), len(_SHARING)]
        )


def check_encoding(connection: Connection, address: ServerAddress) -> None:
    """Raises BulletinBotError for a database that cannot hold every text."""
    ((encoding,),) = connection.execute("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise BulletinBotError(
            f"The database {address.shown} has the encoding {encoding}, which does not hold every sign of a text: create one "
            "with `ENCODING 'UTF8' TEMPLATE template0` and name it in STATE_URL."
        )


def _make_schema(connection: Connection) -> None:
    """Make the schema, unless an administrator has made it for a user who may make none."""
    ((schema_there,),) = connection.execute("SELECT to_regnamespace($1)::text", [SCHEMA])
    if schema_there is None:
        connection.execute(SQL("CREATE SCHEMA {}").format(SQL(SCHEMA)))


def versions(connection: Connection) -> tuple[int, int]:
    """The number of applied scripts of either kind; zeros before the first start."""
    ((table,),) = connection.execute("SELECT to_regclass($1)::text", [f"{SCHEMA}.versions"])
    if table is None:
        return 0, 0
    ((state, sharing),) = connection.execute(
        SQL("SELECT state, sharing FROM {}.versions").format(SQL(SCHEMA))
    )
    return int(state), int(sharing)


def columns_in(rows: Iterable[schema.Row]) -> dict[str, tuple[str, ...]]:
    """The columns of each table in the rows of `ALL_COLUMNS`, in order, without those that only a server has."""
    columns: dict[str, tuple[str, ...]] = {}
    for table, name in (map(str, row) for row in rows):
        if (table, name) not in _OWN_COLUMNS and name != _ORDER and table != _VERSIONS:
            columns[table] = (*columns.get(table, ()), name)
    return columns
