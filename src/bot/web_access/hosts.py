"""The names by which the pages may be asked for: a page in somebody's browser could let its own name lead here."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class HostCheck:
    """Accepts the listed names, localhost, and addresses in numbers, to which no name leads (DNS rebinding)."""

    names: frozenset[str]

    def accepts(self, host: str | None) -> bool:
        """Whether a `Host` header, with or without a port, is for these pages."""
        try:
            name = (urlsplit(f"//{host or ''}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.names or name == "localhost" or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
