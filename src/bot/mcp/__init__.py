"""The bulletins for programs over the Model Context Protocol: the tools `ask`, `search` and `passage`.

In: the calls of a program, by standard input or HTTP. Out: the JSON of the command line, or an error in a sentence.
"""

from bot.mcp.http_server import http_application, serve_http
from bot.mcp.tool_server import ToolServer, serve_stdio, tool_server

__all__ = ["ToolServer", "http_application", "serve_http", "serve_stdio", "tool_server"]
