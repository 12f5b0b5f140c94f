"""The address of a server: what INDEX_URL says, shown without its password."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict

from retrieval.errors import BulletinBotError


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """One server, or a primary with its standbys."""

    url: str = field(repr=False)
    hosts: tuple[str, ...]
    shown: str
    """Hosts, port and database, without user and password."""

    @classmethod
    def from_url(cls, url: str) -> ServerAddress:
        """Raises BulletinBotError, without repeating the address, if it is malformed."""
        parts = _parts(url)
        if parts is None:
            raise BulletinBotError(
                "INDEX_URL is no address of a PostgreSQL server: write it as "
                "postgresql://user:password@host:5432/database, with %-codes for signs in the password."
            )
        hosts = tuple((parts.get("host") or "localhost").split(","))
        ports = (parts.get("port") or "5432").split(",")
        ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
        named = ", ".join(f"{host}:{port or 5432}" for host, port in zip(hosts, ports, strict=True))
        return cls(url, hosts, f"{named}/{parts.get('dbname') or 'postgres'}")


def _parts(url: str) -> dict[str, str] | None:
    """The parts that libpq reads in the address; None if it cannot, or takes a part of the password for another of them."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.Error:
        return None
    shown = parts.get("host", "") + parts.get("dbname", "")
    ports = parts.get("port", "").replace(",", "")
    return None if "@" in shown or (ports and not ports.isdecimal()) else parts
