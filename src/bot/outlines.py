"""What was read from files: a tree for a person, JSON lines for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from rich.markup import escape
from rich.tree import Tree

from retrieval.types import Finding, Passage, Reading

_SNIPPET = 24


def outline_tree(reading: Reading) -> Tree:
    """The bulletins, their places and sections, and at the end what was unsure, with file and line."""
    root = Tree(f"{len(reading.passages)} passages")
    for (file, bulletin), passages in groupby(
        reading.passages, key=lambda passage: (passage.file, passage.bulletin)
    ):
        branch = root.add(f"[bold]{escape(bulletin)}[/bold]  [dim]{escape(file)}[/dim]")
        for place, item in groupby(passages, key=lambda passage: passage.place_name):
            leaf = branch.add(f"[cyan]{escape(place or '—')}[/cyan]")
            for passage in item:
                leaf.add(_line(passage))
    for finding in reading.findings:
        root.add(f"[yellow]{escape(finding_text(finding))}[/yellow]")
    return root


def outline_json_lines(reading: Reading) -> Iterator[str]:
    """A JSON object a passage, in the order of the text."""
    for passage in reading.passages:
        fields = {
            "passage_id": passage.passage_id,
            "file": passage.file,
            "line": passage.line,
            "bulletin": passage.bulletin,
            "place": asdict(passage.place) if passage.place else None,
            "section": passage.section,
            "section_path": [section.full for section in passage.section_path],
            "heading": passage.heading,
            "text": passage.text,
        }
        yield json.dumps(fields, ensure_ascii=False)


def finding_text(finding: Finding) -> str:
    """File, line and what to look at, on one line."""
    line = f", line {finding.line}" if finding.line else ""
    return f"{finding.file}{line}: {finding.message}"


def _line(passage: Passage) -> str:
    path = " → ".join(section.full for section in passage.section_path) or "導語"
    return f"{escape(path)}  [dim]{escape(passage.text[:_SNIPPET])}…[/dim]"
