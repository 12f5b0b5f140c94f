"""The reader page: bulletins, citations, search and questions in a browser, from the same index as the bot.

In: settings and an answerer. Out: an ASGI application, a server of it, or files in a folder.
"""

from bot.web.application import web_application
from bot.web.server import pages_served, serve_pages
from bot.web.static_site import export_site

__all__ = ["export_site", "pages_served", "serve_pages", "web_application"]
