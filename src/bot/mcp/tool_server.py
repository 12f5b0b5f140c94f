"""The MCP server of the tools: unknown and malformed arguments are refused in a sentence; standard input and output."""

from __future__ import annotations

import importlib.metadata
import logging
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, Tool, ToolAnnotations
from pydantic import ValidationError

from bot.mcp.bulletin_tools import BulletinTools
from bot.serving import Answerer

_INSTRUCTIONS = (
    "Work bulletins (精神文明建設工作簡報) of Chinese cities. `ask` answers in the bulletins' own words or refuses; quote its "
    "text unchanged and give its citation. A refusal means that the bulletins do not say it: do not answer from elsewhere in "
    "their name."
)
_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


class ToolServer(MCPServer[Any]):
    """An MCP server that takes no argument that its tool does not have.

    The SDK (2.3) ignores unknown arguments: a misspelt filter would answer from everywhere.
    """

    async def list_tools(self) -> list[Tool]:
        """The tools, each with a schema that forbids other arguments."""
        tools = await super().list_tools()
        return [
            tool.model_copy(update={"input_schema": {**tool.input_schema, "additionalProperties": False}})
            for tool in tools
        ]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raises ToolError in a sentence for an unknown tool, an unknown argument, or a value that does not fit."""
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        if name not in known:
            raise ToolError(f"There is no tool of that name; there are: {', '.join(known)}.")
        unknown = arguments.keys() - known[name].keys()
        if unknown:
            raise ToolError(
                f"{name} has no argument {', '.join(sorted(map(repr, unknown)))}; it has: {', '.join(known[name])}."
            )
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            match error.__cause__:
                case ValidationError() as invalid:
                    raise ToolError(_faults(invalid)) from None
                case ToolError() as own:  # without the SDK's "Error executing tool" before it
                    raise ToolError(str(own)) from None
            raise


def _faults(error: ValidationError) -> str:
    """A sentence that names each wrong argument and its fault, without its value."""
    faults = error.errors(include_input=False, include_url=False, include_context=False)
    told = {str(fault["loc"][0]) if fault["loc"] else "arguments": str(fault["msg"]) for fault in faults}
    return "; ".join(f"{name}: {message}" for name, message in told.items()) + "."


def tool_server(answerer: Answerer) -> ToolServer:
    """The server of the tools over an answerer."""
    # At INFO the SDK logs what it tells the client, and so words of questions.
    logging.getLogger("mcp").setLevel(logging.WARNING)
    version = importlib.metadata.version("bulletin-bot")
    server = ToolServer("bulletin-bot", version=version, instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = BulletinTools(answerer)
    for tool in (tools.ask, tools.search, tools.passage):
        server.add_tool(tool, annotations=_READ_ONLY)
    return server


def serve_stdio(answerer: Answerer) -> None:
    """Serve on standard input and output, until the input ends; nothing else is written there."""
    tool_server(answerer).run()
