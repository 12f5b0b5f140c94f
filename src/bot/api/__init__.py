"""The read-only HTTP interface for programs: the JSON of the command line, with a key.

In: settings and an answerer. Out: an ASGI application to be mounted.
"""

from bot.api.application import api_application

__all__ = ["api_application"]
