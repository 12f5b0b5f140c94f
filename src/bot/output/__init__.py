"""Answers and outlines as JSON and plain text.

In: data types of retrieval. Out: text for programs and terminals.
"""

from bot.output.html_to_text import render
from bot.output.json_output import answer_json, hits_json, json_line
from bot.output.outline import finding_text, left_out_text, outline_json_lines, outline_tree
from bot.output.printable import printable, terminal

__all__ = [
    "answer_json",
    "finding_text",
    "hits_json",
    "json_line",
    "left_out_text",
    "outline_json_lines",
    "outline_tree",
    "printable",
    "render",
    "terminal",
]
