"""The state on a PostgreSQL server that several bots share: statements, tables, sessions, and claims of updates.

In: STATE_URL. Out: a `Database`, and updates that one bot at a time has. Imported with that setting alone: it needs psycopg.
"""

from bot.state.postgres import claims
from bot.state.postgres.server_database import ServerDatabase
from bot.state.postgres.server_home import ServerHome

__all__ = ["ServerDatabase", "ServerHome", "claims"]
